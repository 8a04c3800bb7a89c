"""Stretches of text that are no prose: addresses, handles, tracking tokens. Nothing in them is a mention."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_extensions import i64

__all__ = ["junk_spans"]

_TOKEN_LETTERS: Final = bytes(
    chr(code) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-" for code in range(128)
)
_TOKEN_LENGTH: Final = 20
_AT: Final = 0x40
_COLON: Final = 0x3A
_CAPITAL_W: Final = 0x57
_SMALL_W: Final = 0x77
_ADDRESS: Final = re.compile(
    r"""(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s<>"'«»،؛]{1,2000}      # URL
      | [\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+                 # e-mail
      | (?<![\w@])@\w{1,50}                                         # handle
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TOKEN: Final = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w+/=])")
_CASES: Final = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])")


def junk_spans(text: str) -> list[tuple[int, int]]:
    """Return the stretches of ``text`` that are no prose, in order and apart from each other.

    A Base64 token that decodes to plain text is a scraper's residue (a visitor's address, for instance), and so is
    whatever follows it on its line.
    """
    spans = []
    if "@" in text or "://" in text or "www." in text:
        spans = _addresses(text)
    tokens = _tokens(text)
    if len(tokens) == 0:
        return spans
    for found in tokens:
        token = found[0]
        if _CASES.match(token) is None and len(token) < 40:
            continue
        start, end = found.span()
        if _decodes_to_text(token):
            line_end = text.find("\n", end)
            end = len(text) if line_end < 0 else line_end
        spans.append((start, end))
    return _apart(sorted(spans))


def _addresses(text: str) -> list[tuple[int, int]]:
    """Find addresses in those stretches without white space that hold what every address does."""
    spans: list[tuple[int, int]] = []
    length: i64 = len(text)
    at: i64 = 0
    while at < length:
        code: i64 = ord(text[at])
        if (
            code == _AT
            or (code == _COLON and text.startswith("://", at))
            or (code in (_CAPITAL_W, _SMALL_W) and text[at : at + 4].lower() == "www.")
        ):
            low = at
            while low > 0 and not text[low - 1].isspace():
                low -= 1
            at += 1
            while at < length and not text[at].isspace():
                at += 1
            spans.extend([found.span() for found in _ADDRESS.finditer(text, low, at)])
        at += 1
    return spans


def _tokens(text: str) -> list[re.Match[str]]:
    """Find tokens: only where the letters of one follow each other so often as it is long at least."""
    found: list[re.Match[str]] = []
    length: i64 = len(text)
    # No stretch so long is without one of these positions.
    at: i64 = _TOKEN_LENGTH - 1
    while at < length:
        if _is_of_token(ord(text[at])):
            start = at
            while start > 0 and _is_of_token(ord(text[start - 1])):
                start -= 1
            while at < length and _is_of_token(ord(text[at])):
                at += 1
            if at - start >= _TOKEN_LENGTH:
                token = _TOKEN.match(text, start)
                if token is not None:
                    found.append(token)
        at += _TOKEN_LENGTH
    return found


def _is_of_token(code: i64) -> bool:
    return code < len(_TOKEN_LETTERS) and _TOKEN_LETTERS[code] != 0


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if len(apart) > 0 and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _decodes_to_text(token: str) -> bool:
    padded = token.rstrip("=") + "=" * (-len(token.rstrip("=")) % 4)
    try:
        decoded = base64.b64decode(padded, altchars=b"-_" if "-" in token or "_" in token else None, validate=True)
    except (binascii.Error, ValueError):
        return False
    return decoded.isascii() and all(32 <= byte < 127 or byte in b"\t\r\n" for byte in decoded)
