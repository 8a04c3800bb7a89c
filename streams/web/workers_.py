"""The workers: members of the consumer group, and what their health endpoints say."""

from __future__ import annotations

import http.client
import json
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any, Final

from streams.errors import BrokerError, SettingsError
from streams.kafka.admin import open_admin
from streams.kafka.errors import translate
from streams.web.ports import WorkerSeen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.settings import Settings

__all__ = ["GroupWorkers", "parse_addresses", "read_members", "read_readiness", "united"]

_TIMEOUT: Final = 5.0
_HEALTH_TIMEOUT: Final = 1.0
_ANSWER: Final = 65_536


class GroupWorkers:
    """A `streams.web.ports.Workers` that asks Kafka and the workers.

    Args:
        settings: Where Kafka is, and the group.
        addresses: Host and port of each worker whose health is asked for.
    """

    def __init__(self, settings: Settings, *, addresses: Sequence[tuple[str, int]]) -> None:
        self._settings = settings
        self._addresses = tuple(addresses)
        self._open = ExitStack()
        self._admin: Any = None
        self._group_is_told = True

    def look(self) -> tuple[WorkerSeen, ...]:
        """Return the workers that can be found.

        Raises:
            BrokerError: Kafka does not say who they are, and no address of theirs is known either.
        """
        asked = [_ask(host, port) for host, port in self._addresses]
        try:
            members = self._members()
        except BrokerError:
            if len(asked) == 0:
                raise
            members = ()
        return united(members, asked)

    def close(self) -> None:
        """Close the connection; the next look opens another."""
        self._open.close()
        self._admin = None

    def _members(self) -> tuple[WorkerSeen, ...]:
        if not self._group_is_told:
            return ()
        group = self._settings.worker.group
        if self._admin is None:
            self._admin = self._open.enter_context(open_admin(self._settings.kafka, timeout=_TIMEOUT))
        try:
            described = self._admin.describe_groups([group])
        except ValueError:
            # The embedded broker describes groups in a way that kafka-python cannot read, and will do so again.
            self._group_is_told = False
            return ()
        except Exception as exc:
            self.close()
            raise translate(exc, doing=f"to describe group {group}") from exc
        return read_members(described.get(group), topic=self._settings.kafka.topics.raw)


def parse_addresses(text: str) -> tuple[tuple[str, int], ...]:
    """Read the addresses of workers.

    Args:
        text: ``host:port``, separated by commas; empty for none.

    Raises:
        SettingsError: One of them is none.
    """
    addresses = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        host, colon, port = part.rpartition(":")
        if colon == "" or host == "" or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise SettingsError(f"WASL_MONITOR_WORKERS: {part!r} is no address.", remedy="Give host:port.")
        addresses.append((host.strip("[]"), int(port)))
    return tuple(addresses)


def read_members(described: Any, *, topic: str) -> tuple[WorkerSeen, ...]:
    """Return the members of a group as kafka-python describes it.

    Args:
        described: Its description, or None.
        topic: The topic whose partitions count.
    """
    members = described.get("members", ()) if isinstance(described, dict) else ()
    found = []
    for member in members:
        assignment = member.get("member_assignment")
        given = assignment.get("assigned_partitions", ()) if isinstance(assignment, dict) else ()
        partitions = sorted(number for each in given if each["topic"] == topic for number in each["partitions"])
        host = str(member.get("client_host", "")).lstrip("/")
        found.append(WorkerSeen(name=f"{member.get('client_id', '')} {host}".strip(), partitions=tuple(partitions)))
    return tuple(found)


def united(members: Iterable[WorkerSeen], asked: Iterable[WorkerSeen]) -> tuple[WorkerSeen, ...]:
    """Return one worker for the member and the health endpoint that read the same partitions.

    Args:
        members: Members of the group.
        asked: What health endpoints said.
    """
    left = list(asked)
    rows = []
    for member in members:
        own = next((each for each in left if each.partitions == member.partitions and each.partitions), None)
        if own is None:
            rows.append(member)
        else:
            left.remove(own)
            rows.append(own)
    return tuple(sorted([*rows, *left], key=lambda worker: (worker.partitions or (1 << 30,), worker.name)))


def read_readiness(name: str, document: Any) -> WorkerSeen:
    """Return what a worker's ``/readyz`` says.

    Args:
        name: What it is called.
        document: The JSON of the answer.
    """
    if not isinstance(document, dict):
        return WorkerSeen(name, is_ready=False, note="It does not answer as a worker does.")
    partitions, catalog = document.get("partitions"), document.get("catalog")
    catalog = catalog if isinstance(catalog, dict) else {}
    note = document.get("reason", document.get("notice"))
    in_hand = document.get("articles_in_hand")
    return WorkerSeen(
        name=name,
        partitions=tuple(each for each in partitions if isinstance(each, int))
        if isinstance(partitions, list)
        else None,
        is_ready=document.get("status") == "ready",
        in_hand=in_hand if isinstance(in_hand, int) else None,
        catalog=None if catalog.get("version") is None else str(catalog["version"]),
        is_live=catalog.get("is_live") is True,
        note=None if note is None else str(note),
    )


def _ask(host: str, port: int) -> WorkerSeen:
    name = f"{host}:{port}"
    connection = http.client.HTTPConnection(host, port, timeout=_HEALTH_TIMEOUT)
    with closing(connection):
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse().read(_ANSWER)
        except (OSError, http.client.HTTPException) as exc:
            return WorkerSeen(name, is_ready=False, note=f"It does not answer: {exc}")
    try:
        return read_readiness(name, json.loads(answer))
    except (ValueError, RecursionError):  # it is no worker, or nests more deeply than Python goes
        return read_readiness(name, None)
