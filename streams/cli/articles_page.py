"""Enriched articles as one page that needs nothing else, with their mentions marked and linked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from streams.cli.render import printable
from streams.errors import EventError
from streams.events.enriched import FIELDS, decode_enriched_article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.events.enriched import EnrichedArticle, LinkedEntity, Mention
    from streams.kafka.consumer import StoredRecord

__all__ = ["article_page"]

_HEAD: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Enriched articles</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.7 system-ui, sans-serif; }
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
article { border-block-start: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding-block: 1rem; }
header { font-size: .85rem; opacity: .75; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: color-mix(in srgb, currentColor 12%, transparent); color: inherit; border-radius: .2em; }
mark a { color: inherit; text-decoration-thickness: 2px; }
mark.nil { outline: 1px dotted; background: none; }
ul { list-style: none; padding: 0; font-size: .9rem; display: flex; flex-wrap: wrap; gap: .3rem 1rem; }
</style>
<main>
<h1>Enriched articles</h1>
"""
_FOOT: Final = "</main>\n"


def article_page(records: Iterable[StoredRecord]) -> Iterator[str]:
    """Yield the parts of a page with the enriched articles among ``records``, each as it comes."""
    yield _HEAD
    for record in records:
        if record.value is None:
            continue
        try:
            article = decode_enriched_article(record.value)
        except EventError as exc:
            at = f"{record.topic}-{record.partition}-{record.offset}"
            yield f"<article><p>{_text(at)}: {_text(exc.message)}</p></article>\n"
        else:
            yield _article(article)
    yield _FOOT


def _article(found: EnrichedArticle) -> str:
    names = {entity.entity_id: entity.name for entity in found.entities}
    texts = {"title": found.article.title, "body": found.article.body}
    title, body = (
        _marked(texts[field], [each for each in found.mentions if each.field == field], names) for field in FIELDS
    )
    language = "" if found.language.code == "und" else f' lang="{_text(found.language.code)}"'
    return (
        f'<article{language}>\n<header lang="en"><bdi>{_text(found.article.article_id)}</bdi> · '
        f"{_text(found.language.code)} · catalogue {_text(found.catalog_version)}</header>\n"
        f'<h2 dir="auto">{title}</h2>\n<div class="text" dir="auto">{body}</div>\n'
        f"<ul>{''.join(map(_entity, found.entities))}</ul>\n</article>\n"
    )


def _marked(text: str, mentions: list[Mention], names: dict[str, str]) -> str:
    parts: list[str] = []
    done = 0
    for mention in mentions:
        parts.append(_text(text[done : mention.start]))
        surface = _text(text[mention.start : mention.end])
        if mention.entity_id is None:
            parts.append(f'<mark class="nil" title="not in the catalogue: {mention.type}">{surface}</mark>')
        else:
            told = f"{names.get(mention.entity_id, '')} · {mention.entity_id} · {mention.confidence:.2f}"
            parts.append(f'<mark title="{_text(told)}">{_linked(mention.entity_id, surface)}</mark>')
        done = mention.end
    parts.append(_text(text[done:]))
    return "".join(parts)


def _entity(entity: LinkedEntity) -> str:
    shown = _linked(entity.entity_id, f"<bdi>{_text(entity.name)}</bdi>")
    return f"<li>{shown} {entity.type} ×{entity.mention_count} {entity.salience:.2f}</li>"


def _linked(entity_id: str, inside: str) -> str:
    """Link to Wikidata what is an item there; an id of the catalogue's own leads nowhere."""
    if not entity_id.startswith("Q"):
        return inside
    return f'<a href="https://www.wikidata.org/wiki/{_text(entity_id)}" rel="noreferrer">{inside}</a>'


def _text(text: str) -> str:
    return escape(printable(text))
