"""What several workers say, as one: their metrics with the number of the process, and their readiness together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["merge_metrics", "merge_readiness"]


def merge_metrics(texts: Mapping[int, str]) -> str:
    """Return one exposition in Prometheus' text format, every series with the label ``process``.

    Args:
        texts: The expositions of the processes, by their numbers.
    """
    heads: dict[str, list[str]] = {}
    series: dict[str, list[str]] = {}
    for number, text in texts.items():
        family = ""
        for line in text.splitlines():
            if line.startswith("# HELP "):
                family = line.split(" ", 3)[2]
                heads.setdefault(family, [line])
            elif line.startswith("# TYPE "):
                if len(heads[family]) == 1:
                    heads[family].append(line)
            elif line != "":
                series.setdefault(family, []).append(_labelled(line, number))
    return "".join(f"{line}\n" for family, head in heads.items() for line in (*head, *series.get(family, ())))


def merge_readiness(answers: Mapping[int, dict[str, Any] | None]) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and the document of ``/readyz``: ready when every process is.

    Args:
        answers: Their documents by number; None of a process that does not answer.
    """
    reasons = []
    for number, answer in answers.items():
        if answer is None:
            reasons.append(f"Process {number} does not answer: it is starting, or it ended.")
        elif answer["status"] != "ready":
            reasons += [f"Process {number}: {reason}" for reason in answer["reasons"]]
    partitions = [answer["partitions"] for answer in answers.values() if answer is not None]
    document = {
        "status": "ready" if len(reasons) == 0 else "not ready",
        "partitions": sorted(number for found in partitions if found is not None for number in found),
        "articles_in_hand": sum(answer["articles_in_hand"] for answer in answers.values() if answer is not None),
        "reasons": reasons,
        "processes": {str(number): answer for number, answer in answers.items()},
    }
    return (200 if len(reasons) == 0 else 503), document


def _labelled(line: str, number: int) -> str:
    name, brace, rest = line.partition("{")
    # A name holds no space; a brace after one stands in a value, which cannot be.
    if brace == "" or " " in name:
        name, _, rest = line.partition(" ")
        return f'{name}{{process="{number}"}} {rest}'
    return f'{name}{{process="{number}",{rest}'
