"""Small catalogues for the tests of linking, in every form in which linking meets one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streams.catalog
from streams.catalog.load import load_view
from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.events.article import RawArticle
from streams.events.entity import Alias, Entity
from streams.linking.enrich import link_article
from streams.linking.tag import tag
from streams.linking.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.catalog.view import CatalogView
    from streams.linking.links import Links
    from streams.linking.span import Span

# An entity that no text of a test names: what a snapshot holds before the first entity comes.
OTHER = Entity("Q999999", "other", {"en": "Zyxwvutsrq"})


def entity(entity_id: str, type_: str, *names: str, **fields: object) -> Entity:
    """Return an entity; the first name is its label in English, and in Arabic the first in that script."""
    labels: dict[str, str] = {}
    more: dict[str, list[Alias]] = {}
    for name in names:
        language = "ar" if any("\u0600" <= char < "\u0700" for char in name) else "en"
        if language in labels:
            more.setdefault(language, []).append(Alias(name))
        else:
            labels[language] = name
    aliases = {language: tuple(listed) for language, listed in more.items()}
    return Entity(entity_id, type_, labels, aliases, **fields)


def named(*names: str, type_: str = "other") -> Entity:
    """Return the entity Q1 with these names, in no particular language."""
    return Entity("Q1", type_, {"mul": names[0]}, {"mul": tuple(map(Alias, names[1:]))} if len(names) > 1 else {})


def compiled(entities: Iterable[Entity]) -> CatalogView:
    """A snapshot that was compiled from all of it."""
    return view_of(Record(each.id, each) for each in (OTHER, *entities))


def live(entities: Iterable[Entity]) -> CatalogView:
    """A snapshot of something else, and all of it added since."""
    return OverlayView(view_of([Record(OTHER.id, OTHER)])).with_records(Record(each.id, each) for each in entities)


def changed(entities: Iterable[Entity]) -> CatalogView:
    """A snapshot of the same ids under another name, and all of them changed since."""
    entities = list(entities)
    before = [Record(each.id, Entity(each.id, "other", {"en": f"Qrstuvwxyz {each.id}"})) for each in entities]
    base = view_of([Record(OTHER.id, OTHER), *before])
    return OverlayView(base).with_records(Record(each.id, each) for each in entities)


VARIANTS = {"compiled": compiled, "live": live, "changed": changed}


@cache
def starter() -> CatalogView:
    """The starter catalogue."""
    return load_view([Path(streams.catalog.__file__).parent / "starter" / "catalog.jsonl"])


def tagged(view: CatalogView, text: str, language: str) -> list[Span]:
    return tag(Text("body", text, language), view, language)


def surfaces(view: CatalogView, text: str, language: str) -> list[str]:
    """What of ``text`` stands there as a word and is a name of the catalogue, in order."""
    return [span.surface for span in tagged(view, text, language)]


def link(view: CatalogView, body: str, *, title: str = "", language: str | None = None) -> Links:
    return link_article(RawArticle("a1", title, body, language=language), view)


def linked(links: Links) -> list[tuple[str, str]]:
    """Surface and id of each linked mention."""
    return [(mention.surface, mention.entity_id) for mention in links.mentions if mention.entity_id is not None]


def unlinked(links: Links) -> list[str]:
    return [mention.surface for mention in links.mentions if mention.entity_id is None]
