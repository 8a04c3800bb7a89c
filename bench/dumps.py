"""Wikidata dumps that nobody wrote: the real format line by line, with the real distribution of sizes, from a seed.

The shares and percentiles below were measured on 635 items of a stream of Wikidata's edits, which is close to what a
dump holds: half of all items have no sitelink, a line has 11.8 kB in the mean, and one in thirty-five is a class.
Statements come from a stock with references and hashes as they are in dumps, which fills lines fast and as deeply
nested as real ones. Ids lie far outside of Wikidata's, but for the classes that decide types.

``python -m bench.dumps COUNT FILE`` writes one; ``.zst``, ``.gz`` or plain by its name.
"""

from __future__ import annotations

import bisect
import gzip
import sys
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import IO, TYPE_CHECKING, Any, Final, cast

import orjson
import zstandard

from bench.names import invent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["FIRST_ID", "SEED", "dump_lines", "opened", "write_dump"]

SEED: Final = 20_261_123
"""Seed of the dumps that are measured with."""

FIRST_ID: Final = 900_000_000_000
"""Number before that of the first item: Wikidata has some hundred million items."""

_AT: Final = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
_LINE_BYTES: Final = (621, 3_233, 4_175, 6_297, 10_942, 24_969, 48_960, 92_997, 140_231)
_SITELINKS: Final = (0, 0, 0, 0, 1, 2, 3, 12, 169)
_LABELS: Final = (1, 1, 1, 2, 4, 5, 8, 32, 154)
_DESCRIPTIONS: Final = (0, 0, 0, 2, 10, 60, 60, 128, 128)
_CLASS_SHARE: Final = 0.028
_PROPERTIES: Final = 400
_STOCK: Final = 12
_LANGUAGES: Final = (
    "en ar nl fr de es it sv ast pt ru pl ca zh ja nb da fi uk tr cs hu ro fa ko he sl gl eu oc sk bg el id vi th hi"
    " bn ta te ml mr ur kk uz hy ka az et lv lt mk sr hr bs sq is ga cy br eo la mul"
).split()
# Humans, a country, a city, a business, a film: classes of the table, under which invented ones lie as well.
_ROOTS: Final = (5, 6256, 515, 4830453, 11424, 13442814, 16521, 1656682)


def dump_lines(count: int, seed: int = SEED) -> Iterator[bytes]:
    """Yield the lines of a dump of ``count`` items, brackets and commas included; the same call, the same bytes."""
    random = Random(seed)
    stock = _statements(random)
    classes = list(_ROOTS)
    yield b"[\n"
    for index in range(1, count + 1):
        number = FIRST_ID + index
        is_class = random.random() < _CLASS_SHARE
        line = _line(number, random, stock, classes, is_class=is_class)
        if is_class and len(classes) < 5_000:
            classes.append(number)
        yield line + (b",\n" if index < count else b"\n")
    yield b"]\n"


