"""The rules of splits, blocks and boosts, on a store in memory."""

from __future__ import annotations

import pytest

from streams.catalog.marks import NO_MARKS
from streams.catalog.memory import MemoryStore
from streams.catalog.overlay import OverlayView
from streams.catalog.snapshot import view_of
from streams.errors import ConflictError, EditError, MergeError, UnknownEntityError
from streams.events.article import RawArticle
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.entity import Alias, Entity
from streams.linking.enrich import link_article

_JENSEN = Entity("Q305177", "person", {"en": "Jensen Huang", "ar": "جنسن هوانغ"}, prior=0.8)
_GOOGLE = Entity(
    "Q95",
    "organization",
    {"en": "Google", "ar": "غوغل"},
    {"en": (Alias("Google Cloud", 7), Alias("GCP")), "ar": (Alias("غوغل كلاود"),)},
    description="search",
    prior=0.9,
    external_ids={"ticker": "GOOG"},
)


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.put_many([_JENSEN, _GOOGLE, Entity("Q1", "place", {"en": "Somewhere"})])
    return store


def _linked(store: MemoryStore, text: str) -> list[tuple[str, str | None]]:
    links = link_article(RawArticle("a", "", text), OverlayView(view_of(store.records())))
    return [(mention.surface, mention.entity_id) for mention in links.mentions]


def _split(**names: tuple[str, ...]) -> CatalogEdit:
    return CatalogEdit("split", "Q95", into="local:cloud", names=names)


def test_a_split_divides_names_counts_and_nothing_else(store: MemoryStore) -> None:
    store.apply(CatalogChange("merge", "Q1", into="Q95"))
    store.apply(_split(en=("GCP", "Google Cloud"), ar=("غوغل كلاود",)))
    assert store.get("local:cloud") == Entity(
        "local:cloud",
        "organization",
        {"en": "GCP", "ar": "غوغل كلاود"},
        {"en": (Alias("Google Cloud", 7),)},
    )
    stays = store.get("Q95")
    assert stays is not None
    assert (stays.labels, stays.description, stays.prior) == (_GOOGLE.labels, "search", 0.9)
    assert stays.aliases == {"en": (Alias("Somewhere"),)}
    assert store.find("gcp") == ("local:cloud",)
    # What was merged before redirects for ever, wherever its names go.
    assert store.redirects() == {"Q1": "Q95"}


def test_a_label_that_moves_is_a_label_again_and_its_count_is_kept(store: MemoryStore) -> None:
    store.apply(_split(en=("Google",)))
    entity = store.get("local:cloud")
    assert entity is not None
    assert entity.labels == {"en": "Google"}
    store.apply(_split(en=("Google Cloud",)))
    entity = store.get("local:cloud")
    assert entity is not None
    assert entity.aliases == {"en": (Alias("Google Cloud", 7),)}


def test_a_split_takes_the_type_that_is_given(store: MemoryStore) -> None:
    store.apply(CatalogEdit("split", "Q95", into="local:cloud", type="product", names={"en": ("GCP",)}))
    entity = store.get("local:cloud")
    assert entity is not None
    assert entity.type == "product"


@pytest.mark.parametrize(
    ("before", "edit", "error", "words"),
    [
        ([], CatalogEdit("block", "Q9", alias="x"), UnknownEntityError, "No entity has the id Q9"),
        ([CatalogChange("merge", "Q1", into="Q95")], CatalogEdit("block", "Q1", alias="x"), MergeError, "Edit Q95"),
        ([], CatalogEdit("block", "Q1", alias="\u200f"), EditError, "nothing of it is left"),
        ([], CatalogEdit("split", "Q95", into="Q95", names={"en": ("GCP",)}), EditError, "into itself"),
        ([], _split(en=("Alphabet",)), EditError, "Q95 has no name 'Alphabet' in en"),
        ([], _split(de=("Google",)), EditError, "Q95 has no name 'Google' in de"),
        (
            [],
            _split(en=("Google", "Google Cloud", "GCP"), ar=("غوغل", "غوغل كلاود")),
            EditError,
            "takes every name of Q95",
        ),
        (
            [CatalogChange("retire", "Q1")],
            CatalogEdit("split", "Q95", into="Q1", names={"en": ("GCP",)}),
            MergeError,
            "Q1 is retired",
        ),
        (
            [CatalogChange("merge", "Q1", into="Q305177")],
            CatalogEdit("split", "Q95", into="Q1", names={"en": ("GCP",)}),
            MergeError,
            "Q1 was merged into Q305177",
        ),
    ],
)
def test_what_is_refused(
    store: MemoryStore, before: list[CatalogChange], edit: CatalogEdit, error: type[Exception], words: str
) -> None:
    for earlier in before:
        store.apply(earlier)
    state = list(store.records())
    with pytest.raises(error, match=words):
        store.apply(edit)
    assert list(store.records()) == state


