"""Wikidata's JSON dump as a catalogue: read in constant memory on all cores, resumable, nothing lost unseen.

`streams.catalog.sources.wikidata.run` is its table of contents.
"""

from __future__ import annotations

__all__: list[str] = []
