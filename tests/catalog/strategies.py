"""Small catalogues for property tests: few ids and few names, so that they meet often."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from streams.events.change import CatalogChange
from streams.events.entity import Alias, Entity
from streams.events.types import ENTITY_TYPES

# A busy machine is no failure, and the server of a fixture is emptied by the tests themselves.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])

IDS = ("Q1", "Q2", "Q3", "Q10", "local:a", "local:b")
# Different spellings of few forms, in several scripts; some fold alike, some fold to nothing.
NAMES = (
    "Apple", "apple", "APPLE", "App", "Pineapple", "Ápple", "إنفيديا", "انفيديا", "إنـفيديا", "فيديا", "日", "日本",
    "日本銀行", "X", "x", "7", "ـ", "\u200f", "한", "한국", "Straße", "strasse", "a b", "a  b", "😀", "😀!", "n\u0303o",
)  # fmt: skip
LANGUAGES = ("en", "ar", "mul", "und", "pt-BR")

names = st.sampled_from(NAMES) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
ids = st.sampled_from(IDS)
aliases = st.builds(Alias, names, st.none() | st.integers(0, 2**53))


@st.composite
def entities(draw: st.DrawFn, entity_ids: st.SearchStrategy[str] = ids) -> Entity:
    entity_id = draw(entity_ids)
    labels = draw(st.dictionaries(st.sampled_from(LANGUAGES), names, max_size=3))
    tags = st.sampled_from(LANGUAGES)
    more = draw(st.dictionaries(tags, st.lists(aliases, min_size=1, max_size=3).map(tuple), max_size=2))
    if len(labels) == 0 and len(more) == 0:
        labels = {"en": draw(names)}
    return Entity(
        id=entity_id,
        type=draw(st.sampled_from(ENTITY_TYPES)),
        labels=labels,
        aliases=more,
        description=draw(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)),
        prior=draw(st.none() | st.floats(0, 1)),
        related=tuple(draw(st.lists(ids, max_size=3, unique=True))),
        external_ids=draw(
            st.dictionaries(
                st.sampled_from(["lei", "ticker"]),
                st.text("ABC", min_size=1, max_size=3) | st.tuples(st.just("A"), st.just("B")),
                max_size=2,
            )
        ),
    )


@st.composite
def changes(draw: st.DrawFn) -> CatalogChange:
    action = draw(st.sampled_from(["set", "set", "retire", "merge"]))
    entity_id = draw(ids)
    return CatalogChange(
        action=action,
        entity_id=entity_id,
        entity=draw(entities(st.just(entity_id))) if action == "set" else None,
        into=draw(ids) if action == "merge" else None,
        author=draw(st.none() | st.just("editor")),
    )


def catalogues(max_size: int = 6) -> st.SearchStrategy[list[Entity]]:
    return st.lists(entities(), max_size=max_size, unique_by=lambda entity: entity.id)


texts = st.lists(names | st.sampled_from([" ", ", ", "و"]), max_size=8).map("".join)
