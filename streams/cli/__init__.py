"""The ``wasl`` command.

One file per verb, imported when the verb is called: ``wasl --help`` loads click and nothing else.
"""

from __future__ import annotations

from streams.cli.root import cli, main

__all__ = ["cli", "main"]
