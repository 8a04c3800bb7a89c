"""Dead letters as people work with them: told apart by id, grouped by cause, chosen by what they have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.errors import (
    DecodeError,
    DeliveryError,
    InputError,
    LinkingError,
    OversizeError,
    RecordTooLargeError,
    SchemaError,
)
from streams.events.ids import RecordPosition, dead_place_id, dead_record_id, record_digest
from streams.replay.moments import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.events.dead import DeadLetter

__all__ = ["CODES", "Cause", "Choice", "Letter", "choose", "find_letter", "group_causes", "make_letter", "reason_of"]

CODES: Final = tuple(
    error.code for error in (DecodeError, SchemaError, OversizeError, LinkingError, RecordTooLargeError, DeliveryError)
)
"""The error codes that workers give letters; those of other versions may have others."""

_SAMPLES: Final = 3
_SHORT_ID: Final = 12
# What differs from letter to letter of one cause: quoted values, whole or cut, and numbers.
_CUT: Final = re.compile(r"""b?['"][^…]*… \([0-9]+ characters\)|\S*…""")
_QUOTED: Final = re.compile(r"""b?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_NUMBER: Final = re.compile(r"[0-9][0-9,.]*(?<![,.])")
_ANY: Final = "..."
_LONGEST_REASON: Final = 160


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter and where it stands.

    Attributes:
        id: A function of its record and of where that was read; however often it failed, and for whatever reason, it
            is one letter. A topic that was deleted and made anew gives out its positions again, for other letters.
        content: The dead letter as it stands last.
        position: Where it stands on the topic of dead letters; the last place, where it stands more than once.
        copies: How often it stands there.
        events: Ids of the events that it stands there as, each once: another reason is another event.
    """

    id: str
    content: DeadLetter
    position: RecordPosition
    copies: int = 1
    events: tuple[str, ...] = ()

    @property
    def short_id(self) -> str:
        """The beginning of the id, which commands take as well."""
        return self.id[:_SHORT_ID]

    @property
    def place_id(self) -> str:
        """The id of every letter whose record was read where its was."""
        origin = self.content.origin
        return dead_place_id(RecordPosition(origin.topic, origin.partition, origin.offset))


@dataclass(frozen=True, slots=True)
class Cause:
    """Letters that failed in the same way.

    Attributes:
        code: Error code.
        stage: Where it happened.
        reason: The message without what differs from letter to letter.
        count: How many letters.
        first: When the first failed, RFC 3339.
        last: When the last failed.
        attempts: Most attempts of one of them.
        samples: Short ids of the latest.
    """

    code: str
    stage: str
    reason: str
    count: int
    first: str
    last: str
    attempts: int
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which letters; what is None or empty leaves nothing out.

    Attributes:
        cause: An error code, or the group of it: ``event`` stands for ``event.invalid`` too.
        since: Those that failed then or later, in milliseconds since 1970-01-01 UTC.
        topic: Those whose record was read there.
        ids: These, by their id, that of one of their events, or its beginning.
    """

    cause: str | None = None
    since: int | None = None
    topic: str | None = None
    ids: tuple[str, ...] = ()


def make_letter(content: DeadLetter, position: RecordPosition, *, event: str | None = None) -> Letter:
    """Return a dead letter with its id.

    Args:
        content: What it says.
        position: Where it stands.
        event: Id of the event; None where it has none.
    """
    origin = content.origin
    at = RecordPosition(origin.topic, origin.partition, origin.offset)
    letter_id = dead_record_id(at, record_digest(origin.key, origin.value, origin.timestamp))
    return Letter(letter_id, content, position, events=() if event is None else (event,))


def reason_of(message: str) -> str:
    """Return a message without what differs from letter to letter, cut to a line."""
    plain = _NUMBER.sub("N", _QUOTED.sub(_ANY, _CUT.sub(_ANY, message)))
    line = " ".join(plain.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}{_ANY}"


def group_causes(letters: Iterable[Letter]) -> list[Cause]:
    """Group letters by code, stage and reason, the most frequent first."""
    groups: dict[tuple[str, str, str], list[Letter]] = {}
    for letter in letters:
        failure = letter.content.failure
        groups.setdefault((failure.code, failure.stage, reason_of(failure.message)), []).append(letter)
    causes = []
    for (code, stage, reason), members in groups.items():
        members.sort(key=_failed_at)
        causes.append(
            Cause(
                code=code,
                stage=stage,
                reason=reason,
                count=len(members),
                first=members[0].content.failed_at,
                last=members[-1].content.failed_at,
                attempts=max(letter.content.attempts for letter in members),
                samples=tuple(letter.short_id for letter in members[: -_SAMPLES - 1 : -1]),
            )
        )
    return sorted(causes, key=lambda cause: (-cause.count, cause.code, cause.reason))


def choose(letters: Sequence[Letter], choice: Choice) -> list[Letter]:
    """Return the letters that are meant, in the order in which they stand.

    Raises:
        InputError: An id names no letter, or more than one; or no letter has or can have the cause.
    """
    if choice.cause is not None:
        _check_cause(choice.cause, letters)
    wanted = {find_letter(letters, letter_id).id for letter_id in choice.ids}
    return [
        letter
        for letter in letters
        if (len(wanted) == 0 or letter.id in wanted)
        and (choice.cause is None or _is_of(letter.content.failure.code, choice.cause))
        and (choice.since is None or _failed_at(letter) >= choice.since)
        and (choice.topic is None or letter.content.origin.topic == choice.topic)
    ]


def find_letter(letters: Sequence[Letter], letter_id: str) -> Letter:
    """Return the letter with this id, its own or that of one of its events, or the only one whose id begins so.

    Raises:
        InputError: There is none, or more than one.
    """
    start = letter_id.lower()
    found = [
        letter
        for letter in letters
        if start != "" and any(each.startswith(start) for each in (letter.id, *letter.events))
    ]
    if len(found) == 1:
        return found[0]
    if len(found) == 0:
        raise InputError(f"No dead letter has the id {letter_id!r}.", remedy="See `wasl dlq list --all`.")
    raise InputError(f"{len(found)} dead letters have an id that begins with {letter_id!r}.", remedy="Give more of it.")


def _is_of(code: str, cause: str) -> bool:
    return f"{code}.".startswith(f"{cause}.")


def _check_cause(cause: str, letters: Sequence[Letter]) -> None:
    if not any(_is_of(code, cause) for code in (*CODES, *(letter.content.failure.code for letter in letters))):
        raise InputError(
            f"{cause!r} is no error code of dead letters, nor a group of them.",
            remedy=f"Give one of {', '.join(CODES)}, or what they begin with, such as event.",
        )


def _failed_at(letter: Letter) -> int:
    return milliseconds(letter.content.failed_at)
