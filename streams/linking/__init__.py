"""Linking: pure and deterministic, text and a catalogue view in, mentions and entities out.

`streams.linking.enrich` is this room's table of contents. Nothing here reads a file, a clock or a socket.
"""

from __future__ import annotations

__all__: list[str] = []
