"""The contract of the store, over every adapter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.catalog.memory import MemoryStore
from streams.catalog.records import EMPTY_SUM, change_sum, version_name
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.store import Note, Request, rank_hits
from streams.errors import CatalogError, ConflictError, EmptyStoreError, EntityError, UnknownEntityError
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.entity import Alias, Entity
from streams.settings import RedisSettings
from tests.catalog.strategies import NAMES, catalogues, changes, ids, patient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.catalog.store import CatalogStore

NVIDIA = Entity("Q182477", "organization", {"en": "Nvidia", "ar": "إنفيديا"}, {"en": (Alias("NVDA", 3),)}, prior=0.9)
APPLE = Entity("Q312", "organization", {"en": "Apple"}, {"en": (Alias("Apple Inc."),)})
FRUIT = Entity("Q89", "other", {"en": "apple"}, {"en": (Alias("apples"), Alias("pineapple"))})


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> Iterator[CatalogStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    client = connect(RedisSettings(url=request.getfixturevalue("redis_url")))
    yield RedisStore(client, buckets=8)
    client.close()


def _set(entity: Entity) -> CatalogChange:
    return CatalogChange("set", entity.id, entity=entity)


def test_an_empty_store_knows_nothing(store: CatalogStore) -> None:
    assert store.get("Q1") is None
    assert store.record("Q1") is None
    assert store.find("x") == store.search("x") == ()
    assert list(store.records()) == store.changes_since(0) == []
    assert store.redirects() == {}
    assert store.version() == version_name(EMPTY_SUM)
    assert store.stats().sequence == 0


def test_what_was_imported_is_found(store: CatalogStore) -> None:
    report = store.put_many([FRUIT, NVIDIA, APPLE])
    assert (report.entities, report.redirected, report.retired) == (3, (), 0)
    assert store.get("Q182477") == NVIDIA
    assert store.find("انفيديا") == store.find("NVIDIA") == ("Q182477",)
    assert store.find("Apple") == ("Q312", "Q89")
    assert [record.id for record in store.records()] == ["Q182477", "Q312", "Q89"]
    stats = store.stats()
    assert (stats.entities, stats.names, stats.by_type) == (3, 8, {"organization": 2, "other": 1})
    assert stats.version == store.version() == report.version
    assert stats.sequence == report.sequence


def test_merges_go_live_in_the_same_step_as_the_import(store: CatalogStore) -> None:
    old = Entity("Q100", "organization", {"en": "Nvidia Corporation"})
    store.put_many([old, APPLE])
    store.apply(CatalogChange("merge", "Q312", into="Q100"))
    before = store.stats().sequence
    merges = [("Q100", "Q182477"), ("Q100", "Q89"), ("Q5", "Q89"), ("Q89", "Q6"), ("Q182477", "Q312")]
    staged = store.put_many([NVIDIA, FRUIT], merges=merges, stage=True)
    # Q100 is another's before its second turn; nobody knew Q5 and Q6; Q312 leads where Q182477 would go to.
    assert staged.merged == ("Q100",)
    assert store.find("nvidia corporation") == ("Q100",)
    assert store.stats().sequence == before
    store.promote(staged.build)
    assert store.stats().sequence == before + 1
    assert store.version() == staged.version
    assert store.redirects() == {"Q100": "Q182477", "Q312": "Q182477"}
    assert store.find("nvidia corporation") == store.find("apple inc.") == ("Q182477",)
    [change] = store.changes_since(before)
    assert change.change is None


def test_only_a_store_without_a_record_is_filled(store: CatalogStore) -> None:
    store.put_many([])
    report = store.fill([NVIDIA], note=Note("ann"))
    assert report is not None
    assert (report.entities, report.version) == (1, store.version())
    assert next(store.log()).note.author == "ann"
    store.apply(CatalogChange("retire", "Q182477"))
    before = store.stats()
    assert store.fill([NVIDIA, APPLE]) is None
    assert store.stats() == before


@pytest.mark.parametrize("stage", [False, True])
def test_what_editors_touched_since_an_import_was_worked_out_stays(store: CatalogStore, stage: bool) -> None:
    store.put_many([NVIDIA, APPLE, FRUIT])
    cut = store.stats().sequence
    edited = replace(NVIDIA, description="edited")
    store.apply(_set(edited))
    store.apply(CatalogChange("retire", "Q312"))
    worked_out = [replace(entity, prior=0.1) for entity in (NVIDIA, APPLE, FRUIT)]
    report = store.put_many(worked_out, cut=cut, stage=stage)
    if stage:
        store.promote(report.build)
    assert store.get("Q182477") == edited
    assert store.find("Apple") == ("Q89",)
    assert store.get("Q89") == worked_out[2]


_RAHAL = Entity("local:a", "organization", {"en": "Rahal"}, {"en": (Alias("Rahal Robotics"),)})
_RAHAL_INC = Entity("Q1", "organization", {"en": "Rahal Inc"})


@pytest.mark.parametrize(
    ("edit", "redirects"),
    [
        (CatalogChange("set", "Q1", entity=replace(_RAHAL_INC, description="edited")), {"local:b": "local:a"}),
        (CatalogChange("merge", "Q1", into="Q2"), {"local:b": "local:a", "Q1": "Q2"}),
        (CatalogChange("set", "local:a", entity=replace(_RAHAL, description="edited")), {"local:b": "local:a"}),
        (CatalogChange("merge", "local:a", into="Q2"), {"local:a": "Q2", "local:b": "Q2"}),
        (CatalogChange("set", "Q2", entity=NVIDIA), {"local:a": "Q1", "local:b": "Q1"}),
    ],
)
@pytest.mark.parametrize("stage", [False, True])
def test_an_import_merges_nothing_into_what_editors_touched_meanwhile(
    store: CatalogStore, edit: CatalogChange, redirects: dict[str, str], stage: bool
) -> None:
    known = [_RAHAL, _RAHAL_INC, replace(NVIDIA, id="Q2"), replace(_RAHAL, id="local:b")]
    store.put_many(known, merges=[("local:b", "local:a")])
    cut = store.stats().sequence
    edit = edit if edit.entity is None else replace(edit, entity=replace(edit.entity, id=edit.entity_id))
    store.apply(edit)
    united = replace(_RAHAL_INC, aliases={"en": (Alias("Rahal"), Alias("Rahal Robotics"))})
    report = store.put_many([united], merges=[("local:a", "Q1")], cut=cut, stage=stage)
    if stage:
        store.promote(report.build)
    else:
        assert report.merged == (("local:a",) if "local:a" in redirects and redirects["local:a"] == "Q1" else ())
    assert store.redirects() == redirects
    assert all(store.find(name) != () for name in ("Rahal", "Rahal Robotics", "Rahal Inc", "Nvidia"))
    assert all(store.get(entity_id) is not None for entity_id in ("local:a", "local:b", "Q1", "Q2"))
    before = store.version()
    assert store.put_many([]).version == before


def test_an_import_that_was_worked_out_from_another_build_is_refused(store: CatalogStore) -> None:
    store.put_many([NVIDIA])
    cut = store.stats().sequence
    store.put_many([APPLE])
    before = store.stats()
    with pytest.raises(ConflictError, match=r"Another version went live with change 2, .* from change 1"):
        store.put_many([FRUIT], cut=cut)
    assert store.stats() == before
    store.put_many([FRUIT], cut=before.sequence)


def test_what_an_import_brings_and_merges_follows_a_merge_of_editors(store: CatalogStore) -> None:
    store.put_many([NVIDIA, APPLE])
    cut = store.stats().sequence
    store.apply(CatalogChange("merge", "Q312", into="Q182477"))
    store.put_many([replace(APPLE, id="local:new")], merges=[("local:new", "Q312")], cut=cut)
    assert store.redirects() == {"Q312": "Q182477", "local:new": "Q182477"}
    assert store.get("local:new") == store.get("Q182477")


@pytest.mark.parametrize("stage", [False, True])
def test_what_is_beside_the_catalogue_is_written_by_no_import_that_is_refused(store: CatalogStore, stage: bool) -> None:
    seen: list[tuple[str, ...]] = []

    def beside(keep: Callable[[], None]) -> None:
        keep()
        seen.append(store.find("nvidia"))

    store.put_many([NVIDIA], beside=beside, stage=stage)
    assert seen == [()]
    store.put_many([APPLE])
    for entities, cut in (([FRUIT], 0), ([FRUIT, FRUIT], None)):
        with pytest.raises(CatalogError):
            store.put_many(entities, beside=beside, stage=stage, cut=cut)
    assert len(seen) == 1


@pytest.mark.parametrize("is_filled_with_nothing", [False, True])
def test_a_change_may_not_begin_a_catalogue_unless_it_may(store: CatalogStore, is_filled_with_nothing: bool) -> None:
    change = CatalogChange("set", "Q312", entity=APPLE)
    if is_filled_with_nothing:
        store.put_many([])
    with pytest.raises(EmptyStoreError, match="holds no catalogue"):
        store.apply(change, first=False)
    store.apply(change, first=True)
    store.apply(CatalogChange("retire", "Q312"), first=False)


def test_importing_again_changes_nothing_but_the_sequence(store: CatalogStore) -> None:
    first = store.put_many([FRUIT, NVIDIA])
    second = store.put_many([NVIDIA, FRUIT])
    assert second.version == first.version
    assert second.sequence == first.sequence + 1
    assert store.stats().names == 6
    assert store.find("apple") == ("Q89",)


def test_an_import_replaces_entities_and_their_names(store: CatalogStore) -> None:
    store.put_many([FRUIT, NVIDIA])
    store.put_many([Entity("Q89", "other", {"en": "fruit"})])
    assert store.find("apple") == ()
    assert store.find("fruit") == ("Q89",)
    assert store.find("nvidia") == ("Q182477",)


def test_a_replacing_import_retires_the_rest_and_keeps_every_id(store: CatalogStore) -> None:
    store.put_many([FRUIT, NVIDIA, APPLE])
    store.apply(CatalogChange("merge", "Q89", into="Q312"))
    report = store.put_many([NVIDIA], replace=True)
    assert report.retired == 1
    assert store.find("apple") == ()
    entity = store.get("Q89")
    assert entity is not None
    assert entity.id == "Q312"
    assert [(r.id, r.retired, r.redirect) for r in store.records()] == [
        ("Q182477", False, None),
        ("Q312", True, None),
        ("Q89", False, "Q312"),
    ]


def test_an_import_cannot_take_an_id_that_redirects(store: CatalogStore) -> None:
    store.put_many([FRUIT, APPLE])
    store.apply(CatalogChange("merge", "Q89", into="Q312"))
    report = store.put_many([FRUIT])
    assert (report.entities, report.redirected) == (0, ("Q89",))
    assert store.redirects() == {"Q89": "Q312"}


def test_an_import_with_an_id_twice_leaves_everything_as_it_was(store: CatalogStore) -> None:
    store.put_many([FRUIT])
    before = (list(store.records()), store.version(), store.stats())
    with pytest.raises(EntityError, match="Q312 comes twice"):
        store.put_many([NVIDIA, APPLE, APPLE])
    assert (list(store.records()), store.version(), store.stats()) == before
    store.put_many([NVIDIA])
    assert store.stats().entities == 2


def test_changes_are_numbered_and_carry_what_they_leave_behind(store: CatalogStore) -> None:
    start = store.put_many([FRUIT, APPLE]).sequence
    merge = CatalogChange("merge", "Q89", into="Q312", author="somebody", reason="the same")
    assert store.apply(_set(NVIDIA)) == start + 1
    assert store.apply(merge) == start + 2
    whole = store.changes_since(0)
    assert [change.sequence for change in whole] == list(range(1, start + 3))
    assert whole[start - 1].change is None
    assert store.changes_since(start) == whole[start:]
    assert whole[-1].change == merge
    assert {record.id for record in whole[-1].records} == {"Q89", "Q312"}
    assert whole[-1].version == store.version()
    assert store.changes_since(start + 2) == []


@pytest.mark.parametrize(
    "change",
    [
        CatalogChange("set", "Q182477", entity=NVIDIA),
        CatalogChange("retire", "Q312"),
        CatalogChange("merge", "Q89", into="Q182477"),
        CatalogEdit("block", "Q182477", alias="NVDA"),
        CatalogEdit("boost", "Q182477", alias="NVDA", count=9),
        CatalogEdit("boost", "Q182477", prior=0.5),
    ],
)
def test_what_changes_nothing_is_no_step(store: CatalogStore, change: CatalogChange | CatalogEdit) -> None:
    store.put_many([FRUIT, APPLE, NVIDIA])
    store.apply(change)
    before = store.stats(), list(store.log())
    assert store.apply(change, first=False) is None
    assert (store.stats(), list(store.log())) == before
    other = CatalogEdit("block", "Q182477", alias="Nvidia Corp")
    outcomes = store.apply_many([Request(change), Request(other), Request(other), Request(change, "none")])
    assert outcomes[:3] == [None, before[0].sequence + 1, None]
    assert isinstance(outcomes[3], ConflictError)
    assert store.stats().sequence == before[0].sequence + 1


def test_a_refused_change_leaves_no_trace(store: CatalogStore) -> None:
    store.put_many([FRUIT])
    before = (list(store.records()), store.stats())
    with pytest.raises(UnknownEntityError):
        store.apply(CatalogChange("merge", "Q89", into="Q1"))
    assert (list(store.records()), store.stats()) == before


def test_search_ranks_whole_names_before_beginnings_before_the_rest(store: CatalogStore) -> None:
    pie = Entity("Q7", "other", {"en": "Apple pie"})
    cake = Entity("Q8", "other", {"en": "Pineapple cake"})
    store.put_many([cake, pie, APPLE, NVIDIA])
    assert [entity.id for entity in store.search("apple")] == ["Q312", "Q7", "Q8"]
    assert [entity.id for entity in store.search("apple", limit=2)] == ["Q312", "Q7"]
    assert [entity.id for entity in store.search("Q7")] == ["Q7"]
    assert store.search("") == ()


def test_long_names_are_found(store: CatalogStore) -> None:
    long = "الهيئة العامة للمنشآت الصغيرة والمتوسطة في المملكة العربية السعودية"
    store.put_many([Entity("local:long", "organization", {"ar": long})])
    assert store.find(long) == ("local:long",)
    store.apply(CatalogChange("retire", "local:long"))
    assert store.find(long) == ()


@given(catalogues(), st.lists(changes() | catalogues(3), max_size=8))
@settings(patient, max_examples=60)
def test_redis_equals_memory(redis_url: str, start: list[Entity], steps: list[CatalogChange | list[Entity]]) -> None:
    client = connect(RedisSettings(url=redis_url))
    client.flushall()
    stores: list[CatalogStore] = [MemoryStore(), RedisStore(client, buckets=4)]
    outcomes: list[list[object]] = [[], []]
    for store, seen in zip(stores, outcomes, strict=True):
        seen.append(store.put_many(start))
        for number, step in enumerate(steps):
            try:
                if isinstance(step, CatalogChange):
                    seen.append(store.apply(step))
                else:
                    seen.append(store.put_many(step, replace=number % 2 == 0))
            except CatalogError as exc:
                seen.append(str(exc))
        records = list(store.records())
        seen += [records, store.stats(), store.redirects(), store.changes_since(0)]
        seen += [store.find(name) for name in NAMES]
        seen += [store.get(entity_id) for entity_id in ("Q1", "Q2", "local:a")]
        seen.append(store.search("a", limit=3))
        assert store.version() == version_name(change_sum(EMPTY_SUM, come=records))
    client.close()
    assert outcomes[0] == outcomes[1]


@given(catalogues(), st.lists(changes(), max_size=8), ids)
@patient
def test_redirects_always_lead_to_an_entity(start: list[Entity], steps: list[CatalogChange], some: str) -> None:
    store = MemoryStore()
    store.put_many(start)
    known = {record.id for record in store.records()}
    for step in steps:
        try:
            store.apply(step)
        except CatalogError:
            continue
        known.add(step.entity_id)
    assert all(store.get(entity_id) is not None for entity_id in known)
    for gone, stays in store.redirects().items():
        record = store.record(stays)
        assert record is not None
        assert record.entity is not None
        assert gone in store.merged_into(stays)
    assert (store.get(some) is None) == (some not in known)


def test_hits_are_ranked_by_how_much_of_the_name_was_given() -> None:
    names = [
        ("pineapple", "Q3"),
        ("apple pie", "Q2"),
        ("apple", "Q9"),
        ("apple", "Q1"),
        ("pear", "Q4"),
        ("apples", "Q1"),
    ]
    assert rank_hits("Apple", names, limit=3) == ["Q1", "Q9", "Q2"]
    assert rank_hits("  ", names, limit=3) == []
