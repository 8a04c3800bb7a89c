"""What ``wasl lag`` does when Kafka does not answer, at first or later."""

from __future__ import annotations

import json

import pytest

from streams.cli.lag_run import show_lag
from streams.errors import BrokerUnavailableError
from streams.lag.memory import MemoryOffsets
from streams.lag.watch import LagWatcher


class EnoughError(Exception):
    """Ends what would follow for ever."""


class Cluster(MemoryOffsets):
    """Answers each question by a script: None lets it be answered."""

    def __init__(self, *script):
        super().__init__()
        self.script = list(script)
        self.is_closed = False
        self.create("t")
        self.append("t", 900.0, 910.0)
        self.commit("g", "t", 1)

    def groups(self):
        step = self.script.pop(0)
        if step is not None:
            raise step
        return super().groups()

    def close(self):
        self.is_closed = True


AWAY = BrokerUnavailableError("Nobody answers.")


def test_the_first_failure_is_an_error(capsys):
    cluster = Cluster(AWAY)
    with pytest.raises(BrokerUnavailableError, match="Nobody answers"):
        show_lag(LagWatcher(cluster), interval=0.0, once=False, as_json=False)
    assert capsys.readouterr() == ("", "")
    assert cluster.is_closed


def test_a_later_one_is_said_once_and_it_goes_on(capsys):
    cluster = Cluster(None, AWAY, AWAY, None, EnoughError())
    with pytest.raises(EnoughError):
        show_lag(LagWatcher(cluster), interval=0.0, once=False, as_json=True)
    shown = capsys.readouterr()
    assert [json.loads(line)["lag"] for line in shown.out.splitlines()] == [1, 1]
    assert shown.err == "Nobody answers. Trying again.\n"
    assert cluster.is_closed


def test_once_is_once(capsys):
    cluster = Cluster(None)
    show_lag(LagWatcher(cluster), interval=60.0, once=True, as_json=True)
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert cluster.script == []
    assert cluster.is_closed
