"""Checks outcomes while they come, in a few bytes a record: hours of records fit neither a disk nor a memory.

Each outcome is held against what its input must have been: text, key, place, id, and the order within its key. All
outcomes of one text with one version of the catalogue must be alike, and the first of them is read as strictly as a
consumer may; what the sender was told by Kafka is compared at the end.
"""

from __future__ import annotations

from array import array
from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import orjson

from chaos.soak.articles import KEYS, number_of
from streams.errors import WaslError
from streams.events.article import RawArticle
from streams.events.dead import decode_dead_letter, event_id
from streams.events.enriched import decode_enriched_article
from streams.events.envelope import carry_over
from streams.events.ids import RecordPosition, enriched_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chaos.soak.articles import Articles

__all__ = ["Tally"]

_GROW: Final = 1_000_000
_MOST_WORDS: Final = 20
_CODE: Final = "event.undecodable"
_NAMELESS: Final = RawArticle("soak", "", "")  # without a revision the id of an outcome does not depend on the article


class Tally:
    """What has come out so far.

    Args:
        articles: What goes in.
        topic: Name of the topic of raw articles.

    Attributes:
        enriched: Enriched articles read, likewise dead letters.
        seen: Inputs that have an outcome.
        duplicates: Outcomes beyond the first, under the same version of the catalogue.
        relinked: Outcomes beyond the first, under another version.
        problems: Broken promises by kind: lost, altered, reordered, unexplained.
        words: The first of them in words.
        versions: Versions of the catalogue by how many articles name them.
        delays: By the minute in which records were due, how many took how many milliseconds.
    """

    def __init__(self, articles: Articles, topic: str) -> None:
        self._articles = articles
        self._topic = topic
        self._partitions = array("b")
        self._offsets = array("q")
        self._versions_of = array("h")
        self._version_numbers: dict[str, int] = {}
        self._alike: dict[tuple[int, str], bytes] = {}
        self._last: dict[int, int] = {}
        self._pace: tuple[int, int, float] | None = None
        self.enriched = self.dead = self.seen = self.duplicates = self.relinked = 0
        self.problems: Counter[str] = Counter()
        self.words: list[str] = []
        self.versions: Counter[str] = Counter()
        self.delays: dict[int, Counter[int]] = {}

    def paced(self, first: int, began: int, rate: float) -> None:
        """Take the delays of records from FIRST on, which were due at RATE a second since BEGAN, in milliseconds."""
        self._pace = (first, began, rate)

    def add_enriched(self, key: bytes | None, value: bytes, headers: Sequence[tuple[str, Any]], at: int) -> None:
        """Check an enriched article.

        Args:
            key: Its key.
            value: Its value.
            headers: Its headers.
            at: When the broker took it, in milliseconds since the epoch.
        """
        self.enriched += 1
        document = orjson.loads(value)
        number = number_of(document["article_id"])
        if number is None or self._articles.is_bad(number):
            self._say("unexplained", f"the enriched article {document['article_id']} was never sent")
            return
        named = dict(headers)
        version, which = document["catalog_version"], self._articles.text_of(number)
        self.versions[version] += 1
        if (document["title"], document["body"]) != self._articles.text(which):
            self._say("altered", f"the text of {number} is another")
        place = _place(named.get("ce_causationid", b""), self._topic)
        if place is None:
            self._say("unexplained", f"the outcome of {number} names no record")
            return
        linker = document["linker"]
        sent_key, sent_value = self._articles.record(number)
        wanted = enriched_id(
            _NAMELESS,
            RecordPosition(self._topic, *place),
            key=sent_key,
            value=sent_value,
            linker=f"{linker['name']}/{linker['version']}",
            catalog_version=version,
        )
        if named.get("ce_id") != wanted.encode() or key != sent_key:
            self._say("altered", f"the id or the key of the outcome of {number} is another")
        self._compare(which, version, document, value)
        if self._note(number, place, version):
            self._order(number)
            self._time(number, at)

    def add_dead(self, value: bytes, headers: Sequence[tuple[str, Any]]) -> None:
        """Check a dead letter."""
        self.dead += 1
        letter = decode_dead_letter(value)
        place = (letter.origin.partition, letter.origin.offset)
        digits = (letter.origin.value or b"").partition(b"soak-")[2].partition(b'"')[0]
        number = int(digits) if digits.isdigit() else -1
        if number < 0 or not self._articles.is_bad(number) or letter.failure.code != _CODE:
            self._say("unexplained", f"a dead letter with {letter.failure.code} of {place}: {letter.failure.message}")
            return
        wanted = event_id(letter, carried=len(carry_over(headers))).encode()
        is_whole = (letter.origin.topic, letter.origin.key, letter.origin.value) == (
            self._topic,
            *self._articles.record(number),
        )
        if not is_whole or dict(headers).get("ce_id") != wanted:
            self._say("altered", f"the dead letter of {number} differs from its record")
        self._note(number, place, "")

    def gap(self, topic: str, partition: int, wanted: int, got: int) -> None:
        """Note that records of a topic of outcomes were gone before they could be read."""
        self._say("lost", f"{topic}-{partition} has {got} where {wanted} was to come; the check was overtaken")

    def finish(self, partitions: Sequence[int], offsets: Sequence[int]) -> int:
        """Compare with what the sender was told by Kafka, by number; return how many records it acknowledged.

        Args:
            partitions: Where each record stands.
            offsets: The same; below zero where Kafka did not acknowledge it.
        """
        acknowledged = 0
        self._make_room(len(offsets))
        for number, (partition, offset) in enumerate(zip(partitions, offsets, strict=True)):
            if offset < 0:
                continue
            acknowledged += 1
            if self._offsets[number] < 0:
                self._say("lost", f"{self._topic}-{partition}-{offset}: neither enriched nor dead")
            elif (self._partitions[number], self._offsets[number]) != (partition, offset):
                self._say("altered", f"the outcome of {number} names another record")
        return acknowledged

    def _compare(self, which: int, version: str, document: dict[str, Any], value: bytes) -> None:
        found = blake2b(
            orjson.dumps([document["language"], document["mentions"], document["entities"], document["linker"]]),
            digest_size=16,
        ).digest()
        first = self._alike.setdefault((which, version), found)
        if first is not found:
            if first != found:
                self._say("altered", f"text {which} was linked in two ways with {version}")
            return
        try:
            decode_enriched_article(value)  # checks every mention
        except WaslError as exc:
            self._say("altered", f"text {which} cannot be read: {exc}")

    def _note(self, number: int, place: tuple[int, int], version: str) -> bool:
        """Remember an outcome; return whether it is the first of its input."""
        self._make_room(number + 1)
        known = self._version_numbers.setdefault(version, len(self._version_numbers))
        if self._offsets[number] >= 0:
            if (self._partitions[number], self._offsets[number]) != place:
                self._say("altered", f"two outcomes of {number} name different records")
            is_same = self._versions_of[number] == known
            self.duplicates += is_same
            self.relinked += not is_same
            return False
        self.seen += 1
        self._partitions[number], self._offsets[number] = place
        self._versions_of[number] = known
        return True

    def _order(self, number: int) -> None:
        lane = number % KEYS
        if number < self._last.get(lane, -1):
            self._say("reordered", f"{number} stands after {self._last[lane]} of its key")
        self._last[lane] = number

    def _time(self, number: int, at: int) -> None:
        if self._pace is None or number < self._pace[0]:
            return
        first, began, rate = self._pace
        after = (number - first) * 1_000 / rate
        minute = int(after // 60_000)
        self.delays.setdefault(minute, Counter())[max(0, round(at - began - after))] += 1

    def _make_room(self, count: int) -> None:
        if len(self._offsets) < count:
            more = count - len(self._offsets) + _GROW
            self._partitions.extend(_repeated(-1, more))
            self._offsets.extend(_repeated(-1, more))
            self._versions_of.extend(_repeated(-1, more))

    def _say(self, kind: str, message: str) -> None:
        self.problems[kind] += 1
        if len(self.words) < _MOST_WORDS:
            self.words.append(f"{kind}: {message}")


def _repeated(value: int, count: int) -> Iterable[int]:
    return (value for _ in range(count))


def _place(causation: bytes, topic: str) -> tuple[int, int] | None:
    found, _, rest = causation.decode().rpartition("-")
    name, _, partition = found.rpartition("-")
    return (int(partition), int(rest)) if name == topic and rest.isdecimal() and partition.isdecimal() else None
