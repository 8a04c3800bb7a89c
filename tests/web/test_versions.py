"""Versions as the page shows and switches them."""

from __future__ import annotations

import pytest

from streams.catalog.memory import MemoryStore
from streams.errors import EditError, SchemaError, StoreUnavailableError
from streams.events.entity import Entity
from streams.web.versions import Versions

_WHO = {"author": "Amal", "reason": "the list of this quarter"}


def _entities(*numbers: int) -> list[Entity]:
    return [Entity(f"Q{number}", "person", {"en": f"Name {number}"}) for number in numbers]


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    made.put_many(_entities(1, 2))
    return made


def _versions(store: MemoryStore) -> Versions:
    return Versions(store, clock=lambda: "2026-11-24T10:00:00Z")


def test_what_is_kept_is_listed_with_what_it_holds(store: MemoryStore) -> None:
    staged = store.put_many(_entities(3), stage=True).build
    listed = _versions(store).listed()["versions"]
    assert next((each["build"], each["state"], each["entities"]) for each in listed) == (staged, "staged", 3)
    assert {each["workers"] for each in listed} == {0}


def test_differences_are_counted_and_the_first_of_them_shown(store: MemoryStore) -> None:
    staged = store.put_many(_entities(*range(10, 260)), replace=True, stage=True).build
    found = _versions(store).differences("live", staged)
    assert (found["kinds"]["added"], len(found["differences"]), found["more"]) == (250, 200, 52)
    with pytest.raises(EditError):
        _versions(store).differences("live", "no such build")


def test_a_switch_says_who_and_why_and_can_be_taken_back(store: MemoryStore) -> None:
    versions = _versions(store)
    staged = store.put_many(_entities(3), stage=True).build
    for wrong in ({}, {**_WHO, "author": ""}, {**_WHO, "force": True}):
        with pytest.raises(SchemaError):
            versions.switch(staged, wrong)
    assert versions.switch(staged, _WHO)["build"] == staged
    assert store.get("Q3") is not None
    versions.switch(None, _WHO)
    assert store.find("Name 3") == ()
    [entry] = store.log(limit=1)
    assert (entry.action, entry.note.author, entry.note.at) == ("rollback", "Amal", "2026-11-24T10:00:00Z")


def test_a_snapshot_that_cannot_be_published_is_a_warning(store: MemoryStore, caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise StoreUnavailableError("Redis is away.")

    Versions(store, clock=lambda: "", publish=fails).publish()
    assert [record.message for record in caplog.records] == ["snapshot not published"]
