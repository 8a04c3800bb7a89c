"""Any sequence of edits, imports, promotions and rollbacks: Redis equals the twin in memory, an overlay a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from streams.catalog.diff import difference_document
from streams.catalog.memory import MemoryStore
from streams.catalog.names import names_of
from streams.catalog.overlay import OverlayView
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.snapshot import view_of
from streams.catalog.store import Note, Request
from streams.errors import CatalogError
from streams.events.article import RawArticle
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.enriched import EnrichedArticle, encode_enriched_article
from streams.linking.enrich import LINKER, link_article
from streams.settings import RedisSettings
from tests.catalog.seen import seen
from tests.catalog.strategies import IDS, NAMES, catalogues, entities, ids, names

if TYPE_CHECKING:
    from streams.catalog.store import AnyChange
    from streams.catalog.view import CatalogView
    from streams.events.entity import Entity

_TEXTS = (
    " ".join(NAMES),
    "Apple said on Monday that APPLE pie is no Pineapple. وقالت إنفيديا إن انفيديا بخير، ولفيديا.",
    "日本銀行 met Straße in 한국; a b and App.",
)
_AT = "2026-01-31T09:30:00Z"
_NOTE = Note("ann", "because", _AT)


def linked(view: CatalogView) -> list[bytes]:
    """Some articles linked with a view, as bytes."""
    done = []
    for number, text in enumerate(_TEXTS):
        article = RawArticle(f"a{number}", "", text)
        links = link_article(article, view)
        done.append(
            encode_enriched_article(
                EnrichedArticle(
                    article,
                    links.language,
                    links.mentions,
                    links.entities,
                    LINKER,
                    view.version,
                    "2026-01-31T09:30:00Z",
                )
            )
        )
    return done


class _Editors(RuleBasedStateMachine):
    """Two stores to which the same things are done, and a view that follows one of them as a worker does."""

    redis_url = ""

    @initialize(start=catalogues())
    def begin(self, start: list[Entity]) -> None:
        client = connect(RedisSettings(url=self.redis_url))
        client.flushall()
        self.redis = RedisStore(client, buckets=4)
        self.memory = MemoryStore()
        self.both("put_many", start)
        self.sequence = 0
        self.follow()

    def both(self, method: str, *args: Any, **options: Any) -> Any:
        """Do the same to both and expect the same of both."""
        outcomes = []
        for store in (self.memory, self.redis):
            try:
                outcomes.append(getattr(store, method)(*args, **options))
            except CatalogError as exc:
                outcomes.append((type(exc), exc.message.replace("This store", "Redis")))
        assert outcomes[0] == outcomes[1]
        return outcomes[0]

    def follow(self) -> None:
        changes = self.redis.changes_since(self.sequence)
        if any(change.change is None for change in changes):
            self.view = OverlayView(view_of(self.redis.records()))
        else:
            self.view = self.view.with_records(record for change in changes for record in change.records)
        self.sequence += len(changes)
        assert self.view.version == self.redis.version()

    def change(self, change: AnyChange) -> None:
        self.both("apply", change)
        self.follow()

    @rule(data=st.data())
    def set_entity(self, data: st.DataObject) -> None:
        entity = data.draw(entities())
        self.change(CatalogChange("set", entity.id, entity=entity, author="ann"))

    @rule(entity_id=ids)
    def retire(self, entity_id: str) -> None:
        self.change(CatalogChange("retire", entity_id))

    @rule(gone=ids, into=ids)
    def merge(self, gone: str, into: str) -> None:
        self.change(CatalogChange("merge", gone, into=into))

    @rule(entity_id=ids, into=ids, data=st.data())
    def split(self, entity_id: str, into: str, data: st.DataObject) -> None:
        entity = self.memory.get(entity_id)
        known = [] if entity is None else [(name.language, name.text) for name in names_of(entity)]
        moved = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=2)) if len(known) > 0 else [("en", "x")]
        by_language: dict[str, tuple[str, ...]] = {}
        for language, text in moved:
            by_language[language] = (*by_language.get(language, ()), text)
        self.change(CatalogEdit("split", entity_id, into=into, names=by_language))

    @rule(entity_id=ids, name=names, action=st.sampled_from(["block", "block", "unblock"]))
    def block(self, entity_id: str, name: str, action: str) -> None:
        self.change(CatalogEdit(action, entity_id, alias=name))

    @rule(entity_id=ids, name=names, count=st.none() | st.integers(1, 1_000))
    def boost_alias(self, entity_id: str, name: str, count: int | None) -> None:
        self.change(CatalogEdit("boost", entity_id, alias=name, count=count))

    @rule(entity_id=ids, prior=st.none() | st.floats(0, 1))
    def boost_entity(self, entity_id: str, prior: float | None) -> None:
        self.change(CatalogEdit("boost", entity_id, prior=prior))

    @rule(some=st.lists(st.tuples(ids, ids), min_size=2, max_size=4), expect=st.none() | st.just("none"))
    def batch(self, some: list[tuple[str, str]], expect: str | None) -> None:
        requests = [
            Request(CatalogChange("merge", gone, into=into) if gone < into else CatalogChange("retire", gone), expect)
            for gone, into in some
        ]
        outcomes: list[list[object]] = []
        for store in (self.memory, self.redis):
            done = store.apply_many(requests)
            outcomes.append([one.message if isinstance(one, CatalogError) else one for one in done])
        assert outcomes[0] == outcomes[1]
        self.follow()

    @rule(
        some=catalogues(3),
        replace=st.booleans(),
        merges=st.lists(st.tuples(ids, ids), max_size=3),
        stage=st.booleans(),
    )
    def put(self, some: list[Entity], replace: bool, merges: list[tuple[str, str]], stage: bool) -> None:
        self.both("put_many", some, replace=replace, merges=merges, stage=stage, note=_NOTE)
        self.follow()

    @rule(which=st.integers(0, 3))
    def promote(self, which: int) -> None:
        known = self.memory.versions()
        self.both("promote", known[which % len(known)].build if len(known) > 0 else "9", note=_NOTE)
        self.follow()

    @rule()
    def rollback(self) -> None:
        self.both("rollback")
        self.follow()

    @invariant()
    @precondition(lambda self: hasattr(self, "view"))
    def the_stores_hold_the_same(self) -> None:
        assert list(self.redis.records()) == list(self.memory.records())
        assert self.redis.stats() == self.memory.stats()
        assert self.redis.versions() == self.memory.versions()
        for name in NAMES:
            assert self.redis.find(name) == self.memory.find(name)
        for value in ("A", "B", "AB"):
            assert self.redis.find_external("lei", value) == self.memory.find_external("lei", value)
        for entity_id, target in self.memory.redirects().items():
            entity = self.redis.get(entity_id)
            assert entity is not None
            assert entity.id == target

    @invariant()
    @precondition(lambda self: hasattr(self, "view"))
    def the_overlay_links_as_a_snapshot_does(self) -> None:
        fresh = view_of(self.memory.records())
        assert linked(self.view) == linked(fresh)
        assert seen(self.view, [_TEXTS[0]]) == seen(fresh, [_TEXTS[0]])

    def teardown(self) -> None:
        if hasattr(self, "redis"):
            assert list(self.redis.log()) == list(self.memory.log())
            for entity_id in IDS:
                assert list(self.redis.log(entity_id=entity_id)) == list(self.memory.log(entity_id=entity_id))
            for info in self.memory.versions():
                shown = [
                    [difference_document(each) for each in store.diff(info.build, "live")]
                    for store in (self.memory, self.redis)
                ]
                assert shown[0] == shown[1]
            self.redis.client.close()


def test_any_sequence_gives_the_same_in_redis_and_in_memory_and_links_as_a_snapshot_does(redis_url: str) -> None:
    machine = type("_Machine", (_Editors,), {"redis_url": redis_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
