"""How often running text makes the linker see a name where there is none.

``python -m streams.evaluate.treebank FILE.conllu --catalog CATALOGUE`` links each sentence of a treebank, in the format
CoNLL-U of Universal Dependencies, and counts the links, and the names that are reported as unlinked, that touch no
proper noun. Small catalogues hide such links, and gold sets that mark one name a text do not count them.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.catalog.load import load_view
from streams.errors import InputError
from streams.events.article import RawArticle
from streams.linking.enrich import link_article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.view import CatalogView

__all__ = ["Sentence", "Tally", "main", "read_sentences", "tallied"]

_TEXT: Final = "# text = "
_PROPER: Final = frozenset({"PROPN", "X"})
_COLUMNS: Final = 10
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a treebank.

    Attributes:
        text: The sentence.
        proper: Where its proper nouns, and what is of no part of speech, begin and end in it.
    """

    text: str
    proper: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Tally:
    """What was found in some sentences.

    Attributes:
        count: How many mentions.
        false: How often which surface, with its id or None, touches no proper noun.
    """

    count: int
    false: Counter[tuple[str, str | None]]


def read_sentences(path: Path) -> Iterator[Sentence]:
    """Read a file in CoNLL-U.

    Raises:
        InputError: It cannot be read, or a sentence is not in the format; the message begins with its place.
    """
    try:
        blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path} cannot be read: {exc}.", remedy="Name a file in CoNLL-U, in UTF-8.") from exc
    for number, block in enumerate(blocks, 1):
        try:
            yield _sentence(block.split("\n"))
        except ValueError as exc:
            raise InputError(f"{path}, sentence {number}: {exc}.", remedy="Name a file in CoNLL-U.") from exc


def _sentence(lines: list[str]) -> Sentence:
    text = next((line.removeprefix(_TEXT) for line in lines if line.startswith(_TEXT)), None)
    if text is None:
        raise ValueError(f"there is no line {_TEXT.strip()!r}")
    proper: list[tuple[int, int]] = []
    start = end = last = 0
    for line in lines:
        if line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != _COLUMNS:
            raise ValueError(f"a line has {len(columns)} columns, not {_COLUMNS}")
        number, form, part = columns[0], columns[1], columns[3]
        if "." in number:
            continue
        # Of words that are written as one, the line of all of them has the letters.
        if "-" in number or int(number) > last:
            found = text.find(form, end)
            if found < 0:
                raise ValueError(f"{form!r} does not stand in the text")
            start, end = found, found + len(form)
            last = int(number.rpartition("-")[2])
        if part in _PROPER:
            proper.append((start, end))
    return Sentence(text, tuple(proper))


def tallied(sentences: Iterable[Sentence], view: CatalogView) -> tuple[Tally, Tally]:
    """Link each sentence by itself, and return what is linked and what is reported as an unlinked name."""
    links, names = Tally(0, Counter()), Tally(0, Counter())
    for sentence in sentences:
        for mention in link_article(RawArticle("sentence", "", sentence.text), view).mentions:
            tally = names if mention.entity_id is None else links
            tally.count += 1
            if not any(start < mention.end and mention.start < end for start, end in sentence.proper):
                tally.false[mention.surface, mention.entity_id] += 1
    return links, names


def main() -> None:
    """Print the figures of each file, and what is linked most often without cause."""
    parser = argparse.ArgumentParser(prog="python -m streams.evaluate.treebank", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="treebanks in CoNLL-U")
    parser.add_argument("--catalog", required=True, type=Path, help="catalogue JSONL, gzip or not")
    options = parser.parse_args()
    view = load_view([options.catalog])
    for path in options.files:
        for what, tally in zip(("links", "unlinked names"), tallied(read_sentences(path), view), strict=True):
            false = tally.false.total()
            share = false / max(1, tally.count)
            sys.stdout.write(f"{path.name}: {tally.count} {what}, {false} of them on no proper noun ({share:.3f})\n")
            for (surface, entity_id), times in tally.false.most_common(_SHOWN):
                sys.stdout.write(f"  {times} × {surface} → {entity_id or '?'}\n")


if __name__ == "__main__":
    main()