@pytest.mark.parametrize("form", ["google", "GOOGLE", "Google,"])
def test_a_blocked_form_never_links_and_an_import_does_not_bring_it_back(store: MemoryStore, form: str) -> None:
    text = "Google said so. GCP too, and غوغل."
    assert ("Google", "Q95") in _linked(store, text)
    store.apply(CatalogEdit("block", "Q95", alias=form))
    assert ("Google", "Q95") not in _linked(store, text)
    assert ("GCP", "Q95") in _linked(store, text)
    assert store.find("google") == ()
    store.put_many([_GOOGLE])
    assert ("Google", "Q95") not in _linked(store, text)
    store.apply(CatalogEdit("unblock", "Q95", alias="google"))
    assert ("Google", "Q95") in _linked(store, text)
    assert store.find("google") == ("Q95",)


def test_a_blocked_form_is_no_short_form_and_no_variant_of_another_name(store: MemoryStore) -> None:
    short = "Jensen Huang spoke on Monday. Huang said more."
    assert ("Huang", "Q305177") in _linked(store, short)
    store.apply(CatalogEdit("block", "Q305177", alias="Huang"))
    assert ("Huang", "Q305177") not in _linked(store, short)
    variant = "قال جنسن هوانج ذلك."
    assert ("جنسن هوانج", "Q305177") in _linked(store, variant)
    store.apply(CatalogEdit("block", "Q305177", alias="جنسن هوانج"))
    assert ("جنسن هوانج", "Q305177") not in _linked(store, variant)
    assert ("جنسن هوانغ", "Q305177") in _linked(store, "قال جنسن هوانغ ذلك.")


def test_a_boost_decides_between_namesakes_and_outlives_an_import(store: MemoryStore) -> None:
    rival = Entity("Q2", "organization", {"en": "Google"}, prior=0.1)
    store.put_many([rival])
    text = "Google said so."
    assert _linked(store, text) == [("Google", "Q95")]
    store.apply(CatalogEdit("boost", "Q2", alias="google", count=100_000))
    store.put_many([rival])
    assert _linked(store, text) == [("Google", "Q2")]
    store.apply(CatalogEdit("boost", "Q2", alias="google"))
    assert _linked(store, text) == [("Google", "Q95")]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (CatalogEdit("unblock", "Q95", alias="gcp"), "'gcp' is not blocked for Q95"),
        (CatalogEdit("boost", "Q95", alias="gcp"), "'gcp' of Q95 is not boosted"),
        (CatalogEdit("boost", "Q95"), "Q95 is not boosted"),
        (CatalogEdit("boost", "Q95", alias="Nope", count=3), "Q95 does not go by 'Nope'"),
    ],
)
def test_an_edit_that_would_change_nothing_is_refused(store: MemoryStore, edit: CatalogEdit, message: str) -> None:
    before = store.stats()
    with pytest.raises(EditError, match=message):
        store.apply(edit)
    assert store.stats() == before


def test_a_boost_is_taken_back_also_where_the_name_is_gone(store: MemoryStore) -> None:
    store.apply(CatalogEdit("boost", "Q95", alias="GCP", count=3))
    store.put_many([Entity("Q95", "organization", {"en": "Google"})])
    store.apply(CatalogEdit("boost", "Q95", alias="GCP"))
    record = store.record("Q95")
    assert record is not None
    assert record.marks == NO_MARKS


def test_an_entity_has_the_prior_that_an_editor_gave_it(store: MemoryStore) -> None:
    def prior() -> float | None:
        view = view_of(store.records())
        number = view.entity("Q95")
        assert number is not None
        return view.card(number).prior

    store.apply(CatalogEdit("boost", "Q95", prior=0.25))
    store.put_many([_GOOGLE])
    assert prior() == 0.25
    entity = store.get("Q95")
    assert entity is not None
    assert entity.prior == 0.9
    store.apply(CatalogEdit("boost", "Q95"))
    assert prior() == 0.9


def test_who_expects_another_revision_is_told_who_changed_it_and_when(store: MemoryStore) -> None:
    store.apply(
        CatalogEdit("block", "Q95", alias="x", author="ann", reason="a letter", changed_at="2026-01-31T09:30:00Z"),
        expect=None,
    )
    with pytest.raises(ConflictError, match=r"by ann at 2026-01-31T09:30:00Z \(block: a letter\).*--expect"):
        store.apply(CatalogChange("retire", "Q95"), expect="000000000000")
    with pytest.raises(ConflictError, match="Q95 is at revision"):
        store.apply(CatalogChange("set", "Q95", entity=_GOOGLE), expect="none")
    store.apply(CatalogChange("set", "local:new", entity=Entity("local:new", "other", {"en": "x y"})), expect="none")
