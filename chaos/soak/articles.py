"""The articles of a soak: some hundred texts of mixed length and language, each sent again and again under new ids.

A record is known by its number alone, so that millions of them need no list: the number gives text, id and key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bench.inputs import LANGUAGES, article
from streams.events.article import encode_raw_article

__all__ = ["BAD_EVERY", "KEYS", "Articles", "number_of"]

BAD_EVERY: Final = 1_000
"""One record in so many is no article, and must come to a dead letter."""

KEYS: Final = 997
"""Keys that the records have in turn."""

_DIFFERENT: Final = 300
_PREFIX: Final = "soak-"
_SLOT: Final = b"@number@"
# Bytes of the bodies, out of twenty: flashes, agency reports, articles as long as a page, and a few long reads.
_SIZES: Final = (200,) * 3 + (2_000,) * 10 + (4_800,) * 6 + (20_000,)


class Articles:
    """Records by their number; the same ones every time.

    Attributes:
        mean_bytes: Mean length of an article as JSON.
    """

    def __init__(self) -> None:
        self._texts: list[tuple[str, str]] = []
        self._halves: list[tuple[bytes, bytes]] = []
        for number in range(_DIFFERENT):
            # Sizes and languages turn at different paces, so that every pair comes up.
            one = article(LANGUAGES[number % 3], _SIZES[number % len(_SIZES)], number=number)
            head, _, tail = encode_raw_article(replace(one, article_id=_SLOT.decode())).partition(_SLOT)
            self._texts.append((one.title, one.body))
            self._halves.append((head, tail))
        self.mean_bytes = sum(len(head) + len(tail) for head, tail in self._halves) / _DIFFERENT

    def record(self, number: int) -> tuple[bytes, bytes]:
        """Return key and value of a record."""
        key = b"key-%d" % (number % KEYS)
        if self.is_bad(number):
            return key, b'{"article_id": "%s%d", this is no JSON' % (_PREFIX.encode(), number)
        head, tail = self._halves[self.text_of(number)]
        return key, b"%s%s%d%s" % (head, _PREFIX.encode(), number, tail)

    def is_bad(self, number: int) -> bool:
        """Say whether a record is no article."""
        return number % BAD_EVERY == BAD_EVERY - 1

    def text_of(self, number: int) -> int:
        """Return which text an article has."""
        return number % _DIFFERENT

    def text(self, which: int) -> tuple[str, str]:
        """Return title and body of a text."""
        return self._texts[which]


def number_of(article_id: str) -> int | None:
    """Return the number of the record that an article's id names; None where it is none of ours."""
    digits = article_id[len(_PREFIX) :]
    return int(digits) if article_id.startswith(_PREFIX) and digits.isdecimal() else None
