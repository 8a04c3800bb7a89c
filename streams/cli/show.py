"""Records of every topic of Wasl, as people or programs want to see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from streams.cli.render import Style, isolated, mark, printable
from streams.cli.terminal import format_table
from streams.errors import EventError
from streams.events import article, dead, enriched, unlinked
from streams.events.envelope import read_envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.events.enriched import EnrichedArticle
    from streams.kafka.consumer import StoredRecord
    from streams.settings import TopicSettings

__all__ = ["show_article", "show_record"]


def show_record(record: StoredRecord, *, format_: str, colour: bool, topics: TopicSettings) -> str:
    """Return a record as text that ends with a newline.

    Which kind of event it is its headers say, or else its topic; what is of no kind is shown as it is, and a
    broken event as well, after a line that says so.

    Args:
        record: The record.
        format_: ``text``, ``table`` or ``jsonl``.
        colour: Whether to colour marks.
        topics: Which topic is for which kind of event.
    """
    if format_ == "jsonl":
        return _one_line(record.value)
    at = f"{record.topic}-{record.partition}-{record.offset}"
    if record.value is None:
        return f"{at}: tombstone of {_key(record.key)}\n"
    envelope = read_envelope(record.headers)
    show = _SHOWN.get("" if envelope is None else envelope.type, _of_topic(record.topic, topics))
    if show is None:
        return printable(_one_line(record.value))
    try:
        return show(record.value, format_ == "table", colour)
    except EventError as exc:
        return f"{at}: {exc.message}\n{printable(_one_line(record.value))}"


def show_article(found: EnrichedArticle, *, colour: bool) -> str:
    """Return an enriched article with its names marked, under a line that says which it is."""
    style = Style(colour=colour)
    fields = (("title", found.article.title), ("body", found.article.body))
    parts = [_heading(found)]
    for name, text in fields:
        if text != "":
            parts.append(
                mark(text, [mention for mention in found.mentions if mention.field == name], style).rstrip("\n")
            )
    return "\n".join(parts) + "\n\n"


def _heading(found: EnrichedArticle) -> str:
    linked = sum(1 for mention in found.mentions if mention.entity_id is not None)
    counts = f"{linked} linked, {len(found.mentions) - linked} unlinked"
    return f"── {isolated(found.article.article_id)} · {found.language.code} · {counts}"


def _enriched(data: bytes, as_table: bool, colour: bool) -> str:
    found = enriched.decode_enriched_article(data)
    if not as_table:
        return show_article(found, colour=colour)
    if len(found.entities) == 0:
        return f"{_heading(found)}\n\n"
    rows = [
        (entity.name, entity.type, entity.entity_id, str(entity.mention_count), f"{entity.salience:.2f}")
        for entity in found.entities
    ]
    columns = ("name", "type", "id", "mentions", "salience")
    return format_table(columns, rows, title=_heading(found), right=("mentions", "salience")) + "\n"


def _raw(data: bytes, _as_table: bool, _colour: bool) -> str:
    found = article.decode_raw_article(data)
    texts = "".join(f"{printable(text)}\n" for text in (found.title, found.body) if text != "")
    return f"── {isolated(found.article_id)}\n{texts}\n"


def _dead(data: bytes, _as_table: bool, _colour: bool) -> str:
    letter = dead.decode_dead_letter(data)
    origin, failure = letter.origin, letter.failure
    name = "an unknown article" if letter.article_id is None else isolated(letter.article_id)
    return (
        f"── {name} · {origin.topic}-{origin.partition}-{origin.offset} · {failure.code} · attempt {letter.attempts}\n"
        f"{printable(failure.message)}\n{printable(failure.remedy)}\n\n"
    )


def _unlinked(data: bytes, _as_table: bool, _colour: bool) -> str:
    name = unlinked.decode_unlinked_name(data)
    context = isolated(name.context.replace("\n", " "))
    return f"{isolated(name.name)}  {name.type}  ×{name.mention_count}  {isolated(name.article_id)}  {context}\n"


_SHOWN: Final[dict[str, Callable[[bytes, bool, bool], str]]] = {
    enriched.CE_TYPE: _enriched,
    article.CE_TYPE: _raw,
    dead.CE_TYPE: _dead,
    unlinked.CE_TYPE: _unlinked,
}


def _of_topic(name: str, topics: TopicSettings) -> Callable[[bytes, bool, bool], str] | None:
    return {topics.raw: _raw, topics.enriched: _enriched, topics.dead: _dead, topics.unlinked: _unlinked}.get(name)


def _one_line(value: bytes | None) -> str:
    """Return a value as one line of JSON; what is no JSON becomes a JSON string."""
    if value is None:
        return "null\n"
    try:
        document = orjson.loads(value)
    except orjson.JSONDecodeError:
        document = value.decode("utf-8", "replace")
    else:
        if b"\n" not in value:
            return value.decode() + "\n"
    return orjson.dumps(document).decode() + "\n"


def _key(key: bytes | None) -> str:
    return "no key" if key is None else isolated(key.decode("utf-8", "replace"))
