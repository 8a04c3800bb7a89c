"""A block of lines to candidates: the whole of a worker's work, and the inner loop of an import.

A line that is no JSON object of the dump's form is broken: it is listed with its number and reason. Lines that are
left out on purpose are counted by reason. Most of a dump has next to no sitelinks; such a line is told by its last
part alone, unless it says what it is a subclass of, which the types of others need.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson
import zstandard

from streams.catalog.sources.wikidata.classes import HIDDEN
from streams.catalog.sources.wikidata.derive import derive
from streams.catalog.sources.wikidata.options import item_number
from streams.catalog.sources.wikidata.statements import item_numbers
from streams.errors import EventError
from streams.events.entity import parse_entity
from streams.events.read import excerpt

if TYPE_CHECKING:
    from streams.catalog.sources.wikidata.options import ImportOptions

__all__ = ["FEW_SITELINKS", "HIDDEN_PAGE", "NOT_AN_ITEM", "NO_NAME", "BlockResult", "parse_block"]

NOT_AN_ITEM: Final = "not_an_item"
FEW_SITELINKS: Final = "few_sitelinks"
NO_NAME: Final = "no_name_in_the_languages"
HIDDEN_PAGE: Final = "page_about_pages"

_SPACE: Final = b" \t\r,\xef\xbb\xbf"
_BRACKETS: Final = (b"", b"[", b"]")
_SITELINKS: Final = b'"sitelinks":'
_SITE: Final = b'"site":'
_SUBCLASS: Final = b'"P279"'
# In both forms of line, the item's own id comes before any other.
_ID: Final = re.compile(rb'"id": ?"Q([1-9][0-9]{0,11})"')
_OTHER_KIND: Final = re.compile(rb'\{"type": ?"(?:property|lexeme)"')


@dataclass(slots=True)
class BlockResult:
    """What a block became.

    Attributes:
        candidates: A zstd frame of lines ``{"c": classes, "r": revision, "e": entity without a type}``; empty if none.
        ids: Numbers of the candidates' items, as an array of 8-byte integers.
        edges: Pairs of numbers, class and class above it, likewise.
        redirects: JSON lines ``{"id": …, "redirect": …}``.
        broken: JSON lines ``{"line": …, "reason": …}``.
        counts: ``lines``, ``items``, ``candidates``, ``broken``, ``redirects``, and what was left out, by reason.
    """

    candidates: bytes = b""
    ids: bytes = b""
    edges: bytes = b""
    redirects: bytes = b""
    broken: bytes = b""
    counts: Counter[str] = field(default_factory=Counter)


class _Block:
    def __init__(self, options: ImportOptions) -> None:
        self.options = options
        self.counts: Counter[str] = Counter()
        self.candidates: list[bytes] = []
        self.ids = array("Q")
        self.edges = array("Q")
        self.redirects: list[bytes] = []
        self.broken: list[bytes] = []

    def parse(self, data: bytes, first_line: int) -> None:
        fewest = self.options.min_sitelinks
        for number, raw in enumerate(data.split(b"\n"), start=first_line):
            line = raw.strip(_SPACE)
            if line in _BRACKETS:
                continue
            self.counts["lines"] += 1
            if _OTHER_KIND.match(line) is not None:
                self.counts[NOT_AN_ITEM] += 1
            elif fewest == 0 or not self._is_plainly_unknown(line, fewest):
                try:
                    self._line(line)
                except (ValueError, TypeError, KeyError, AttributeError, IndexError, EventError) as exc:
                    self._report(number, line, exc)

    def _is_plainly_unknown(self, line: bytes, fewest: int) -> bool:
        """Whether the item has few sitelinks, is in no list, and is no class."""
        at = line.rfind(_SITELINKS)
        if at < 0 or line.count(_SITE, at) >= fewest or _SUBCLASS in line:
            return False
        if len(self.options.ids) > 0:
            found = _ID.search(line)
            if found is None or int(found[1]) in self.options.ids:
                return False
        try:
            sitelinks = orjson.loads(b"{" + line[at:])["sitelinks"] or {}
        except orjson.JSONDecodeError:
            return False
        if line[:1] != b"{" or not isinstance(sitelinks, (dict, list)) or len(sitelinks) >= fewest:
            return False
        self.counts["items"] += 1
        self.counts[FEW_SITELINKS] += 1
        return True

    def _line(self, line: bytes) -> None:
        item = orjson.loads(line)
        if "redirect" in item:
            self._redirect(item)
            return
        if item["type"] != "item":
            self.counts[NOT_AN_ITEM] += 1
            return
        number = item_number(item["id"])
        if number is None:
            raise ValueError(f"its id is {item['id']!r}, which is no item's")
        listed = number in self.options.ids
        claims = item["claims"] or {}
        if "P279" in claims:
            for above in item_numbers(claims, "P279"):
                self.edges.extend((number, above))
        if not listed and len(item.get("sitelinks") or ()) < self.options.min_sitelinks:
            self._leave(FEW_SITELINKS)
            return
        classes = item_numbers(claims, "P31") if "P31" in claims else []
        if not listed and not HIDDEN.keys().isdisjoint(classes):
            self._leave(HIDDEN_PAGE)
            return
        document = derive(item, self.options.languages)
        if document is None:
            self._leave(NO_NAME)
            return
        revision = item.get("lastrevid") or 0
        if not isinstance(revision, int):
            raise TypeError(f"its revision is {excerpt(revision)}, which is no whole number")
        # What the catalogue's rules refuse must be seen here: later it would stop the whole import.
        parse_entity({**document, "type": "other"})
        self.counts["items"] += 1
        self.counts["candidates"] += 1
        self.ids.append(number)
        self.candidates.append(orjson.dumps({"c": classes, "r": revision, "e": document}))

    def _leave(self, reason: str) -> None:
        self.counts["items"] += 1
        self.counts[reason] += 1

    def _redirect(self, item: dict[str, Any]) -> None:
        gone, stays = item.get("entity") or item.get("id"), item["redirect"]
        if item_number(str(gone)) is None or item_number(str(stays)) is None:
            self._leave(NOT_AN_ITEM)
            return
        self.counts["redirects"] += 1
        self.redirects.append(orjson.dumps({"id": gone, "redirect": stays}, option=orjson.OPT_APPEND_NEWLINE))

    def _report(self, number: int, line: bytes, exc: Exception) -> None:
        self.counts["broken"] += 1
        reason = exc.message if isinstance(exc, EventError) else _reason(exc)
        begins = line[:60].decode(errors="replace")
        self.broken.append(
            orjson.dumps(
                {"line": number, "reason": reason, "bytes": len(line), "begins": begins},
                option=orjson.OPT_APPEND_NEWLINE,
            )
        )


def parse_block(data: bytes, first_line: int, options: ImportOptions) -> BlockResult:
    """Turn whole lines of a dump into candidates; nothing in them can make this fail.

    Args:
        data: The lines.
        first_line: Number of the first one in the dump.
        options: What to keep.
    """
    block = _Block(options)
    block.parse(data, first_line)
    lines = b"".join(line + b"\n" for line in block.candidates)
    return BlockResult(
        candidates=zstandard.ZstdCompressor(level=3).compress(lines) if len(lines) > 0 else b"",
        ids=block.ids.tobytes(),
        edges=block.edges.tobytes(),
        redirects=b"".join(block.redirects),
        broken=b"".join(block.broken),
        counts=block.counts,
    )


def _reason(exc: Exception) -> str:
    if isinstance(exc, orjson.JSONDecodeError):
        return f"not valid JSON: {exc}"
    if isinstance(exc, KeyError):
        return f"not of the dump's form: there is no {exc}"
    return f"not of the dump's form: {exc}"
