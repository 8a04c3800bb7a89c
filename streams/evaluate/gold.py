"""Gold files: texts in which people marked what each name means, one document a line.

::

    {"id", "language"?, "title"?, "text", "evaluation_span"?,
     "gold": [{"start", "end", "surface", "entity_id", "also_accepted"?, "named", "optional", "coref", "phenomena"?}]}

Offsets are half-open, in code points of ``text``. A null ``entity_id`` is a name that no entity of the catalogue has.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.errors import EventError, InputError, SchemaError
from streams.events import read
from streams.events.article import MAX_BODY, MAX_ID, MAX_TITLE, RawArticle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["GoldDocument", "GoldMention", "read_gold", "read_lines"]

_GZIP: Final = b"\x1f\x8b"
_MAX_MARKS: Final = 100_000
_MAX_NAMES: Final = 1_000


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A marked mention; ``text[start:end] == surface``.

    Attributes:
        start: First code point.
        end: One past the last.
        surface: The text in between.
        entity_id: What it means; None where no entity of the catalogue is meant.
        also_accepted: Other ids that are right too.
        named: Whether it is a name, rather than a common noun.
        optional: Whether linking it is neither right nor wrong.
        coref: Whether it only refers back, like a pronoun; not scored either.
        phenomena: What makes it hard, as its author says.
    """

    start: int
    end: int
    surface: str
    entity_id: str | None
    also_accepted: tuple[str, ...] = ()
    named: bool = True
    optional: bool = False
    coref: bool = False
    phenomena: tuple[str, ...] = ()

    @property
    def span(self) -> tuple[int, int]:
        """Start and end."""
        return self.start, self.end

    @property
    def is_scored(self) -> bool:
        """Whether a link here can be right or wrong."""
        return not self.optional and not self.coref

    def accepts(self, entity_id: str | None) -> bool:
        """Whether a link to ``entity_id`` is right."""
        return self.entity_id is not None and entity_id in (self.entity_id, *self.also_accepted)


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text with its mentions marked.

    Attributes:
        id: Its id, unique in its file.
        language: BCP 47 tag, or None.
        title: Context that is linked and not scored; may be empty.
        text: The text.
        evaluated: Start and end of the part in which links are scored.
        mentions: The marks, in the order of the file.
    """

    id: str
    language: str | None
    title: str
    text: str
    evaluated: tuple[int, int]
    mentions: tuple[GoldMention, ...]

    @property
    def article(self) -> RawArticle:
        """The document as linking reads it."""
        return RawArticle(self.id, self.title, self.text, language=self.language)

    @property
    def by_span(self) -> dict[tuple[int, int], GoldMention]:
        """The marks by start and end; of several on the same span, the last."""
        return {mention.span: mention for mention in self.mentions}

    def covers(self, start: int, end: int) -> bool:
        """Whether a span lies in the part that is scored."""
        return start >= self.evaluated[0] and end <= self.evaluated[1]


def read_gold(path: Path) -> list[GoldDocument]:
    """Read a gold file, gzipped or not.

    Raises:
        InputError: It cannot be read, or a line breaks a rule; the message begins with ``file:line``.
    """
    documents: dict[str, GoldDocument] = {}
    for where, document in read_lines(path, _document):
        if document.id in documents:
            raise InputError(
                f"{where}: The id {document.id!r} stands in this file twice; ids tell documents apart.",
                remedy="Give each document an id of its own.",
            )
        documents[document.id] = document
    return list(documents.values())


def read_lines(path: Path, parse: Callable[[dict[str, Any]], Any]) -> Iterator[tuple[str, Any]]:
    """Yield ``file:line`` and what ``parse`` makes of each line's JSON object; blank lines are skipped.

    Raises:
        InputError: The file cannot be read, or a line breaks a rule; the message begins with ``file:line``.
    """
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error) as exc:
        raise InputError(f"{path} cannot be read: {exc}.", remedy="Name a JSONL file, gzip or not.") from exc
    for number, line in enumerate(data.split(b"\n"), start=1):
        if len(line.strip()) == 0:
            continue
        where = f"{path}:{number}"
        try:
            parsed = parse(read.decode_object(line, "line"))
        except EventError as exc:
            raise InputError(f"{where}: {exc.message}", remedy=exc.remedy) from exc
        yield where, parsed


def _document(source: dict[str, Any]) -> GoldDocument:
    language, title = source.get("language"), source.get("title")
    text = read.text(read.required(source, "text", "document"), "text", most=MAX_BODY)
    evaluated = source.get("evaluation_span")
    marks = read.required(source, "gold", "document")
    return GoldDocument(
        id=read.text(read.required(source, "id", "document"), "id", most=MAX_ID, least=1),
        language=None if language is None else read.language_tag(language, "language"),
        title="" if title is None else read.text(title, "title", most=MAX_TITLE),
        text=text,
        evaluated=(0, len(text)) if evaluated is None else _span(evaluated, "evaluation_span", len(text)),
        mentions=read.items(marks, "gold", lambda mark, where: _mention(mark, where, text), most=_MAX_MARKS),
    )


def _span(value: Any, where: str, length: int) -> tuple[int, int]:
    bounds = read.items(value, where, lambda item, at: read.whole(item, at, most=length), most=2)
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        raise SchemaError(
            f"{where} is {read.excerpt(value)}; two offsets are allowed, the smaller one first.", remedy="Correct it."
        )
    return bounds[0], bounds[1]


def _mention(value: Any, where: str, text: str) -> GoldMention:
    source = read.opaque(value, where)
    start = read.whole(read.required(source, "start", where), f"{where}.start", most=len(text))
    end = read.whole(read.required(source, "end", where), f"{where}.end", least=start + 1, most=len(text))
    surface = read.text(read.required(source, "surface", where), f"{where}.surface", most=MAX_BODY, least=1)
    if text[start:end] != surface:
        raise read.mismatch(where, "text", start, end, text[start:end], surface)
    entity_id = source["entity_id"] if "entity_id" in source else read.required(source, "entity_id", where)
    return GoldMention(
        start=start,
        end=end,
        surface=surface,
        entity_id=None if entity_id is None else read.text(entity_id, f"{where}.entity_id", most=MAX_ID, least=1),
        also_accepted=_names(source, "also_accepted", where),
        named=_flag(source, "named", where, default=True),
        optional=_flag(source, "optional", where, default=False),
        coref=_flag(source, "coref", where, default=False),
        phenomena=_names(source, "phenomena", where),
    )


def _names(source: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = source.get(name)
    return () if value is None else read.texts(value, f"{where}.{name}", most_items=_MAX_NAMES, most=MAX_ID)


def _flag(source: dict[str, Any], name: str, where: str, *, default: bool) -> bool:
    value = source.get(name, default)
    if not isinstance(value, bool):
        raise SchemaError(f"{where}.{name} is {read.excerpt(value)}; true or false is allowed.", remedy="Correct it.")
    return value
