"""Progress of imports and of compiling."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from streams.catalog.publish import published
from streams.catalog.redis_ import RedisStore, connect
from streams.cli.catalog.shown import publish_shown, shown
from streams.events.entity import Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(url=redis_url))
    yield RedisStore(client, buckets=8)
    client.close()


def test_every_item_comes_through_and_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := _Terminal())
    assert list(shown(range(1_200), total=1_200, label="importing")) == list(range(1_200))
    assert "importing" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_nothing_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(shown("abc", total=3, label="importing")) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""


def test_a_snapshot_is_published_in_sight(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put_many(Entity(f"Q{number}", "person", {"en": f"Name {number}"}) for number in range(1, 2_500))
    monkeypatch.setattr(sys, "stderr", terminal := _Terminal())
    publish_shown(store)
    assert [snapshot.version for snapshot in published(store)] == [store.version()]
    assert "100%" in terminal.getvalue()
