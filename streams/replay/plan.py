"""What to do with dead letters: which may be replayed, as which records, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.events.envelope import ATTEMPTS_HEADER, LETTER_HEADER
from streams.kafka.producer import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.replay.letters import Letter
    from streams.replay.marks import Mark

__all__ = ["MAX_ATTEMPTS", "Plan", "Refusal", "is_open", "plan_replay", "replay_record"]

MAX_ATTEMPTS: Final = 5
"""Attempts after which a letter is not replayed unless somebody says so: it would only come back."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A letter that is not replayed, and why."""

    letter: Letter
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a replay would do.

    Attributes:
        letters: Those to be replayed, in order.
        done: Those that were replayed or dropped before.
        refused: Those that cannot be replayed, or have been tried too often.
    """

    letters: tuple[Letter, ...]
    done: tuple[Refusal, ...] = ()
    refused: tuple[Refusal, ...] = ()


def is_open(letter: Letter, marks: Mapping[str, Mark]) -> bool:
    """Whether nothing was decided about a letter yet."""
    mark = marks.get(letter.id)
    return mark is None or mark.action in {"begun", "reopened"}


def plan_replay(
    letters: Iterable[Letter], marks: Mapping[str, Mark], *, again: bool = False, max_attempts: int = MAX_ATTEMPTS
) -> Plan:
    """Say which letters are replayed.

    Args:
        letters: Those that are asked for.
        marks: What was decided before, by letter id.
        again: Whether to replay also what was replayed or dropped before.
        max_attempts: A letter that was tried so often is refused.
    """
    go, done, refused = [], [], []
    for letter in letters:
        mark, attempts = marks.get(letter.id), letter.content.attempts
        if not again and mark is not None and not is_open(letter, marks):
            done.append(Refusal(letter, _said(mark)))
        elif letter.content.failure.code == "event.oversize" and letter.content.origin.value == b"":
            refused.append(Refusal(letter, "its record was too large for a dead letter and is not in it"))
        elif letter.content.origin.value is None and letter.content.origin.key is None:
            refused.append(Refusal(letter, "its record has neither key nor value and would only fail again"))
        elif attempts >= max_attempts:
            refused.append(Refusal(letter, f"it was tried {attempts} times, and {max_attempts} is the limit"))
        else:
            go.append(letter)
    return Plan(tuple(go), tuple(done), tuple(refused))


def replay_record(letter: Letter) -> Record:
    """Return the record of a letter as it was, for the partition that it was in, its attempts counted on."""
    origin = letter.content.origin
    kept = tuple(
        # kafka-python sends no header without a value.
        (name, b"" if value is None else value)
        for name, value in origin.headers
        if name not in {ATTEMPTS_HEADER, LETTER_HEADER}
    )
    own = ((ATTEMPTS_HEADER, str(letter.content.attempts).encode()), (LETTER_HEADER, letter.id.encode()))
    return Record(origin.value, origin.key, (*kept, *own), partition=origin.partition)


def _said(mark: Mark) -> str:
    if mark.action == "dropped":
        by = "" if mark.author is None else f" by {mark.author}"
        why = "" if mark.reason is None else f": {mark.reason}"
        return f"it was dropped at {mark.at}{by}{why}"
    return f"it was replayed at {mark.at}" + ("" if mark.into is None else f" as {mark.into}")
