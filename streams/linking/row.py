"""Where in a row of features which one stands: the order of `streams.linking.weights.LINK_FEATURES`, as numbers.

Numbers that are written out cost nothing where they are used; a test holds them to the names.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "AFTER_CAPITAL",
    "AFTER_OF",
    "AFTER_PREPOSITION",
    "AFTER_THE",
    "AROUND",
    "BEFORE_CAPITAL",
    "BEFORE_FUNCTION",
    "BEFORE_NOUN",
    "BEST",
    "BEST_CONTEXT",
    "CLITIC",
    "COMMON",
    "COMPOUND",
    "CONTEXT",
    "COUNTING",
    "DATELINE",
    "GLUED",
    "HASH",
    "INFLECTED",
    "INITIAL",
    "INSIDE",
    "LEGAL_RIGHT",
    "LOWER_COUNTED",
    "MARGIN",
    "NIL_ANTECEDENT",
    "OFTEN",
    "ORDINARY",
    "PART_LEFT",
    "PART_RIGHT",
    "PROPER",
    "QUOTED",
    "ROW",
    "SHOUTED",
    "TITLED",
    "UNSEEN",
    "WHOLE",
    "WORD_LEFT",
    "WORD_RIGHT",
]

CONTEXT: Final = 18
"""The first feature of the span that the article decides."""
COUNTING: Final = 18
UNSEEN: Final = 19
LOWER_COUNTED: Final = 20
INITIAL: Final = 21
SHOUTED: Final = 22
PART_LEFT: Final = 23
PART_RIGHT: Final = 24
WORD_LEFT: Final = 25
WORD_RIGHT: Final = 26
WHOLE: Final = 27
CLITIC: Final = 28
GLUED: Final = 29
COMPOUND: Final = 30
COMMON: Final = 31
INFLECTED: Final = 32
TITLED: Final = 33
LEGAL_RIGHT: Final = 34
DATELINE: Final = 35
HASH: Final = 36
BEFORE_NOUN: Final = 37
BEFORE_FUNCTION: Final = 38
BEFORE_CAPITAL: Final = 39
AFTER_THE: Final = 40
AFTER_PREPOSITION: Final = 41
AFTER_OF: Final = 42
AFTER_CAPITAL: Final = 43
ORDINARY: Final = 44
QUOTED: Final = 45
OFTEN: Final = 46
"""The first feature that the second round adds; the others of the span follow it."""
PROPER: Final = 47
INSIDE: Final = 48
AROUND: Final = 49
NIL_ANTECEDENT: Final = 50
BEST: Final = 51
"""The first feature of the best candidate."""
BEST_CONTEXT: Final = 74
"""The first of those that the article decides."""
MARGIN: Final = 90
"""The first feature of how clearly it won."""
ROW: Final = 94
"""How many features there are."""
