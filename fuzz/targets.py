"""What is fuzzed: for each target its seeds, how inputs are made of them, and what must hold for every input.

A target's ``check`` returns whether the input was accepted, refuses with the errors that it names, and raises
anything else where a promise is broken.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fuzz.mutate import JsonMutator, TextMutator
from fuzz.snapshots import SnapshotMutator, check_snapshot, small_snapshot
from streams.catalog.records import decode_records, encode_records
from streams.catalog.redis_stream import decode_entry
from streams.catalog.snapshot import view_of
from streams.catalog.sources.jsonl import read_lines
from streams.catalog.starter import read_starter
from streams.errors import EntityError, EventError, SnapshotError, WaslError
from streams.events import article, change, dead, enriched, entity, unlinked
from streams.linking.enrich import link_article
from streams.linking.fold import fold, fold_text
from streams.linking.tag import tag
from streams.linking.text import Text

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from streams.catalog.snapshot import SnapshotView

__all__ = ["ROOT", "TARGETS", "BrokenPromiseError", "Target", "seeds_of"]

ROOT: Final = Path(__file__).resolve().parents[1]
_CORPUS: Final = ROOT / "fuzz" / "corpus"
_LARGEST_SEED: Final = 8_192
_CATALOGUE: Final = 400


class BrokenPromiseError(Exception):
    """An input for which something does not hold that must hold for every input."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is fuzzed.

    Attributes:
        name: Its name, and that of its folder in the corpus.
        examples: Folders of schemas/ whose examples are seeds as well.
        maker: Gives, for seeds and randomness, a function that makes inputs.
        check: Runs one input; returns whether it was accepted.
        refusals: The errors with which an input may be refused.
    """

    name: str
    examples: tuple[str, ...]
    maker: Callable[[Sequence[bytes], random.Random], Callable[[], bytes]]
    check: Callable[[bytes], bool]
    refusals: tuple[type[Exception], ...]


def seeds_of(target: Target) -> list[bytes]:
    """Return the seeds of a target: its corpus, and the examples of its schemas that are not large."""
    folders = [_CORPUS / target.name, *(ROOT / "schemas" / name / "examples" for name in target.examples)]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [data for path in files if len(data := path.read_bytes()) <= _LARGEST_SEED]


def _good(seeds: Sequence[bytes], check: Callable[[bytes], bool]) -> list[bytes]:
    """Return the seeds that are accepted."""
    good = []
    for seed in seeds:
        with suppress(WaslError):
            check(seed)
            good.append(seed)
    return good


def _json(check: Callable[[bytes], bool]) -> Callable[[Sequence[bytes], random.Random], Callable[[], bytes]]:
    return lambda seeds, chance: JsonMutator(seeds, chance, good=_good(seeds, check))


def _decoder(name: str, schema: str, decode: Callable[[bytes], Any], encode: Callable[[Any], bytes]) -> Target:
    def check(data: bytes) -> bool:
        value = decode(data)
        if decode(encode(value)) != value:
            raise BrokenPromiseError(f"{name}: writing and reading again gives something else")
        return True

    return Target(name, (schema,), _json(check), check, (EventError, EntityError))


def _check_records(data: bytes) -> bool:
    records = decode_records(data)
    if decode_records(encode_records(records)) != records:
        raise BrokenPromiseError("records: writing and reading again gives something else")
    return True


def _check_entry(data: bytes) -> bool:
    entry_id, _, rest = data.partition(b"\n")
    names = (b"change", b"records", b"version")
    fields = {name: value for name, value in zip(names, rest.split(b"\n"), strict=False) if value != b"-"}
    decode_entry(entry_id, fields)
    return True


def _check_lines(data: bytes) -> bool:
    refused: list[EntityError] = []
    try:
        return len(list(read_lines(io.BytesIO(data), "fuzz", on_error=refused.append))) > 0
    except (OSError, EOFError, zlib.error):
        # What `read_entities` makes an error of ours.
        return False


# --- Texts ------------------------------------------------------------------------------------------------


@cache
def _entities() -> tuple[Any, ...]:
    return tuple(found for _, found in zip(range(_CATALOGUE), read_starter(), strict=False))


@cache
def _names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in _entities() for name in one.labels.values()))


@cache
def _view() -> SnapshotView:
    from streams.catalog.records import Record  # noqa: PLC0415 - what its name says, only here

    return view_of(Record(one.id, one) for one in _entities())


def _texts(seeds: Sequence[bytes], chance: random.Random) -> Callable[[], bytes]:
    mutate = TextMutator([seed.decode("utf-8", "surrogatepass") for seed in seeds], _names(), chance)
    return lambda: mutate().encode("utf-8", "surrogatepass")


def _text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _valid_text_of(data: bytes) -> str:
    """Return a text as articles may have it: no decoder lets a lone surrogate through."""
    return data.decode("utf-8", "replace")


def _check_fold(data: bytes) -> bool:
    text = _text_of(data)
    folded = fold(text)
    length, last = len(folded.text), 0
    for low in range(0, length, 1 + length // 40):
        start, end = folded.span(low, low + 1)
        if not last <= start <= end <= len(text):
            raise BrokenPromiseError(f"fold: position {low} comes from {start}:{end} of {len(text)}")
        last = start
    if fold_text(folded.text) != folded.text.strip(" "):
        raise BrokenPromiseError("fold: folding again gives something else")
    return True


def _check_match(data: bytes) -> bool:
    text = _valid_text_of(data)
    view = _view()
    for span in tag(Text("body", text, "ar"), view, "ar"):
        if not 0 <= span.start < span.end <= len(text) or text[span.start : span.end] != span.surface:
            raise BrokenPromiseError(f"match: {span.start}:{span.end} is not {span.surface!r}")
    return True


def _check_link(data: bytes) -> bool:
    title, _, body = _valid_text_of(data).partition("\n")
    raw = article.RawArticle("fuzz", title[: article.MAX_TITLE], body)
    links = link_article(raw, _view())
    document = enriched.EnrichedArticle(
        raw, links.language, links.mentions, links.entities, enriched.Linker("w", "1"), "v", "2026-01-31T09:30:00Z"
    )
    # Reading checks every offset against the text, and every other rule of the event.
    if enriched.decode_enriched_article(enriched.encode_enriched_article(document)) != document:
        raise BrokenPromiseError("link: writing and reading again gives something else")
    return True


def _snapshots(seeds: Sequence[bytes], chance: random.Random) -> Callable[[], bytes]:
    return SnapshotMutator([small_snapshot(), *seeds], chance)


def _one_line(seed: bytes) -> bytes:
    return seed.replace(b"\n", b" ")


def _lists(seeds: Sequence[bytes], chance: random.Random) -> Callable[[], bytes]:
    """Make lists of records, from lists and from entities."""
    entities = [b'[{"id":"Q1","entity":%b,"retired":false}]' % seed for seed in _good(seeds, _is_entity)]
    lists = _good(seeds, _check_records)
    return JsonMutator([*seeds, *entities], chance, good=[*lists, *_good(entities, _check_records)])


def _lines(seeds: Sequence[bytes], chance: random.Random) -> Callable[[], bytes]:
    """Make files of two lines, one in eight gzipped or nearly."""
    seeds = [_one_line(seed) for seed in seeds]
    mutate = JsonMutator(seeds, chance, good=_good(seeds, _is_entity))

    def make() -> bytes:
        lines = b"%b\n%b\n" % (mutate(), mutate())
        dice = chance.random()
        if dice > 0.125:
            return lines
        packed = gzip.compress(lines, 1, mtime=0)
        at = int(chance.random() * len(packed))
        return packed if dice > 0.06 else packed[:at] + bytes((int(chance.random() * 256),)) + packed[at + 1 :]

    return make


def _is_entity(data: bytes) -> bool:
    entity.decode_entity(data)
    return True


def _is_change(data: bytes) -> bool:
    change.decode_change(data)
    return True


def _entries(seeds: Sequence[bytes], chance: random.Random) -> Callable[[], bytes]:
    """Make entries of the change stream, as lines: id, change, records, version."""
    seeds = [_one_line(seed) for seed in seeds]
    good = _good(seeds, _is_change)
    mutate = JsonMutator(seeds, chance, good=good)
    states = [json.dumps([{"id": "Q1", "redirect": "Q2"}]).encode(), b"[]"]
    records = JsonMutator(states, chance)
    ids = (b"1-0", b"0-1", b"", b"-", b"x", b"-1-0", b"9" * 30, b"9" * 5000, b"\xff", "٣-0".encode())

    def make() -> bytes:
        pick = int(chance.random() * 80)
        version = {30: b"-", 31: b"\xff", 32: b""}.get(pick, b"sha-0123456789ab")
        entry = mutate() if pick % 2 == 0 else good[int(chance.random() * len(good))]
        return b"\n".join(
            (
                ids[pick] if pick < len(ids) else b"7-0",
                b"-" if pick == 33 else _one_line(entry),
                b"-" if pick == 34 else (_one_line(records()) if pick > 50 else states[pick % 2]),
                version,
            )
        )

    return make


TARGETS: Final[dict[str, Target]] = {
    target.name: target
    for target in (
        _decoder("raw-article", "raw-article", article.decode_raw_article, article.encode_raw_article),
        _decoder(
            "enriched-article", "enriched-article", enriched.decode_enriched_article, enriched.encode_enriched_article
        ),
        _decoder("dead-letter", "dead-letter", dead.decode_dead_letter, dead.encode_dead_letter),
        _decoder("unlinked-name", "unlinked-name", unlinked.decode_unlinked_name, unlinked.encode_unlinked_name),
        _decoder("catalog-entity", "catalog-entity", entity.decode_entity, entity.encode_entity),
        _decoder("catalog-change", "catalog-change", change.decode_change, change.encode_change),
        Target("records", ("catalog-entity",), _lists, _check_records, (SnapshotError,)),
        Target("change-entry", ("catalog-change",), _entries, _check_entry, (EventError, SnapshotError)),
        Target("catalog-lines", ("catalog-entity",), _lines, _check_lines, (EntityError,)),
        Target("snapshot", (), _snapshots, check_snapshot, (SnapshotError,)),
        Target("fold", (), _texts, _check_fold, ()),
        Target("match", (), _texts, _check_match, ()),
        Target("link", (), _texts, _check_link, (WaslError,)),
    )
}
"""All targets by name."""
