"""Catalogues of any size, made alike every time, compiled once and kept.

Each begins with the starter catalogue, so that articles find something, and is filled with invented entities, or with
the real names of the optional data folder and, past those, with recombinations of their words.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import orjson

from bench.names import invent
from streams.catalog.compile import compile_snapshot
from streams.catalog.load import unite_all
from streams.catalog.names import names_of
from streams.catalog.records import Record
from streams.catalog.snapshot_format import folding_name
from streams.catalog.sources.jsonl import read_entities
from streams.catalog.starter import read_starter, starter_path
from streams.events.entity import Alias, Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["CACHE", "ROOT", "UNION", "catalogue", "compiled", "digest_of", "generated", "grown", "names_in", "real"]

ROOT: Final = Path(__file__).resolve().parents[1]
"""The repository."""

CACHE: Final = ROOT / ".cache" / "bench"
"""Compiled catalogues and other things that can be made anew."""

UNION: Final = ROOT.parent / "shared" / "data" / "linking" / "catalogs" / "public-union.jsonl.gz"
"""Real names, where the optional data folder is present."""

_SEED: Final = 20_240_607
_FIRST_ID: Final = 900_000_000
# What a compiled catalogue depends on, beside its content.
_SOURCES: Final = (
    "bench/names.py",
    "bench/catalogues.py",
    "streams/catalog/compile.py",
    "streams/catalog/forms.py",
    "streams/catalog/matcher.py",
    "streams/catalog/names.py",
    "streams/catalog/snapshot_format.py",
    "streams/linking/arabic.py",
    "streams/linking/fold.py",
    "streams/linking/glyphs.py",
    "streams/linking/spelt.py",
    "streams/linking/stems.py",
    "streams/linking/transliterate.py",
    "streams/linking/trie_build.py",
    "streams/events/entity.py",
)


def generated(aliases: int) -> Iterator[Entity]:
    """Yield the starter catalogue and invented entities until they have ``aliases`` names between them."""
    yield from _filled(read_starter(), _invented(Random(_SEED)), aliases)


def grown(aliases: int) -> Iterator[Entity]:
    """Yield the starter catalogue and real entities, then recombined ones, until they have ``aliases`` names.

    Raises:
        InputError: The optional data folder is not there.
    """
    starter = read_starter()
    found = unite_all([*read_entities(UNION), *starter])
    first = [found.pop(entity.id) for entity in starter]
    others = list(found.values())
    random = Random(_SEED)
    random.shuffle(others)
    yield from _filled(first, _then(others, _recombined(others, random)), aliases)


def real() -> bool:
    """Whether the real names are there."""
    return UNION.is_file()


def catalogue(kind: str, aliases: int) -> Iterator[Entity]:
    """Yield the entities of the ``generated`` or the ``grown`` catalogue with ``aliases`` names."""
    return grown(aliases) if kind == "grown" else generated(aliases)


def names_in(entities: Iterable[Entity]) -> Iterator[tuple[str, str]]:
    """Yield every name with the id of its entity; what peers are given."""
    for entity in entities:
        for name in dict.fromkeys(name.text for name in names_of(entity)):
            yield name, entity.id


def compiled(kind: str, aliases: int, *, cache: Path = CACHE) -> Path:
    """Return the compiled catalogue, from ``cache`` where its content and the compiler are the same."""
    path = cache / f"{kind}-{aliases}-{digest_of(kind, aliases)}.snapshot"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        for old in cache.glob(f"{kind}-{aliases}-*.snapshot"):
            old.unlink()
        snapshot = compile_snapshot(Record(entity.id, entity) for entity in catalogue(kind, aliases))
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.writelines(snapshot.pieces)
        part.rename(path)
    return path


def digest_of(kind: str, size: int | str) -> str:
    """Return a digest of all that a compiled catalogue of a kind and a size depends on."""
    digest = hashlib.sha256(orjson.dumps([kind, size, folding_name()]))
    for path in [*(ROOT / source for source in _SOURCES), starter_path(), *([UNION] if kind == "grown" else [])]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _filled(first: Iterable[Entity], more: Iterable[Entity], aliases: int) -> Iterator[Entity]:
    left = aliases
    for entity in _then(first, more):
        if left <= 0:
            return
        left -= len({name.text for name in names_of(entity)})
        yield entity


def _then(first: Iterable[Entity], second: Iterable[Entity]) -> Iterator[Entity]:
    yield from first
    yield from second


def _invented(random: Random) -> Iterator[Entity]:
    number = _FIRST_ID
    while True:
        number += 1
        names = invent(random)
        labels, aliases = {}, {}
        for language, texts in (("en", names.latin), ("ar", names.arabic)):
            if len(texts) > 0:
                labels[language] = texts[0]
            if len(texts) > 1:
                aliases[language] = tuple(map(Alias, texts[1:]))
        yield _entity(number, names.type, labels, aliases, random)


def _recombined(entities: list[Entity], random: Random) -> Iterator[Entity]:
    """Yield entities whose names are the first words of one real name and the last words of another."""
    words = [(name.text.split(), name.language) for entity in entities for name in names_of(entity)]
    heads: dict[str, list[str]] = {}
    tails: dict[str, list[str]] = {}
    for parts, language in words:
        script = "ar" if "\u0600" <= parts[-1][:1] < "\u0700" else language
        heads.setdefault(script, []).append(" ".join(parts[: (len(parts) + 1) // 2]))
        tails.setdefault(script, []).append(" ".join(parts[len(parts) // 2 :]))
    languages = [language for parts, language in words[:100_000] if language in heads]
    number = _FIRST_ID
    while True:
        number += 1
        language = random.choice(languages)
        names = [
            f"{random.choice(heads[language])} {random.choice(tails[language])}"[:200]
            for _ in range(random.choice((1, 2, 3, 6)))
        ]
        aliases = {language: tuple(map(Alias, dict.fromkeys(names[1:])))} if len(names) > 1 else {}
        kind = random.choice(entities).type
        yield _entity(number, kind, {language: names[0]}, aliases, random)


def _entity(
    number: int, kind: str, labels: dict[str, str], aliases: dict[str, tuple[Alias, ...]], random: Random
) -> Entity:
    return Entity(
        id=f"Q{number}",
        type=kind,
        labels=labels,
        aliases=aliases,
        description=f"{kind} that was invented to measure with" if random.random() < 0.5 else None,
        prior=round(random.random() ** 3, 3) if random.random() < 0.7 else None,
        related=tuple(f"Q{_FIRST_ID + random.randint(1, 50_000)}" for _ in range(random.choice((0, 0, 2, 5)))),
    )
