"""Names in the names of others: *Qatar Airways* flies, and Qatar does not; nor is *South America* what America is.

Where the catalogue has the longer name, that is the mention. Where it has not, the shorter one in it is none. The lists
are general knowledge of the languages; none was counted on a gold set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.around import CAPITAL
from streams.linking.lexicon import ORGANIZATION, PLACE

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.around import Around
    from streams.linking.features import Decision
    from streams.linking.span import Span

__all__ = ["is_in_other_name"]

# After a place, capitalised: what is named after it.
_NAMED_AFTER: Final = frozenset(
    "airlines airways bancorp bancshares cathedral college gazette herald hospital insurance ironworks orchestra "
    "petroleum philharmonic polytechnic post railway railways steelworks symphony telecom telegraph times "
    "tribune university".split()
)
# After an organisation too.
_SPONSORED: Final = frozenset("arena stadium".split())
# Before *of* and a place, capitalised.
_NAMED_OF: Final = frozenset("archdiocese bank college institute museum orchestra university".split())
# Before a place, capitalised: another one.
_PARTS_OF_WORLD: Final = frozenset(
    "central east eastern equatorial latin north northern south southern west western".split()
)
# Before a place in Arabic: what is named after it.
_NAMED_BEFORE: Final = frozenset("جامعه كليه معهد اكاديميه مستشفي بنك مصرف صحيفه جريده".split())
# After a place in Arabic: what a company named after it does.
_TRADES: Final = frozenset(
    "للاتصالات للاسمنت للاستثمار للاسكان للالمنيوم للبترول للبتروكيماويات للتامين للتعدين للتنميه للحديد للخدمات "
    "للسياحه للصناعات للطاقه للطيران للغاز للغازات للكهرباء للنفط للنقل".split()
)
_OF: Final = "of"
_SPACE: Final = 0x20
_GLUED: Final = frozenset("وفبلك")


def is_in_other_name(decision: Decision) -> bool:
    """Whether a span that probably means a place, or an organisation, stands in the name of something else.

    Args:
        decision: The decision on it, scored once.
    """
    kind = decision.best.meaning.kind
    if kind not in (PLACE, ORGANIZATION):
        return False
    around, span, after = decision.around, decision.span, decision.after
    if after < around.count and _is_space(around, span.high + span.ending, around.start(after)):
        word = around.word(after)
        if word in _SPONSORED or (kind == PLACE and word in _NAMED_AFTER):
            return around.looks(after) & CAPITAL != 0
        if kind == PLACE and word in _TRADES:
            return True
    return kind == PLACE and _is_behind_name(span, around, decision.before)


def _is_behind_name(span: Span, around: Around, before: i64) -> bool:
    """Whether a place stands behind what is named after it, or behind what makes another place of it."""
    if before < 0 or not _is_space(around, around.end(before), span.low - span.clitic):
        return False
    word = around.word(before)
    if span.clitic == 0 and (word in _NAMED_BEFORE or (word[0] in _GLUED and word[1:] in _NAMED_BEFORE)):
        return True
    if word == _OF:
        return before > 0 and around.word(before - 1) in _NAMED_OF and around.looks(before - 1) & CAPITAL != 0
    if word not in _PARTS_OF_WORLD or around.looks(before) & CAPITAL == 0:
        return False
    return not span.text.starts_sentence(around.start(before))


def _is_space(around: Around, low: i64, high: i64) -> bool:
    return high == low + 1 and ord(around.body[low]) == _SPACE
