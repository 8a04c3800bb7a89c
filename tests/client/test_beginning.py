"""Where a group begins that reads from the end: asked of Kafka, also where no group has been before."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from kafka.errors import CoordinatorNotAvailableError, GroupAuthorizationFailedError

from streams.client import beginning
from streams.client.beginning import find_reset
from streams.errors import BrokerError
from streams.kafka.admin import GroupOffsets
from streams.kafka.errors import translate
from streams.settings import KafkaSettings

_NEW, _KNOWN = GroupOffsets(None, 3), GroupOffsets(2, 3)


def _answering(monkeypatch: pytest.MonkeyPatch, *answers: object) -> list[object]:
    left = list(answers)

    def answer(*_: object) -> object:
        given = left.pop(0)
        if isinstance(given, Exception):
            raise translate(given, doing="the offsets") from given
        return given

    monkeypatch.setattr(beginning, "open_admin", lambda _: nullcontext())
    monkeypatch.setattr(beginning, "read_group_offsets", answer)
    monkeypatch.setattr(beginning, "_PAUSE", 0.0)
    return left


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [({}, "latest"), ({0: _NEW, 1: _NEW}, "latest"), ({0: _NEW, 1: _KNOWN}, "earliest")],
)
def test_only_a_group_without_any_offset_begins_at_the_end(monkeypatch, offsets, expected) -> None:
    _answering(monkeypatch, offsets)
    assert find_reset(KafkaSettings(), "g", "t", from_start=False) == expected


def test_a_cluster_that_never_had_a_group_is_waited_for(monkeypatch) -> None:
    left = _answering(monkeypatch, CoordinatorNotAvailableError(), CoordinatorNotAvailableError(), {0: _NEW})
    assert find_reset(KafkaSettings(), "g", "t", from_start=False) == "latest"
    assert left == []


def test_but_not_for_ever(monkeypatch) -> None:
    _answering(monkeypatch, CoordinatorNotAvailableError())
    monkeypatch.setattr(beginning, "_FIRST_GROUP_WITHIN", -1.0)
    with pytest.raises(BrokerError):
        find_reset(KafkaSettings(), "g", "t", from_start=False)


def test_a_refusal_is_told_at_once(monkeypatch) -> None:
    left = _answering(monkeypatch, GroupAuthorizationFailedError(), {0: _NEW})
    with pytest.raises(BrokerError):
        find_reset(KafkaSettings(), "g", "t", from_start=False)
    assert len(left) == 1
