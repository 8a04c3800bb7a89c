from __future__ import annotations

import pytest

from streams.errors import SettingsError
from streams.web.ports import WorkerSeen
from streams.web.workers_ import parse_addresses, read_members, read_readiness, united


def test_addresses_are_read():
    assert parse_addresses("") == ()
    assert parse_addresses(" a:1 ,[::1]:65535,") == (("a", 1), ("::1", 65_535))


@pytest.mark.parametrize("text", ["a", "a:", ":1", "a:0", "a:65536", "a:x", "http://a:1/"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(SettingsError, match="WASL_MONITOR_WORKERS"):
        parse_addresses(text)


def test_members_are_read_with_their_partitions_of_the_topic():
    described = {
        "members": [
            {
                "client_id": "faust",
                "client_host": "/127.0.0.1",
                "member_assignment": {
                    "assigned_partitions": [
                        {"topic": "raw", "partitions": [2, 0]},
                        {"topic": "other", "partitions": [7]},
                    ]
                },
            },
            {"client_id": "spare", "client_host": "/h", "member_assignment": b""},
        ]
    }
    assert read_members(described, topic="raw") == (
        WorkerSeen("faust 127.0.0.1", (0, 2)),
        WorkerSeen("spare h", ()),
    )
    assert read_members(None, topic="raw") == ()


def test_a_worker_that_is_both_member_and_asked_is_one():
    asked = WorkerSeen("127.0.0.1:6066", (0, 1), is_ready=True)
    members = [WorkerSeen("faust h", (0, 1)), WorkerSeen("faust i", (2,))]
    assert united(members, [asked]) == (asked, members[1])
    down = WorkerSeen("127.0.0.1:6067", is_ready=False, note="It does not answer.")
    assert united(members[:1], [asked, down]) == (asked, down)


@pytest.mark.parametrize("document", [None, [], "x", {"partitions": "no", "catalog": 5, "articles_in_hand": "many"}])
def test_what_no_worker_would_say_is_no_ready_worker(document):
    seen = read_readiness("w", document)
    assert seen.is_ready is False
    assert (seen.partitions, seen.in_hand, seen.catalog) == (None, None, None)


def test_what_a_worker_says_is_read():
    from streams.workers.state import CatalogState, WorkerState, readiness

    _, document = readiness(WorkerState(assigned=frozenset({1, 0}), in_hand=3), CatalogState("sha-1", is_live=False))
    seen = read_readiness("w", document)
    assert (seen.partitions, seen.is_ready, seen.in_hand, seen.catalog, seen.is_live) == (
        (0, 1),
        True,
        3,
        "sha-1",
        False,
    )
    assert seen.note is not None
    assert "changes do not arrive" in seen.note
