"""Mutation that knows the structure of its inputs: JSON by its tokens, texts by fragments of many scripts.

A mutator makes inputs from seeds and a `random.Random`, so that the same number gives the same inputs again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

__all__ = ["FRAGMENTS", "VALUES", "JsonMutator", "TextMutator"]

_EDGES: Final = (8, 16, 31, 32, 53, 63, 64)
_MOST_OFTEN: Final = 12
_LENGTHS: Final = (35, 36, 200, 201, 249, 250, 300, 301, 512, 513, 1000, 1001, 2000, 2001, 10_001)
VALUES: Final[tuple[bytes, ...]] = (
    *b'null true false 0 -0 1 -1 0.5 1.0 1.5 1e308 1e309 -1e309 1e-400 "" {} [] "a" [null] [[]] {"":null} NaN'.split(),
    *(str(2**edge + more).encode() for edge in _EDGES for more in (-1, 0, 1)),
    b"9" * 400,
    b"0." + b"3" * 400,
    b"[" * 40 + b"]" * 40,
    b"[" * 1000 + b"]" * 1000,
    b'{"a":' * 33 + b"1" + b"}" * 33,
    b'{"a":' * 1000 + b"1" + b"}" * 1000,
    *(
        b'"%b"' % text
        for text in (rb"\ud800", rb"\udc00\ud800", rb"\ud83d\ude00", rb"\u0000", rb"\ufeff", rb"\q", b"\0")
    ),
    *(b'"%b"' % (b"a" * length) for length in _LENGTHS),
    *(
        f'"{text}"'.encode()
        for text in ("القاهرة", "\u202eevil\u2066", "😀", "e\u0301", "ＮＶＩＤＩＡ", "<script>1</script>")
    ),
    b'"\xed\xa0\x80"',
    b'"\xff\xfe"',
    *b'"2026-01-31T09:30:00Z" "2026-02-30T09:30:00Z" "Q1" "Q0" "Q99999999999999" "local:x" "en" "ar-EG"'.split(),
    *b'"AAEC" "AAE" "AAE=" "AB==" "title" "body" "person" "merge" "set" "retire" "processing"'.split(),
)
"""JSON values, or what is nearly one, at which decoders stumble."""

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[\[\]{},:]|\s+|.', re.DOTALL)
_STRUCTURE: Final = frozenset(b"[]{},: \n\r\t")
_NOISE: Final = (b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b" ", b"\0", b"\xff", b"\xef\xbb\xbf", b"-", b"e9")


class JsonMutator:
    """Makes JSON that is nearly right.

    Half of the inputs begin with a seed as it is and differ in one value of the same kind, so that they get far
    into a decoder; the others are damaged more.

    Args:
        seeds: Examples, good and bad.
        chance: Where randomness comes from.
        good: Of these seeds, those that are taken more often.
    """

    def __init__(self, seeds: Sequence[bytes], chance: random.Random, *, good: Sequence[bytes] = ()) -> None:
        self._random = chance.random
        self._seeds = _weighted(seeds)
        self._good = _weighted(good)
        pool = sorted({token for tokens, _ in self._seeds for token in tokens if token[0] not in _STRUCTURE})
        pool += VALUES
        self._texts = [token for token in pool if token[:1] == b'"']
        self._others = [token for token in pool if token[:1] != b'"']

    def __call__(self) -> bytes:
        """Return the next input."""
        random = self._random
        dice = random()
        from_ = self._good if dice < 0.75 and len(self._good) > 0 else self._seeds
        tokens, places = from_[int(random() * len(from_))]
        tokens = tokens.copy()
        if dice < 0.5:
            at = places[int(random() * len(places))]
            kind = self._texts if tokens[at][:1] == b'"' else self._others
            tokens[at] = kind[int(random() * len(kind))]
            return b"".join(tokens)
        for _ in range(1 + int(random() * 3)):
            self._change(tokens, places)
        data = b"".join(tokens)
        return self._bytes(data) if dice > 0.95 and len(data) > 0 else data

    def _change(self, tokens: list[bytes], places: list[int]) -> None:
        random = self._random
        what = int(random() * 10)
        at = min(places[int(random() * len(places))], len(tokens) - 1)
        if what < 5:
            kind = self._texts if what < 3 else self._others
            tokens[at] = kind[int(random() * len(kind))]
        elif what == 5:
            tokens[at] = _NOISE[int(random() * len(_NOISE))]
        elif what < 8:
            end = at + int(random() * 8)
            tokens[at:at] = tokens[at:end]
        elif what == 8 and len(tokens) > 1:
            end = at + 1 + int(random() * 4)
            tokens[at:end] = [b"{}"] if end - at >= len(tokens) else []
        else:
            other = int(random() * len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]

    def _bytes(self, data: bytes) -> bytes:
        random = self._random
        at, what = int(random() * len(data)), int(random() * 4)
        if what == 0:
            return data[:at]
        if what == 1:
            return data[:at] + bytes((int(random() * 256),)) + data[at + 1 :]
        if what == 2:
            return data[:at] + _NOISE[int(random() * len(_NOISE))] + data[at:]
        return data[:at] + data[at + 1 + int(random() * 8) :]


def _weighted(seeds: Sequence[bytes]) -> list[tuple[list[bytes], list[int]]]:
    """Return seeds by their tokens and places, small ones several times: more of them can be tried in a time."""
    found = [(tokens, _places(tokens)) for seed in seeds if len(tokens := _TOKEN.findall(seed)) > 0]
    most = max((len(tokens) for tokens, _ in found), default=1)
    return [seed for seed in found for _ in range(min(_MOST_OFTEN, most // len(seed[0])))]


def _places(tokens: list[bytes]) -> list[int]:
    """Return where values and names stand among the tokens."""
    return [at for at, token in enumerate(tokens) if token[0] not in _STRUCTURE] or [0]


FRAGMENTS: Final[tuple[str, ...]] = (
    *"a A é e\u0301 ß ſt İ ı ﬁ ŉ ǆ Ω K ﬀ 2 ٣ 二 ½ Ⅷ ﷺ ﷽ لا ﻻ ـ ً ّ ٰ ۀ آ أ إ ة ى ئ ؤ گ پ چ هـ للّٰه".split(),
    *"بال وال كال فال لل ال و ف ب ك ل س وNVIDIA لإنفيديا للسعودية إنفيديا هوانغ هوانج".split(),
    *"أوبن إيه آي الأمريكية كندا لندن Nvidia NVIDIA Nvidia's nvidias Apple Inc. U.S. US".split(),
    *"AT&T OpenAI Huang Jensen Merkels Kohls 東京 东京 서울 서울에서 삼성전자는 กรุงเทพ ไทย が か\u3099 ｶﾞ ﾊﾟ".split(),
    *"각 \u1100\u1161\u11a8 İstanbul'da Türkiye'de Москва Ἀθῆναι דָּוִד हिन्दी தமிழ்".split(),
    *map(chr, (0, 0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200D, 0x200E, 0x200F, 0x202E, 0x2066, 0x2069, 0x2028, 0x2060)),
    *map(
        chr, (0xFE0F, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F680, 0xE0041, 0x10FFFF, 0xD800, 0xDFFF, 0x301, 0x489, 0x20DD)
    ),
    *map(chr, (10, 9, 13, 32, 0xA0, 0x3000)),
    *('"', "\n\n", "\r\n", "  ", ". ", ", ", "\U0001f468\u200d\U0001f469", "http://a.example/b?c=d"),
    *". ؟ ، 。 ! … - – ' ’ “ ( ) [ a@b.example #tag @you <b> &amp; {{x}} 1,000.5".split(),
)
"""Pieces of text: letters that fold in odd ways, clitics, names, marks, controls, junk."""

_LONG: Final = (100, 1_000, 5_000)


class TextMutator:
    """Makes texts from fragments, names of a catalogue and stretches of seeds.

    Args:
        seeds: Texts.
        names: Names that the catalogue holds.
        chance: Where randomness comes from.
        most: Most pieces of one text.
        rarely: One text in so many has a piece thousands of times, to find what is worse than linear.
    """

    def __init__(
        self, seeds: Sequence[str], names: Sequence[str], chance: random.Random, *, most: int = 12, rarely: int = 5_000
    ) -> None:
        self._seeds = [seed for seed in seeds if seed != ""]
        self._names = names
        self._chance = chance
        self._most = most
        self._rarely = rarely

    def __call__(self) -> str:
        """Return the next input."""
        pieces = [self._piece() for _ in range(1 + self._below(self._most))]
        if self._below(self._rarely) == 0:
            pieces = pieces[:3] * _LONG[self._below(len(_LONG))]
        return "".join(pieces)

    def _piece(self) -> str:
        what = self._below(10)
        if what < 4:
            return FRAGMENTS[self._below(len(FRAGMENTS))]
        if what < 7:
            name = self._names[self._below(len(self._names))]
            return f" {name}" if what == 4 else name
        if what < 9:
            seed = self._seeds[self._below(len(self._seeds))]
            start = self._below(len(seed))
            return seed[start : start + 1 + self._below(20)]
        return chr(self._below(0x110000))

    def _below(self, limit: int) -> int:
        return int(self._chance.random() * limit)
