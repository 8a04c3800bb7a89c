"""The file of what was seen: kept, bounded, and never in the way."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from streams.lag.compute import Observation
from streams.lag.history import LagHistory


def seen(at, *, group="g", committed=5):
    return Observation(
        at=at,
        group=group,
        topic="موضوع",
        partition=3,
        committed=committed,
        end=9,
        earliest=1,
        next_offset=6,
        committed_timestamp=at - 0.25,
        members=2,
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "lag.sqlite3"


def test_what_is_kept_comes_back_as_it_was(path):
    history = LagHistory(path, keep=100)
    assert history.load("c", now=10.0) == {}
    history.append("c", [seen(1.5), seen(1.5, group="h", committed=None)], now=1.5)
    history.append("c", [seen(2.5, committed=7)], now=2.5)
    history.append("other", [seen(2.5)], now=2.5)
    again = LagHistory(path, keep=100)
    assert again.load("c", now=3.0) == {
        ("g", "موضوع", 3): (seen(1.5), seen(2.5, committed=7)),
        ("h", "موضوع", 3): (seen(1.5, group="h", committed=None),),
    }
    assert again.problem is None


def test_what_is_too_old_or_from_later_is_neither_kept_nor_taken(path):
    history = LagHistory(path, keep=10)
    for at in range(100):
        history.append("c", [seen(float(at))], now=float(at))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM observations_1").fetchall() == [(11,)]
    [found] = history.load("c", now=95.0).values()
    assert [each.at for each in found] == [float(at) for at in range(89, 96)]
    # The clock was set back.
    history.append("c", [seen(50.0)], now=50.0)
    assert history.load("c", now=200.0) == {}
    assert [each.at for each in history.load("c", now=51.0)["g", "موضوع", 3]] == [50.0]


def test_two_processes_may_share_it(path):
    one, other = LagHistory(path, keep=100), LagHistory(path, keep=100)
    one.append("c", [seen(1.0)], now=1.0)
    other.append("c", [seen(2.0)], now=2.0)
    one.append("c", [seen(1.0)], now=2.0)
    assert len(one.load("c", now=3.0)["g", "موضوع", 3]) == 2


@pytest.mark.parametrize("damage", ["text", "cut", "other table"])
@pytest.mark.parametrize("first", ["load", "append"])
def test_a_file_that_cannot_be_read_is_set_aside_and_said(path, damage, first, caplog):
    history = LagHistory(path, keep=10_000)
    for at in range(200):
        history.append("c", [seen(float(at), group=f"g{at}")], now=float(at))
    whole = path.read_bytes()
    if damage == "text":
        path.write_text("this is no database, and long enough to be seen as none\n" * 100)
    elif damage == "cut":
        path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    else:
        path.write_bytes(whole.replace(b"SQLite format 3", b"SQLite format 9"))
    broken = path.read_bytes()
    again = LagHistory(path, keep=10_000)
    if first == "load":
        assert again.load("c", now=300.0) == {}
    else:
        again.append("c", [seen(299.0)], now=300.0)
    aside = path.with_name("lag.sqlite3.unreadable-300")
    assert aside.read_bytes() == broken
    assert again.problem is not None
    assert str(aside) in again.problem
    assert "the history of lag is not usable" in caplog.text
    again.append("c", [seen(301.0)], now=301.0)
    assert again.problem is None
    assert again.load("c", now=302.0) == {("g", "موضوع", 3): (seen(301.0),)}


def test_a_folder_that_cannot_be_written_is_done_without_and_said_once(tmp_path, caplog):
    in_the_way = tmp_path / "state"
    in_the_way.write_text("a file")
    history = LagHistory(in_the_way / "lag.sqlite3", keep=100)
    for at in (1.0, 2.0):
        assert history.load("c", now=at) == {}
        history.append("c", [seen(at)], now=at)
    assert history.problem is not None
    assert "cannot be written" in history.problem
    assert caplog.text.count("the history of lag is not usable") == 1


def test_a_file_that_another_process_holds_is_waited_for_and_then_done_without(path, monkeypatch):
    monkeypatch.setattr("streams.lag.history._BUSY", 0.05)
    history = LagHistory(path, keep=100)
    history.append("c", [seen(1.0)], now=1.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        history.append("c", [seen(2.0)], now=2.0)
        assert history.problem is not None
        assert "locked" in history.problem
        other.execute("ROLLBACK")
    history.append("c", [seen(3.0)], now=3.0)
    assert history.problem is None
    assert [each.at for each in history.load("c", now=4.0)["g", "موضوع", 3]] == [1.0, 3.0]
