"""Links texts of every script with the starter catalogue and prints what comes out, and by which form of the linker.

``python [-X wasl-interpreted] -m tests.support.native_corpus`` prints a line that says which, one with the digest of
the compiled catalogue, and then a line an article: its links and their explanations.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from random import Random
from typing import TYPE_CHECKING

import orjson

from streams.catalog.compile import compile_snapshot
from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.snapshot import SnapshotView
from streams.catalog.starter import read_starter
from streams.events.article import RawArticle
from streams.linking.enrich import explain_article, link_article
from streams.native import digest, form
from tests.linking.strategies import HARD

if TYPE_CHECKING:
    from collections.abc import Iterator

_GLUE = (
    " ", " ", " ", " ", "  ", "\n", ". ", "، ", "? ", "-", "/", "'s ", "’s ", "و", "ب", "ل", "لل", "ال", "وال", "s ",
    " and ", " of the ", " The ", " president ", " شركة ", " الكاتب ", "'da ", "의 ", "は", "シリーズ", "天", "@x ",
    "http://a.example/b ", "a@b.example ", "U.S. ", "Mr. ", "A1b2C3d4E5f6G7h8I9j0K ",
    "2.5 ", "(", ")", "“", "&", "_", ", ",
)  # fmt: skip
_LANGUAGES = (None, None, "ar", "en", "de", "tr", "ja", "ko", "zh", "th", "pt-BR", "nl", "fa")


def articles(count: int) -> Iterator[RawArticle]:
    """Yield the demonstration articles, and ``count`` texts of names and of what makes them hard to find."""
    lines = files("streams.embedded.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    for found in map(orjson.loads, lines):
        yield RawArticle(found["article_id"], found["title"], found["body"])
    random = Random(20_261_123)
    names = [name for entity in read_starter() for name in entity.labels.values()]
    for number in range(count):
        title, body = (_text(random, names, most) for most in (8, random.choice((5, 30, 120))))
        yield RawArticle(f"random-{number}", title, body, language=random.choice(_LANGUAGES))


def _text(random: Random, names: list[str], most: int) -> str:
    parts = []
    for _ in range(random.randrange(most)):
        name = random.choice(names)
        kinds = (name, name, name, name.upper(), name.lower(), name.split()[-1], random.choice(HARD), chr(0xFF + most))
        parts += [random.choice(kinds), random.choice(_GLUE), " " if random.random() < 0.5 else ""]
    return "".join(parts)


def main() -> None:
    """Print everything."""
    starter = read_starter()
    below = b"".join(compile_snapshot(Record(entity.id, entity) for entity in starter[::2]).pieces)
    view = OverlayView(SnapshotView(memoryview(below))).with_records(
        Record(entity.id, entity) for entity in starter[1::2]
    )
    sys.stdout.buffer.write(f"{form()}\n{digest(below)}\n".encode())
    for article in articles(200):
        found = [link_article(article, view), explain_article(article, view)]
        sys.stdout.buffer.write(orjson.dumps(found) + b"\n")


if __name__ == "__main__":
    main()
