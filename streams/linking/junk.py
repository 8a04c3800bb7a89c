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
        spans = [found.span() for found in _ADDRESS.finditer(text)]
    if not _may_hold_token(text):
        return spans
    for found in _TOKEN.finditer(text):
        token = found[0]
        if _CASES.match(token) is None and len(token) < 40:
            continue
        start, end = found.span()
        if _decodes_to_text(token):
            line_end = text.find("\n", end)
            end = len(text) if line_end < 0 else line_end
        spans.append((start, end))
    return _apart(sorted(spans))


def _may_hold_token(text: str) -> bool:
    """Whether the letters of a token follow each other so often as a token is long at least."""
    length: i64 = len(text)
    # No stretch so long is without one of these positions.
    at: i64 = _TOKEN_LENGTH - 1
    while at < length:
        start = at
        while start >= 0 and _is_of_token(ord(text[start])):
            start -= 1
        end = at
        while end < length and _is_of_token(ord(text[end])):
            end += 1
        if end - start > _TOKEN_LENGTH:
            return True
        at += _TOKEN_LENGTH
    return False


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
