"""The page of results counts what came to its end, and hides nothing of the rest."""

from __future__ import annotations

from chaos.report import is_finished, page
from chaos.run import UNFINISHED, Result, Timing


def row(seed, *problems, faults=("broker-slow",), drawn=True, **fields):
    timings = {faults[0]: Timing(0.3, 5.0, 0.5, 4.2)}
    result = Result(seed, list(faults), "2026-11-24T00:00:00Z", drawn=drawn, inputs=100, timings=timings, **fields)
    result.problems += problems
    return result.document()


def test_a_run_that_was_not_finished_is_named_and_not_counted():
    rows = [row(1), row(2, f"{UNFINISHED}TimeoutError: no"), row(3, f"{UNFINISHED}TimeoutError: no"), row(3)]
    assert [is_finished(each) for each in rows] == [True, False, False, True]
    text = page(rows, date="2026-11-24", source="x.jsonl")
    assert "2 random runs of the 200" in text
    assert "200 inputs" in text
    assert "0 runs with a problem" in text
    assert "seed 2, broker-slow: not finished: TimeoutError: no; not run again yet" in text
    assert "seed 3, broker-slow: not finished: TimeoutError: no; run again since" in text


def test_of_several_runs_of_a_seed_the_last_counts_and_the_others_are_named():
    rows = [row(1, "lost: one", lost=1), row(1), row(2, "lost: two", lost=1)]
    text = page(rows, date="2026-11-24", source="x.jsonl")
    assert "1 lost" in text
    assert "1 runs with a problem" in text
    broken, again = text.split("## What broke\n")[1].split("## What broke, and kept")
    assert "lost: two" in broken
    assert "lost: one" in again.split("##")[0]


def test_faults_alone_have_a_table_of_their_own_with_the_times_of_recovery():
    text = page([row(1, drawn=False)], date="2026-11-24", source="x.jsonl")
    assert "| `broker-slow` |" in text
    assert "| 5.0 | 0.5 | 4.2 |" in text
    assert "Not injected alone: `worker-killed`" in text
    assert "## Each fault alone" not in page([row(1)], date="2026-11-24", source="x.jsonl")
