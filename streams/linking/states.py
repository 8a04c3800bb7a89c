"""States behind a comma: *Franklin, Tenn.*, *Salem, Ore.*, *Columbus, GA*.

English news gives the state of a town so, in the abbreviations of the Associated Press or in those of the post. Most of
them are words, names and initials of other things too; behind a comma they tell that both are places.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.span import Span

__all__ = ["is_state", "precedes_state"]

_NEWS: Final = (
    "Ala Alaska Ariz Ark Calif Colo Conn Del Fla Ga Hawaii Ill Ind Iowa Kan Ky La Maine Md Mass Mich Minn Miss Mo Mont "
    "Neb Nev N.H N.J N.M N.Y N.C N.D Ohio Okla Ore Pa R.I S.C S.D Tenn Tex Texas Utah Vt Va Wash W.Va Wis Wyo D.C "
    "Ont Que B.C Alta Sask Man N.S N.B"
)
_POST: Final = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY DC ON QC BC AB SK MB"
)
_STATES: Final = frozenset(f"{_NEWS} {_POST}".split())
_LONGEST: Final = 7
_BEHIND: Final = re.compile(
    r",\s?(?:" + "|".join(re.escape(state) for state in sorted(_STATES, key=len, reverse=True)) + r")(?![^\W_])"
)
_COMMA: Final = 0x2C
_SPACE: Final = 0x20


def is_state(span: Span) -> bool:
    """Whether a span is the abbreviation of a state, behind a word and a comma."""
    source = span.text.source
    at: i64 = span.start - 1
    if at > 0 and ord(source[at]) == _SPACE:
        at -= 1
    if at < 1 or ord(source[at]) != _COMMA or not source[at - 1].isalpha():
        return False
    surface = span.surface
    return len(surface) <= _LONGEST and surface.rstrip(".").replace(" ", "") in _STATES


def precedes_state(span: Span) -> bool:
    """Whether a comma and the abbreviation of a state stand behind a span."""
    source = span.text.source
    end: i64 = span.end
    return end < len(source) and ord(source[end]) == _COMMA and _BEHIND.match(source, end) is not None
