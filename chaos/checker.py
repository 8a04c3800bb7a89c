"""Holds what stands in the topics against the workers' promises; it shares no state with any worker.

Every raw record must have come to exactly one outcome: an enriched article with the id that its position and the
versions give, a dead letter that holds it whole, or the tombstone passed on. Outcomes may stand more than once; then
they share their id and differ in nothing but the time of their making. A record that is read again after the catalogue
or the rules have changed may come to another outcome, which then has another id; where that is so, something known
must have changed.

With `Expected`, what the harness knows is held against them too: which texts were sent, in which order, which
versions of the catalogue were live when, and which records have a reason to be dead letters.

Length: one list of promises, each a few lines.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from chaos.load import text_hash
from chaos.shelf import MARKED
from streams.errors import WaslError
from streams.events.article import decode_raw_article
from streams.events.dead import DeadLetter, decode_dead_letter, event_id
from streams.events.enriched import decode_enriched_article
from streams.events.envelope import Envelope, carry_over, read_envelope
from streams.events.ids import RecordPosition, enriched_id, unlinked_id
from streams.events.unlinked import decode_unlinked_name
from streams.kafka.consumer import StoredRecord, open_consumer, read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chaos.load import Sent
    from chaos.shelf import LiveVersion
    from streams.events.enriched import EnrichedArticle
    from streams.settings import KafkaSettings

__all__ = ["Expected", "Problem", "Report", "check", "examine", "origin_of"]

_POSITION: Final = re.compile(r".*-([0-9]+)-([0-9]+)")
_TIMES: Final = {"enriched_at", "failed_at", "seen_at"}
# An article with a revision names itself, so that of two records with it the outcomes differ in these.
_OF_THE_INPUT: Final = {"ce_causationid", "ce_time"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the harness knows of a run.

    Attributes:
        sent: What Kafka acknowledged.
        versions: When which version of the catalogue was live.
        late: For how long after it ceased to be live a version may be used, in seconds.
        codes: Codes of dead letters that a fault explains.
        excused: Places of raw records, partition and offset, whose outcomes may have gone with a deleted topic.
        may_vanish: Whether Kafka was made to drop raw records.
        committed: By partition, what was committed when it was: what lies before it has an outcome, dropped or not.
    """

    sent: tuple[Sent, ...]
    versions: tuple[LiveVersion, ...]
    late: float
    codes: frozenset[str] = frozenset()
    excused: frozenset[tuple[int, int]] = frozenset()
    may_vanish: bool = False
    committed: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken promise: its kind (``lost``, ``altered``, ``reordered``, ``version``, ``unexplained``) and the case."""

    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass
class Report:
    """What the topics hold, and what of it is wrong.

    Attributes:
        raw: Records of the topic of raw articles.
        enriched: Records of that topic, likewise the next two.
        problems: Every promise that is broken.
        duplicates: Records of outcomes beyond the first of their id, by topic's kind.
        relinked: Outcomes of an input beyond its first that have another id: the input was read again, and in between
            the catalogue was changed, or a fault changed what a topic takes.
        dropped: Raw records that Kafka dropped before anybody had read them.
        lateness: For how long after it ceased to be live a version was used at most, in seconds.
    """

    raw: list[StoredRecord] = field(default_factory=list)
    enriched: list[StoredRecord] = field(default_factory=list)
    dead: list[StoredRecord] = field(default_factory=list)
    unlinked: list[StoredRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    duplicates: Counter[str] = field(default_factory=Counter)
    relinked: int = 0
    dropped: int = 0
    lateness: float = 0.0

    def dead_letters(self) -> list[DeadLetter]:
        """Return the dead letters as values."""
        return [decode_dead_letter(record.value or b"") for record in self.dead]

    def count(self, kind: str) -> int:
        """Return how many problems are of a kind."""
        return sum(problem.kind == kind for problem in self.problems)


def check(kafka: KafkaSettings, expected: Expected | None = None) -> Report:
    """Read the four topics from their start, and list every promise that they break.

    Args:
        kafka: Where they are.
        expected: What else is known; None where nothing is.

    Raises:
        BrokerError: Kafka cannot be read.
    """
    report = Report()
    topics = kafka.topics
    by_topic = {
        topics.raw: report.raw,
        topics.enriched: report.enriched,
        topics.dead: report.dead,
        topics.unlinked: report.unlinked,
    }
    with open_consumer(kafka) as consumer:
        for record in read_records(consumer, list(by_topic)):
            by_topic[record.topic].append(record)
    examine(report, topics.raw, expected)
    return report


def examine(report: Report, topic: str, expected: Expected | None = None) -> None:
    """List every promise that the records of a report break.

    Args:
        report: Records as they were read; takes the problems.
        topic: Name of the topic of raw articles.
        expected: What else is known; None where nothing is.
    """
    _Checker(report, topic, expected).check()


class _Checker:
    def __init__(self, report: Report, topic: str, expected: Expected | None) -> None:
        self._report = report
        self._expected = expected
        self._raw = {(record.partition, record.offset): record for record in report.raw}
        self._there = set(self._raw)
        if expected is not None:
            for sent in expected.sent:
                self._raw.setdefault((sent.partition, sent.offset), _as_stored(topic, sent))
        self._enriched: list[tuple[StoredRecord, EnrichedArticle]] = []

    def check(self) -> None:
        for record in self._report.enriched:
            if record.value is not None:
                try:
                    self._enriched.append((record, decode_enriched_article(record.value)))  # checks every mention
                except WaslError as exc:
                    self._say("altered", f"{record.topic}-{record.partition}-{record.offset} cannot be read: {exc}")
        self._check_duplicates("enriched", [record for record, _ in self._enriched])
        self._check_duplicates("dead", self._report.dead)
        self._check_duplicates("unlinked", self._report.unlinked)
        self._check_outcomes()
        self._check_carried()
        self._check_dead()
        self._check_unlinked()
        self._check_order()
        if self._expected is not None:
            self._check_sent(self._expected)
            self._check_versions(self._expected)

    def _say(self, kind: str, message: str) -> None:
        self._report.problems.append(Problem(kind, message))

    def _check_duplicates(self, name: str, records: Iterable[StoredRecord]) -> None:
        seen: dict[str, tuple[Any, ...]] = {}
        for record in records:
            if record.value is None:
                continue
            document = json.loads(record.value)
            names_itself = name == "enriched" and "revision" in document
            event_id = _envelope(record.headers).id
            same = (
                record.key,
                tuple(each for each in record.headers if not (names_itself and each[0] in _OF_THE_INPUT)),
                {key: value for key, value in document.items() if key not in _TIMES},
            )
            if event_id in seen:
                self._report.duplicates[name] += 1
                # Names found in an article with a revision show the record that it came with.
                if seen[event_id] != same and name != "unlinked":
                    self._say("altered", f"{name}: two records with the id {event_id} differ")
            seen.setdefault(event_id, same)

    def _check_outcomes(self) -> None:
        versions = {
            (f"{article.linker.name}/{article.linker.version}", article.catalog_version)
            for _, article in self._enriched
        }
        enriched = {_envelope(record.headers).id for record, _ in self._enriched}
        origins = {origin_of(record) for record, _ in self._enriched}
        codes = frozenset[str]() if self._expected is None else self._expected.codes
        verdicts: defaultdict[tuple[int, int], dict[str, str]] = defaultdict(dict)
        for record, letter in zip(self._report.dead, self._report.dead_letters(), strict=True):
            verdicts[letter.origin.partition, letter.origin.offset][_envelope(record.headers).id] = letter.failure.code
        tombstones = Counter(record.key for record in self._report.enriched if record.value is None)
        explained_enriched: set[str] = set()
        for at, record in self._raw.items():
            position = RecordPosition(record.topic, record.partition, record.offset)
            if record.value is None and record.key is not None:
                if tombstones[record.key] == 0:
                    self._miss(at, f"{position}: the tombstone of {record.key!r} was not passed on")
                continue
            found = _possible_ids(record, position, versions) & enriched
            dead = verdicts.pop(at, {})
            explained_enriched |= found
            if len(found) == 0 and len(dead) == 0:
                self._miss(at, f"{position}: neither enriched nor dead")
            # An article with a revision that was sent twice may be enriched once, and refused the other time.
            is_twin = len(dead) == 1 and _names_itself(record) and at not in origins
            self._report.relinked += max(0, len(found) + len(dead) - 1 - is_twin)
            # One that was delivered and not committed is read again, and refused where its topic has shrunk meanwhile;
            # or refused for another reason, by a worker that has not yet learnt that it has, and by one that has.
            if not (is_twin or set(dead.values()) <= codes):
                self._check_single(position, len(found), sorted(dead.values()))
        for each in enriched - explained_enriched:
            self._say("unexplained", f"the enriched article {each} comes from no raw record")
        for each in (each for dead in verdicts.values() for each in dead):
            self._say("unexplained", f"the dead letter {each} comes from no raw record")

    def _check_single(self, position: RecordPosition, enriched: int, dead: Sequence[str]) -> None:
        if enriched > 0 and len(dead) > 0:
            self._say("unexplained", f"{position}: both enriched and dead")
        elif len(dead) > 1:
            self._say("unexplained", f"{position}: dead for {len(dead)} reasons: {', '.join(dead)}")

    def _miss(self, at: tuple[int, int], message: str) -> None:
        expected = self._expected
        had_its_turn = expected is not None and at[1] < expected.committed.get(at[0], 0)
        if at not in self._there and not had_its_turn:
            self._report.dropped += 1
        elif expected is None or at not in expected.excused:
            self._say("lost", message)

    def _check_carried(self) -> None:
        """An enriched article has the key of its record, and all its headers that are not Wasl's own."""
        for record, _ in self._enriched:
            source = self._raw.get(origin_of(record) or (-1, -1))
            if source is None:
                continue  # said before, where it matters
            where = f"{record.topic}-{record.partition}-{record.offset}"
            if record.key != source.key:
                self._say("altered", f"{where} has the key {record.key!r}, and its record {source.key!r}")
            if carry_over(record.headers) != carry_over(source.headers):
                self._say("altered", f"{where} has other headers than its record")

    def _check_dead(self) -> None:
        for record in self._report.dead:
            letter = decode_dead_letter(record.value or b"")
            origin, failure = letter.origin, letter.failure
            at = f"{origin.topic}-{origin.partition}-{origin.offset}"
            if failure.code == "" or failure.message == "" or failure.remedy == "":
                self._say("unexplained", f"the dead letter of {at} lacks a code, a reason or a remedy")
            if _envelope(record.headers).id != event_id(letter, carried=len(carry_over(record.headers))):
                self._say("altered", f"the id of the dead letter of {at} is not that of what it says")
            source = self._raw.get((origin.partition, origin.offset))
            if source is None:
                continue  # said above
            same = (origin.key, origin.value, origin.headers, origin.timestamp) == (
                source.key,
                source.value,
                source.headers,
                source.timestamp,
            )
            if not same and failure.code != "event.oversize":
                self._say("altered", f"{at}: the dead letter differs from the record")

    def _check_unlinked(self) -> None:
        ids: defaultdict[str, set[str]] = defaultdict(set)
        for record, article in self._enriched:
            ids[article.article.article_id].add(_envelope(record.headers).id)
        refused = {
            f"{letter.origin.topic}-{letter.origin.partition}-{letter.origin.offset}"
            for letter in self._report.dead_letters()
            if letter.failure.stage == "sending"
        }
        excused = set() if self._expected is None else self._expected.excused
        gone = {str(RecordPosition(self._raw[at].topic, *at)) for at in excused if at in self._raw}
        for record in self._report.unlinked:
            causation = _envelope(record.headers).causation
            if causation in refused or causation in gone:
                continue  # Kafka took the names of an article that it refused, or that went with its topic
            name = decode_unlinked_name(record.value or b"")
            event_id = _envelope(record.headers).id
            if event_id not in {unlinked_id(enriched, name.name_key) for enriched in ids[name.article_id]}:
                self._say("unexplained", f"the unlinked name {event_id} comes from no enriched article")

    def _check_order(self) -> None:
        """Of each key, what was made of records appears for the first time in the order of the records."""
        last: dict[tuple[int, bytes | None], int] = {}
        seen: set[tuple[int, int]] = set()
        for record, article in sorted(self._enriched, key=lambda each: (each[0].partition, each[0].offset)):
            origin = origin_of(record)
            if origin is None or origin in seen or record.key is None:
                continue
            seen.add(origin)
            lane = (origin[0], record.key)
            if origin[1] < last.get(lane, -1):
                self._say(
                    "reordered", f"{article.article.article_id} stands after a later one of its key {record.key!r}"
                )
            last[lane] = max(origin[1], last.get(lane, -1))

    def _check_sent(self, expected: Expected) -> None:
        texts, codes = {}, {}
        for sent in expected.sent:
            at = (sent.partition, sent.offset)
            there = self._raw[at]
            if at not in self._there and not expected.may_vanish:
                self._say("lost", f"the broker lost the raw record {at}, which it had acknowledged")
            elif (there.key, there.value, there.headers) != (sent.draft.key, sent.draft.value, sent.draft.headers):
                self._say("altered", f"the raw record {at} is not what was sent")
            if sent.draft.text != "":
                texts[_article_id(there)] = sent.draft.text
            codes[at] = sent.draft.code
        for record, article in self._enriched:
            known = texts.get(article.article.article_id)
            if known is not None and known != text_hash(article.article.title, article.article.body):
                self._say("altered", f"{record.topic}-{record.partition}-{record.offset}: the text is another")
        for letter in self._report.dead_letters():
            at = (letter.origin.partition, letter.origin.offset)
            allowed = {codes[at]} if codes.get(at, "") != "" else expected.codes
            if at in codes and letter.failure.code not in allowed:
                self._say("unexplained", f"{at} is a dead letter with {letter.failure.code}: {letter.failure.message}")

    def _check_versions(self, expected: Expected) -> None:
        live: defaultdict[str, list[LiveVersion]] = defaultdict(list)
        marked = {(sent.partition, sent.offset) for sent in expected.sent if sent.draft.is_marked}
        for version in expected.versions:
            live[version.version].append(version)
        for record, article in self._enriched:
            where = f"{record.topic}-{record.partition}-{record.offset}"
            known = live.get(article.catalog_version, [])
            if len(known) == 0:
                self._say("version", f"{where} names {article.catalog_version}, which never was live")
                continue
            marks = {entity.external_ids.get("mark") for entity in article.entities if entity.entity_id == MARKED}
            if not marks <= {version.mark for version in known}:
                self._say("version", f"{where} names {article.catalog_version} and holds the content of another")
            if len(marks) == 0 and origin_of(record) in marked:
                self._say("version", f"{where} was linked without the entity that its text names in every version")
            source = self._raw.get(origin_of(record) or (-1, -1))
            if source is None or source.timestamp is None or record.timestamp is None:
                continue
            late = min(source.timestamp / 1_000 - version.until for version in known)
            early = min(version.since - record.timestamp / 1_000 for version in known)
            self._report.lateness = max(self._report.lateness, late)
            if late > expected.late:
                self._say("version", f"{where} names a version that was replaced {late:.1f} s before its input came")
            if early > 1.0:
                self._say("version", f"{where} names a version that went live only {early:.1f} s later")


