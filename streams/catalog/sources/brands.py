"""Brands, operators and transit networks with their QIDs, from name-suggestion-index.

The npm package name-suggestion-index (BSD-3-Clause, data as well) is released every few weeks. Its file
``dist/json/nsi.json`` is read: from a tarball, from the unpacked package, by itself, or from a tarball that npm
fetches. Entries without a QID are left out, and flags, which stand for countries that other sources name better.
That all are organizations is inferred: the index does not say what a QID is.
"""

from __future__ import annotations

import re
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import IO, TYPE_CHECKING, Any, Final

import orjson

from streams.catalog.sources.origin import Given, Origin, Source, is_latin, is_name
from streams.errors import InputError
from streams.events.entity import Alias, Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NAME", "PACKAGE", "fetch_brands", "open_brands"]

NAME: Final = "brands"
PACKAGE: Final = "name-suggestion-index"

_QID: Final = re.compile(r"Q[1-9][0-9]{0,11}\Z")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}\Z")
_NO_LANGUAGE: Final = frozenset({"ref", "url", "iri"})
# Trees of the index: the tag of the QID, and the tags of names, labels first.
_TREES: Final = {
    "brands": ("brand:wikidata", ("brand", "name"), ("brand:short", "short_name", "official_name", "alt_name")),
    "operators": ("operator:wikidata", ("operator",), ("operator:short",)),
    "transit": ("network:wikidata", ("network",), ("network:short",)),
}
_JSON: Final = "dist/json/nsi.json"
_FETCH_SECONDS: Final = 300


@contextmanager
def fetch_brands() -> Iterator[Path]:
    """Fetch the package with npm, and yield its tarball, which is removed afterwards.

    Raises:
        InputError: npm is not there, or cannot fetch it.
    """
    npm = which("npm")
    if npm is None:
        raise InputError(
            f"npm, which fetches {PACKAGE}, is not on the search path.",
            remedy=f"Install it, or give the tarball or {_JSON} of {PACKAGE} as FILE.",
        )
    with tempfile.TemporaryDirectory(prefix="wasl-brands-") as folder:
        # Options before the name, and no scripts: a package is data here.
        command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, PACKAGE]
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_FETCH_SECONDS)  # noqa: S603
        except (OSError, subprocess.SubprocessError) as exc:
            raise InputError(
                f"npm cannot fetch {PACKAGE}: {exc}.", remedy=f"Give its tarball or {_JSON} as FILE."
            ) from exc
        yield next(Path(folder).glob("*.tgz"))


def open_brands(path: Path) -> Source:
    """Open the index.

    Args:
        path: The package's tarball, its unpacked folder, or its ``nsi.json``.

    Raises:
        InputError: It cannot be read, or is not the index.
    """
    remedy = f"Give the tarball of the npm package {PACKAGE}, its folder or its {_JSON}."
    try:
        document = orjson.loads(_bytes(path))
        trees, version = document["nsi"], str(document["_meta"]["version"])
        entities = _united(trees)
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise InputError(f"{path} cannot be read as {PACKAGE}: {exc!r}.", remedy=remedy) from exc
    return Source(Origin(NAME, version, "BSD-3-Clause"), entities)


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        return (path / _JSON).read_bytes()
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path.read_bytes()
    with tarfile.open(path) as archive:
        member: IO[bytes] | None = archive.extractfile(f"package/{_JSON}")
        if member is None:
            raise ValueError("it has no such file")
        return member.read()


def _united(trees: dict[str, Any]) -> list[Given]:
    """Return one entity a QID: chains stand in the index once for each kind of shop and for each script."""
    labels: dict[str, dict[str, str]] = {}
    aliases: dict[str, dict[str, dict[str, None]]] = {}
    for path in sorted(trees):
        tree = _TREES.get(path.partition("/")[0])
        if tree is None:
            continue
        qid_tag, label_tags, alias_tags = tree
        for item in trees[path].get("items", ()):
            tags = item["tags"]
            qid = tags.get(qid_tag, "")
            if _QID.match(qid) is None:
                continue
            known, others = labels.setdefault(qid, {}), aliases.setdefault(qid, {})
            for name, language in (*_names(tags, label_tags), *_names(tags, alias_tags)):
                others.setdefault(language, {})[name] = None
            for name, language in _names(tags, label_tags):
                known.setdefault(language, name)
    return [
        Given(_entity(qid, labels[qid], aliases[qid]), inferred=frozenset({"type"}))
        for qid in sorted(labels, key=lambda qid: int(qid[1:]))
        if len(aliases[qid]) > 0
    ]


def _entity(qid: str, labels: dict[str, str], names: dict[str, dict[str, None]]) -> Entity:
    # What stands somewhere under its language need not stand there without one.
    tagged = {name for language, found in names.items() if language not in ("und", "mul") for name in found}
    aliases = {
        language: tuple(
            Alias(name) for name in found if name != labels.get(language) and not (language == "und" and name in tagged)
        )
        for language, found in names.items()
    }
    return Entity(
        qid, "organization", labels, {language: found for language, found in aliases.items() if len(found) > 0}
    )


def _names(tags: dict[str, str], wanted: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for base in wanted:
        for tag in sorted(tags):
            text = tags[tag]
            if not is_name(text) or not (tag == base or tag.startswith(f"{base}:")):
                continue
            language = tag[len(base) + 1 :]
            if language == "":
                # Names of the place: in which language, nobody says.
                yield from ((part.strip(), "mul" if is_latin(part) else "und") for part in _parts(base, text))
            elif _LANGUAGE.match(language) is not None and language not in _NO_LANGUAGE:
                yield from ((part.strip(), language) for part in _parts(base, text))


def _parts(base: str, text: str) -> list[str]:
    # Several alternative names stand in one tag, between semicolons.
    return [part for part in text.split(";") if is_name(part.strip())] if base == "alt_name" else [text]