def write_dump(path: Path, count: int, seed: int = SEED) -> int:
    """Write a dump and return its size, uncompressed."""
    size = 0
    with opened(path) as file:
        for line in dump_lines(count, seed):
            size += len(line)
            file.write(line)
    return size


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing, compressed as its name says."""
    with path.open("wb") as raw:
        if path.suffix == ".zst":
            with zstandard.ZstdCompressor(level=1).stream_writer(raw, closefd=False) as writer:
                yield cast("IO[bytes]", writer)
        elif path.suffix == ".gz":
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1, mtime=0) as zipped:
                yield cast("IO[bytes]", zipped)
        else:
            yield raw


def _line(
    number: int, random: Random, stock: Sequence[tuple[str, Sequence[bytes]]], classes: Sequence[int], *, is_class: bool
) -> bytes:
    item_id = f"Q{number}"
    names = invent(random)
    label, arabic = names.latin[0] if names.latin else "Nameless", names.arabic
    labels = dict.fromkeys(_sample(random, _LABELS), label)
    if "ar" in labels and len(arabic) > 0:
        labels["ar"] = arabic[0]
    aliases = {"en": list(names.latin[1:])} if "en" in labels else {}
    text = f"{names.type} that was invented to measure with"
    head = {
        "type": "item",
        "id": item_id,
        "labels": {tag: {"language": tag, "value": value} for tag, value in labels.items()},
        "descriptions": {tag: {"language": tag, "value": text} for tag in _sample(random, _DESCRIPTIONS)},
        "aliases": {
            tag: [{"language": tag, "value": value} for value in texts] for tag, texts in aliases.items() if texts
        },
    }
    sites = {
        f"{tag}wiki": {"site": f"{tag}wiki", "title": label, "badges": []}
        for tag in _LANGUAGES[: _quantile(_SITELINKS, random.random())]
    }
    first = orjson.dumps(head)
    tail = (
        b',"sitelinks":'
        + orjson.dumps(sites)
        + b',"pageid":%d,"ns":0,"title":"%s","lastrevid":%d}'
        % (
            number,
            item_id.encode(),
            number,
        )
    )
    claims = [b'"P31":[%b]' % _item_statement("P31", random.choice(classes), number)]
    if is_class:
        claims.append(b'"P279":[%b]' % _item_statement("P279", random.choice(classes), number))
    left = _quantile(_LINE_BYTES, random.random()) - len(first) - len(tail) - sum(map(len, claims))
    at = random.randrange(len(stock))
    while left > 0:
        name, statements = stock[at % len(stock)]
        at += 1
        some = statements[: random.choice((1, 1, 1, 2, 4))]
        claim = b'"%b":[%b]' % (name.encode(), b",".join(some))
        claims.append(claim)
        left -= len(claim)
        if at % len(stock) == 0 and left > 0:
            # Every property was used: what is left goes into one long list.
            name = f"P{90_000 + at}"
            claims.append(b'"%b":[%b]' % (name.encode(), b",".join([statements[0]] * max(1, left // 700))))
            left = 0
    return first[:-1] + b',"claims":{' + b",".join(claims) + b"}" + tail


def _sample(random: Random, shares: Sequence[int]) -> list[str]:
    """Return languages, the usual ones more often."""
    count = min(_quantile(shares, random.random()), len(_LANGUAGES))
    start = 0 if random.random() < 0.8 else random.randrange(len(_LANGUAGES))
    return [_LANGUAGES[(start + step) % len(_LANGUAGES)] for step in range(count)]


def _quantile(values: Sequence[int], share: float) -> int:
    """Return the value at a share of the distribution, on a straight line between the known ones."""
    at = min(bisect.bisect_right(_AT, share), len(_AT) - 1)
    low, high = _AT[at - 1], _AT[at]
    return round(values[at - 1] + (values[at] - values[at - 1]) * (share - low) / (high - low))


def _item_statement(name: str, target: int, number: int) -> bytes:
    value = {"entity-type": "item", "numeric-id": target, "id": f"Q{target}"}
    return orjson.dumps(
        {
            "mainsnak": _snak(name, value, "wikibase-entityid", "wikibase-item"),
            "type": "statement",
            "id": f"Q{number}$2F0A8B53-0000-4000-8000-{number:012X}",
            "rank": "normal",
        }
    )


def _statements(random: Random) -> list[tuple[str, list[bytes]]]:
    """Return properties with statements: two in three have a reference, some have qualifiers."""
    stock = []
    for index in range(_PROPERTIES):
        name = f"P{10_000 + index}"
        stock.append((name, [orjson.dumps(_statement(name, index, random)) for _ in range(_STOCK)]))
    random.shuffle(stock)
    # Properties that an import looks at are as frequent as others.
    for at, name in enumerate(("P17", "P131", "P856", "P1566", "P108", "P27")):
        stock[at * 7] = (name, [_item_statement(name, FIRST_ID + random.randrange(1_000_000), at)])
    return stock


def _statement(name: str, index: int, random: Random) -> dict[str, Any]:
    kinds = (
        ("string", f"{random.getrandbits(60):x}", "external-id"),
        ("time", {"time": "+2019-04-02T00:00:00Z", "timezone": 0, "before": 0, "after": 0, "precision": 11}, "time"),
        ("wikibase-entityid", _target(random), "wikibase-item"),
        ("monolingualtext", {"text": invent(random).latin[:1] or "x", "language": "en"}, "monolingualtext"),
        ("quantity", {"amount": f"+{random.randrange(10**6)}", "unit": "1"}, "quantity"),
    )
    kind, value, datatype = kinds[index % len(kinds)]
    if kind == "monolingualtext" and isinstance(value, dict):
        value["text"] = str(value["text"][0])
    statement: dict[str, Any] = {
        "mainsnak": _snak(name, value, kind, datatype),
        "type": "statement",
        "id": f"Q{random.getrandbits(36)}${random.getrandbits(128):032X}",
        "rank": random.choices(("normal", "preferred", "deprecated"), (97, 2, 1))[0],
    }
    if random.random() < 0.2:
        snak = {**_snak("P580", kinds[1][1], "time", "time"), "hash": f"{random.getrandbits(160):040x}"}
        statement |= {"qualifiers": {"P580": [snak]}, "qualifiers-order": ["P580"]}
    if random.random() < 0.66:
        snaks = {
            "P248": [_snak("P248", _target(random), "wikibase-entityid", "wikibase-item")],
            "P813": [_snak("P813", kinds[1][1], "time", "time")],
        }
        statement["references"] = [
            {"hash": f"{random.getrandbits(160):040x}", "snaks": snaks, "snaks-order": list(snaks)}
        ]
    return statement


def _target(random: Random) -> dict[str, Any]:
    number = FIRST_ID + random.randrange(1, 1_000_000)
    return {"entity-type": "item", "numeric-id": number, "id": f"Q{number}"}


def _snak(name: str, value: Any, kind: str, datatype: str) -> dict[str, Any]:
    return {"snaktype": "value", "property": name, "datavalue": {"value": value, "type": kind}, "datatype": datatype}


if __name__ == "__main__":
    sys.stdout.write(f"{write_dump(Path(sys.argv[2]), int(sys.argv[1])):,} bytes\n")
