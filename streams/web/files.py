"""The static files of the page, read once; there is no build step."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

__all__ = ["StaticFile", "load_files"]

_KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent.

    Attributes:
        kind: Its content type.
        plain: Its bytes.
        packed: The same, gzipped.
        tag: Its entity tag, quotes included.
    """

    kind: str
    plain: bytes
    packed: bytes
    tag: str


def load_files() -> dict[str, StaticFile]:
    """Return every static file by its name."""
    found = {}
    for entry in files("streams.web").joinpath("static").iterdir():
        kind = _KINDS.get(f".{entry.name.rpartition('.')[2]}")
        if kind is not None:
            plain = entry.read_bytes()
            tag = hashlib.sha256(plain).hexdigest()[:16]
            found[entry.name] = StaticFile(kind, plain, gzip.compress(plain, mtime=0), f'"{tag}"')
    return found
