"""Which groups and topics are watched: names with ``*`` and ``?``, and ``!`` before what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from streams.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Patterns"]


@dataclass(frozen=True, slots=True)
class Patterns:
    """A choice among names.

    Attributes:
        wanted: A name has to match one of these; everything does where there are none.
        unwanted: A name must match none of these.
    """

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @classmethod
    def parse(cls, patterns: Iterable[str]) -> Patterns:
        """Read patterns such as ``wasl-*`` and ``!*-test``; several may stand in one text, with commas between.

        Raises:
            SettingsError: A pattern is empty.
        """
        wanted: list[str] = []
        unwanted: list[str] = []
        for text in patterns:
            for pattern in (each.strip() for each in text.split(",")):
                if pattern in {"", "!"}:
                    raise SettingsError(
                        f"The pattern {text!r} has an empty part.",
                        remedy="Give a name, in which * and ? stand for others; ! before it leaves names out.",
                    )
                (unwanted if pattern.startswith("!") else wanted).append(pattern.removeprefix("!"))
        return cls(tuple(wanted), tuple(unwanted))

    def matches(self, name: str) -> bool:
        """Return whether a name is chosen."""
        if any(fnmatchcase(name, pattern) for pattern in self.unwanted):
            return False
        return len(self.wanted) == 0 or any(fnmatchcase(name, pattern) for pattern in self.wanted)
