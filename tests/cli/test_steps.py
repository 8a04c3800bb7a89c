from __future__ import annotations

import signal

import pytest

from streams.cli.steps import TERMINATED, Steps, end_on_sigterm


def test_steps_say_what_came_of_them_and_how_long_they_took(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 1.25, 2.0, 2.0])
    steps = Steps(2, clock=lambda: next(moments))
    with steps.step("one") as say:
        say("first")
        say("last")
    with steps.step("two"):
        pass
    assert capsys.readouterr() == ("", "1/2 one … last (1.2 s)\n2/2 two … done (0.0 s)\n")


def test_a_step_that_fails_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), Steps(1, clock=lambda: 0.0).step("one"):
        raise ZeroDivisionError
    assert capsys.readouterr().err == "1/1 one … failed (0.0 s)\n"


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit(TERMINATED)], ids=["ctrl-c", "sigterm"])
def test_a_step_that_somebody_ends_has_not_failed(
    end: type[BaseException] | BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises((KeyboardInterrupt, SystemExit)), Steps(1, clock=lambda: 0.0).step("one"):
        raise end
    assert capsys.readouterr().err == "1/1 one … interrupted (0.0 s)\n"


def test_sigterm_ends_a_block_and_nothing_after_it() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as caught, end_on_sigterm():
        signal.raise_signal(signal.SIGTERM)
    assert caught.value.code == TERMINATED
    assert signal.getsignal(signal.SIGTERM) is before