def _envelope(headers: tuple[tuple[str, bytes | None], ...]) -> Envelope:
    found = read_envelope(headers)
    return Envelope("", "", "") if found is None else found


def origin_of(record: StoredRecord) -> tuple[int, int] | None:
    """Return partition and offset of the input that an output says it was made from; None where it names an event."""
    found = _POSITION.fullmatch(_envelope(record.headers).causation or "")
    return None if found is None else (int(found[1]), int(found[2]))


def _possible_ids(record: StoredRecord, position: RecordPosition, versions: Iterable[tuple[str, str]]) -> set[str]:
    try:
        article = decode_raw_article(record.value or b"")
    except WaslError:
        return set()
    return {
        enriched_id(article, position, key=record.key, value=record.value, linker=linker, catalog_version=version)
        for linker, version in versions
    }


def _names_itself(record: StoredRecord) -> bool:
    try:
        return decode_raw_article(record.value or b"").revision is not None
    except WaslError:
        return False


def _article_id(record: StoredRecord) -> str | None:
    try:
        return decode_raw_article(record.value or b"").article_id
    except WaslError:
        return None


def _as_stored(topic: str, sent: Sent) -> StoredRecord:
    return StoredRecord(
        topic, sent.partition, sent.offset, sent.draft.key, sent.draft.value, sent.draft.headers, sent.at
    )
