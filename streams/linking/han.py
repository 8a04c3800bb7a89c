"""Han: characters of Chinese that are written in one way in Taiwan and Hong Kong and in another on the mainland.

A catalogue has 國際貨幣基金組織 where a text has 国际货币基金组织. The table, ``han.txt``, is that of OpenCC for single
characters (BYVoid/OpenCC, Apache-2.0), each traditional character above the simplified one; `tests.support.han` makes
it. What two traditional characters have in common (後 and 后 are 后) is told apart by the name as written.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

__all__ = ["SIMPLIFIED"]

_TRADITIONAL, _SIMPLE = files("streams.linking").joinpath("han.txt").read_text(encoding="utf-8").splitlines()

SIMPLIFIED: Final[dict[str, str]] = dict(zip(_TRADITIONAL, _SIMPLE, strict=True))
"""What each traditional character is in simplified writing."""
