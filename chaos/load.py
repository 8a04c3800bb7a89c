"""The load: articles with ids of their own, numbered within their key, and a ledger of what Kafka acknowledged."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from kafka.errors import KafkaTimeoutError

from streams.kafka.producer import open_producer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from streams.settings import KafkaSettings

__all__ = ["Draft", "Load", "Sent", "drafts", "text_hash"]

_KEYS: Final = 12
_TURN: Final = 0.05
_PATIENCE: Final = 60.0
_OVERSIZE: Final = 210_000
_NAME: Final = "Chaosmark"
# Names that the catalogue holds in both scripts, the mark among them, clitics, and one that nobody knows.
_BODIES: Final = (
    "Nvidia and Chaosmark met in Cairo; Zarquon Veblen of Apple was there too.",
    "قالت إنفيديا إن Chaosmark ستفتح مكتبا في القاهرة، وأضاف هوانغ أن الافتتاح قريب.",
    "Jensen Huang spoke in Cairo. Huang thanked Chaosmark. 🎉 e\u0301tude \u200eبإنفيديا\u200f.",
    "Chaosmark says nothing.\r\n\tApple says less.",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record before it is sent.

    Attributes:
        kind: ``article``, ``again`` (an article sent twice), ``bad`` or ``tombstone``.
        key: Its key.
        value: Its value.
        text: Hash of title and body, for articles.
        code: Error code of the dead letter that it must come to, for bad ones.
        headers: Its headers, which outcomes carry on.
        is_marked: Whether its text names the entity whose mark changes with every version.
    """

    kind: str
    key: bytes
    value: bytes | None
    text: str = ""
    code: str = ""
    headers: tuple[tuple[str, bytes], ...] = ()
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A record that Kafka acknowledged."""

    draft: Draft
    partition: int
    offset: int
    at: int


def text_hash(title: str, body: str) -> str:
    """Return what stands for a text."""
    return hashlib.sha256(f"{title}\0{body}".encode()).hexdigest()


def drafts(name: str, random: Random) -> Iterator[Draft]:
    """Yield records without end, the same for the same name and seed."""
    counts = dict.fromkeys(range(_KEYS), 0)
    number = 0
    earlier: list[Draft] = []
    while True:
        number += 1
        chance = random.random()
        if chance < 0.02 and len(earlier) > 0:
            again = random.choice(earlier[-50:])
            yield replace(again, kind="again")
        elif chance < 0.04:
            yield _bad(name, number, random.randrange(3))
        elif chance < 0.05:
            yield Draft("tombstone", f"gone-{number}".encode(), None)
        else:
            which = random.randrange(_KEYS)
            counts[which] += 1
            draft = _article(f"{name}/{which}/{counts[which]}", which, random)
            earlier.append(draft)
            yield draft


class Load:
    """Sends articles at an even pace, in a thread of its own, until it is stopped.

    Args:
        kafka: The brokers themselves, not the workers' way to them.
        name: Begins every id.
        random: Where choices come from.
        rate: Records a second.
    """

    def __init__(self, kafka: KafkaSettings, name: str, random: Random, *, rate: float) -> None:
        self._kafka = kafka
        self._drafts = drafts(name, random)
        self._rate = rate
        self._over = threading.Event()
        self._under_way: list[tuple[Draft, int, Any]] = []
        self._error: Exception | None = None
        self.refused = 0
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> tuple[Sent, ...]:
        """Send no more, and return what Kafka acknowledged.

        Raises:
            Exception: The load could not be sent at all.
        """
        self._over.set()
        self._thread.join(2 * _PATIENCE + 30)
        if self._error is not None:
            raise self._error
        sent = []
        for draft, at, future in self._under_way:
            if not future.is_done or future.failed():
                self.refused += 1  # whatever it was: no acknowledgement, no promise
                continue
            metadata = future.value
            sent.append(Sent(draft, metadata.partition, metadata.offset, at))
        return tuple(sent)

    def _run(self) -> None:
        try:
            with open_producer(self._kafka, timeout=_PATIENCE, connect_timeout=30.0) as producer:
                began, count = time.monotonic(), 0
                while not self._over.wait(_TURN):
                    wanted = int((time.monotonic() - began) * self._rate)
                    # What a broker's absence has held back is not made up for at once.
                    for _ in range(min(wanted - count, 50)):
                        self._send(producer, next(self._drafts))
                    count = wanted
                with suppress(KafkaTimeoutError):
                    producer.flush(timeout=_PATIENCE)
        except Exception as exc:  # noqa: BLE001 - shown by `stop`
            self._error = exc

    def _send(self, producer: Any, draft: Draft) -> None:
        at = int(time.time() * 1_000)
        try:
            future = producer.send(
                self._kafka.topics.raw,
                value=draft.value,
                key=draft.key,
                headers=list(draft.headers),
                timestamp_ms=at,
            )
        except Exception:  # noqa: BLE001 - as in `stop`
            self.refused += 1
            return
        self._under_way.append((draft, at, future))


def _article(article_id: str, which: int, random: Random) -> Draft:
    title, body = f"Number {article_id}", random.choice(_BODIES) * random.randint(1, 3)
    document: dict[str, Any] = {"article_id": article_id, "title": title, "body": body}
    if random.random() < 0.2:
        document["revision"] = 1
    value = json.dumps(document, ensure_ascii=False).encode()
    headers = (("desk", article_id.encode() + b"\xff\x00"), ("desk", b""))
    return Draft(
        "article", f"key-{which}".encode(), value, text_hash(title, body), headers=headers, is_marked=_NAME in body
    )


def _bad(name: str, number: int, which: int) -> Draft:
    key = f"bad-{number}".encode()
    if which == 0:
        return Draft("bad", key, b"{this is no JSON", code="event.undecodable", headers=(("desk", b"\xff"),))
    if which == 1:
        return Draft("bad", key, json.dumps({"article_id": f"{name}/bad/{number}"}).encode(), code="event.invalid")
    body = "x" * _OVERSIZE
    value = json.dumps({"article_id": f"{name}/bad/{number}", "title": "t", "body": body}).encode()
    return Draft("bad", key, value, code="event.oversize")
