"""Holds what stands in the topics against the worker's promises; it shares no state with any worker.

Every raw record must have come to exactly one outcome: an enriched article with the id that its position and
the versions give, a dead letter that holds it whole, or the tombstone passed on. Outcomes may stand more than
once; then they share their id and differ in nothing but the time of their making.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.errors import WaslError
from streams.events.article import decode_raw_article
from streams.events.dead import decode_dead_letter
from streams.events.enriched import decode_enriched_article
from streams.events.envelope import read_envelope
from streams.events.ids import RecordPosition, dead_letter_id, enriched_id, unlinked_id
from streams.events.unlinked import decode_unlinked_name
from streams.kafka.consumer import open_consumer, read_records

if TYPE_CHECKING:
    from streams.kafka.consumer import StoredRecord
    from streams.settings import KafkaSettings

_TIMES = {"enriched_at", "failed_at", "seen_at"}


@dataclass
class Report:
    """What the topics hold."""

    raw: list[StoredRecord] = field(default_factory=list)
    enriched: list[StoredRecord] = field(default_factory=list)
    dead: list[StoredRecord] = field(default_factory=list)
    unlinked: list[StoredRecord] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    duplicates: int = 0

    def dead_letters(self):
        return [decode_dead_letter(record.value) for record in self.dead]


def check(kafka: KafkaSettings) -> Report:
    """Read the four topics from their start, and list every promise that they break."""
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
    for name in ("enriched", "dead", "unlinked"):
        _check_duplicates(report, name, getattr(report, name))
    _check_outcomes(report)
    _check_values(report)
    return report


def _check_duplicates(report, name, records):
    seen = {}
    for record in records:
        if record.value is None:
            continue
        event_id = read_envelope(record.headers).id
        same = (
            record.key,
            record.headers,
            record.timestamp,
            {key: value for key, value in json.loads(record.value).items() if key not in _TIMES},
        )
        if event_id in seen:
            report.duplicates += 1
            if seen[event_id] != same:
                report.problems.append(f"{name}: two records with the id {event_id} differ")
        seen.setdefault(event_id, same)


def _check_outcomes(report):
    versions = {
        (f"{document['linker']['name']}/{document['linker']['version']}", document["catalog_version"])
        for document in (json.loads(record.value) for record in report.enriched if record.value is not None)
    }
    enriched = {read_envelope(record.headers).id for record in report.enriched if record.value is not None}
    dead = {read_envelope(record.headers).id for record in report.dead}
    tombstones = Counter(record.key for record in report.enriched if record.value is None)
    explained_enriched, explained_dead = set(), set()
    for record in report.raw:
        position = RecordPosition(record.topic, record.partition, record.offset)
        if record.value is None and record.key is not None:
            if tombstones[record.key] == 0:
                report.problems.append(f"{position}: the tombstone of {record.key} was not passed on")
            continue
        found = _possible_ids(record, position, versions) & enriched
        is_dead = dead_letter_id(position) in dead
        explained_enriched |= found
        if is_dead:
            explained_dead.add(dead_letter_id(position))
        if len(found) == 0 and not is_dead:
            report.problems.append(f"{position}: neither enriched nor dead")
        if len(found) > 0 and is_dead:
            report.problems.append(f"{position}: both enriched and dead")
    for event_id in enriched - explained_enriched:
        report.problems.append(f"the enriched article {event_id} comes from no raw record")
    for event_id in dead - explained_dead:
        report.problems.append(f"the dead letter {event_id} comes from no raw record")


def _possible_ids(record, position, versions):
    try:
        article = decode_raw_article(record.value or b"")
    except WaslError:
        return set()
    return {enriched_id(article, position, linker=linker, catalog_version=version) for linker, version in versions}


def _check_values(report):
    raw = {(record.topic, record.partition, record.offset): record for record in report.raw}
    ids = defaultdict(set)
    for record in report.enriched:
        if record.value is not None:
            article = decode_enriched_article(record.value).article  # checks every mention against the text
            ids[article.article_id].add(read_envelope(record.headers).id)
    for record in report.dead:
        letter = decode_dead_letter(record.value)
        origin = letter.origin
        source = raw[origin.topic, origin.partition, origin.offset]
        same = (origin.key, origin.value, origin.headers, origin.timestamp) == (
            source.key,
            source.value or b"",
            source.headers,
            source.timestamp,
        )
        if not same and letter.failure.code != "event.oversize":
            report.problems.append(f"{origin.topic}-{origin.partition}-{origin.offset}: the dead letter differs")
    refused = {
        f"{letter.origin.topic}-{letter.origin.partition}-{letter.origin.offset}"
        for letter in report.dead_letters()
        if letter.failure.stage == "sending"
    }
    for record in report.unlinked:
        if read_envelope(record.headers).causation in refused:
            continue  # Kafka took the names of an article that it refused
        name = decode_unlinked_name(record.value)
        event_id = read_envelope(record.headers).id
        if event_id not in {unlinked_id(enriched, name.name_key) for enriched in ids[name.article_id]}:
            report.problems.append(f"the unlinked name {event_id} comes from no enriched article")
