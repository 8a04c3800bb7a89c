"""A catalogue and a linker that know three names: enough to tell a worker's behaviour from linking's."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.events.enriched import Language, LinkedEntity, Linker, Mention

if TYPE_CHECKING:
    from streams.events.article import RawArticle

LINKER = Linker("fake", "1")
_KNOWN = {"Nvidia": ("Q182477", "organization"), "القاهرة": ("Q85", "place")}
_NAMES = re.compile(r"Nvidia|القاهرة|Zarquon|POISON|HANG|HUGE")


class FakeView:
    """Stands for a catalogue; `fake_link` asks it for nothing but its version."""

    version = "fake-1"

    def scan(self, folded):
        return []

    def form(self, folded):
        return None

    def postings(self, form):
        return ()

    def card(self, entity):
        raise LookupError(entity)

    def entity(self, entity_id):
        return None


@dataclass(frozen=True)
class Found:
    name_key: str
    name: str
    type: str
    field: str
    start: int
    end: int
    mention_count: int
    context: str


@dataclass(frozen=True)
class FakeLinks:
    language: Language
    mentions: tuple[Mention, ...]
    entities: tuple[LinkedEntity, ...]
    unlinked: tuple[Found, ...]


def fake_link(article: RawArticle, catalog: FakeView, /) -> FakeLinks:
    """Link ``Nvidia`` and ``القاهرة``, find the unknown ``Zarquon``, and do harm on certain words."""
    mentions, unlinked = [], []
    for field, text in (("title", article.title), ("body", article.body)):
        for match in _NAMES.finditer(text):
            name, start, end = match.group(), match.start(), match.end()
            if name == "POISON":
                raise ZeroDivisionError("the linker has no \udcff for this")
            if name == "HANG":
                time.sleep(3600)
            elif name == "HUGE":
                return FakeLinks(Language("en", "detected"), tuple(_flood(text, start)), (), ())
            elif name == "Zarquon":
                unlinked.append(Found("zarquon", name, "person", field, start, end, 1, text[:100]))
                mentions.append(Mention(field, start, end, name, "person", None, 0.5))
            else:
                entity_id, kind = _KNOWN[name]
                mentions.append(Mention(field, start, end, name, kind, entity_id, 0.9))
    linked = [mention for mention in mentions if mention.entity_id is not None]
    entities = {
        mention.entity_id: LinkedEntity(mention.entity_id, mention.type, mention.surface, 1.0 / len(linked), 1, {})
        for mention in linked
    }
    return FakeLinks(
        Language(article.language or "en", "event" if article.language is not None else "detected"),
        tuple(mentions),
        tuple(entities.values()),
        tuple(unlinked[:1]),
    )


def _flood(text, start):
    """More mentions than any topic takes."""
    for _ in range(60_000):
        yield Mention("body", start, start + 4, "HUGE", "other", "Q1", 0.5)
