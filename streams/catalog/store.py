"""The port of the catalogue's store: the source of truth that editors change and workers follow.

Every change has a sequence, a whole number that grows by one; whoever holds the state at a sequence and
lays down the records of all later changes holds the state of today.

Length: the port and the values that it gives and takes, nearly all of it their documentation.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Union

from streams.catalog.records import revision_of
from streams.errors import ConflictError
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.linking.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.catalog.diff import Difference
    from streams.catalog.records import Record
    from streams.errors import CatalogError
    from streams.events.entity import Entity

__all__ = [
    "NO_NOTE",
    "AnyChange",
    "Beside",
    "CatalogStore",
    "Change",
    "ImportReport",
    "LogEntry",
    "Note",
    "Request",
    "StoreStats",
    "SwitchReport",
    "VersionInfo",
    "check_cut",
    "check_revision",
    "rank_hits",
]

AnyChange = Union[CatalogChange, CatalogEdit]  # noqa: UP007 - evaluated at run time, and 3.10 is supported
"""What editors ask for."""

Beside = Callable[[Callable[[], None]], None]
"""Writes what an import keeps beside the catalogue. It calls what it is given after each of its pieces, which says that
the import goes on, and raises where another has begun meanwhile."""


@dataclass(frozen=True, slots=True)
class Note:
    """Who did something to the catalogue as a whole.

    Attributes:
        author: Who, or None.
        reason: Why, or None.
        at: When, RFC 3339, or None.
    """

    author: str | None = None
    reason: str | None = None
    at: str | None = None


NO_NOTE = Note()
"""Nobody said."""


@dataclass(frozen=True, slots=True)
class Request:
    """A change that is asked for.

    Attributes:
        change: The change.
        expect: Revision that the record of its ``entity_id`` must have, ``none`` for an id that must be new; None
            takes any.
    """

    change: AnyChange
    expect: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the store's history.

    Attributes:
        sequence: Its number.
        change: What was asked for; None where another build went live, which must be loaded anew.
        records: The records that it left behind.
        version: Name of the catalogue version after it.
    """

    sequence: int
    change: AnyChange | None
    records: tuple[Record, ...]
    version: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        entities: Entities that it wrote.
        redirected: Ids that it left out, since they redirect for ever.
        merged: Ids that it merged into others.
        retired: Entities that it retired, since the new catalogue does not hold them.
        version: Name of the catalogue version after it; of the staged one where it was staged.
        sequence: Its own sequence; that of the last change where it was staged.
        build: The build that it made.
    """

    entities: int
    redirected: tuple[str, ...]
    retired: int
    version: str
    sequence: int
    build: str
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SwitchReport:
    """What a promotion or a rollback did.

    Attributes:
        build: The build that is live now.
        version: Name of the version after it.
        sequence: Its own sequence.
        carried: Records that editors had touched since the build was cut off, and that stay as they were live.
    """

    build: str
    version: str
    sequence: int
    carried: int


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One build of the catalogue.

    Attributes:
        build: Its name.
        version: Name of the version that it holds now.
        state: ``live``, ``previous`` (a rollback leads there), ``staged``, ``kept``, ``building`` or
            ``removing``, of which only some is there.
        entities: Entities that may be linked.
        names: Distinct folded names, counted once for each entity that goes by them.
        note: Who made it.
        workers: Names of the workers that use it.
    """

    build: str
    version: str
    state: str
    entities: int
    names: int
    note: Note
    workers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the audit log.

    Attributes:
        sequence: Sequence of the change.
        action: ``set``, ``retire``, ``merge``, ``split``, ``block``, ``unblock``, ``boost``, ``import``, ``promote``
            or ``rollback``.
        ids: Ids that it concerned; none for what concerned the catalogue as a whole.
        note: Who did it, why and when.
        version: Name of the version after it.
        what: What was asked for, as plain JSON values.
    """

    sequence: int
    action: str
    ids: tuple[str, ...]
    note: Note
    version: str
    what: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoreStats:
    """How much the catalogue holds.

    Attributes:
        entities: Entities that may be linked.
        retired: Entities that may not.
        redirects: Ids that redirect.
        names: Distinct folded names, counted once for each entity that goes by them.
        by_type: Entities that may be linked, by type; types that occur.
        sequence: Sequence of the last change.
        version: Name of the version.
    """

    entities: int
    retired: int
    redirects: int
    names: int
    by_type: dict[str, int]
    sequence: int
    version: str


class CatalogStore(Protocol):
    """Keeps the catalogue. Every method may raise StoreUnavailableError, and then has done nothing."""

    def put_many(
        self,
        entities: Iterable[Entity],
        *,
        replace: bool = False,
        merges: Iterable[tuple[str, str]] = (),
        stage: bool = False,
        cut: int | None = None,
        beside: Beside | None = None,
        note: Note = NO_NOTE,
    ) -> ImportReport:
        """Import ``entities``, all or none: nothing is visible until everything is there.

        An entity that is already there is replaced, and one that was retired comes back; what editors said about it
        beside stays in force. Ids that redirect are left out.

        Args:
            entities: What to import, one entity an id.
            replace: Whether the entities that are not among them are retired.
            merges: Ids that have become others, each with the other. Those that the result holds are merged in it;
                see `streams.catalog.apply.merge_known`.
            stage: Whether the result waits for `promote` instead of going live.
            cut: Sequence of the catalogue that ``entities`` were worked out from: what editors have touched since
                stays as they left it. None means that no catalogue was asked.
            beside: Writes what is kept beside the catalogue; called once, when nothing is refused any more and before
                the result goes live or waits.
            note: Who imports, why and when.

        Raises:
            EntityError: An id comes twice.
            ConflictError: Another build went live since ``cut``, or another import is running.
        """
        ...

    def fill(self, entities: Iterable[Entity], *, note: Note = NO_NOTE) -> ImportReport | None:
        """Import ``entities`` into a store that holds no record; one that holds any is left as it is.

        Nobody else imports between the look and the import, and what editors began meanwhile stays.

        Args:
            entities: What to import, one entity an id.
            note: Who imports, why and when.

        Returns:
            What was done; None where the store holds something.

        Raises:
            EntityError: An id comes twice.
            ConflictError: Another import is running, and nothing is there yet.
        """
        ...

    def apply(self, change: AnyChange, *, expect: str | None = None, first: bool = True) -> int | None:
        """Apply a change, all of it or nothing, and return its sequence; None where everything is so already.

        What changes nothing is no step, and stands in no log.

        Args:
            change: The change.
            expect: See `Request`.
            first: Whether it may be the first thing in a store that holds no catalogue.

        Raises:
            UnknownEntityError: See `streams.catalog.apply.apply`.
            MergeError: Likewise.
            EditError: Likewise.
            ConflictError: The record has another revision, or others keep changing the catalogue.
            EmptyStoreError: The store holds no catalogue, and this may not begin one.
        """
        ...

    def apply_many(self, requests: Sequence[Request], *, first: bool = True) -> list[int | CatalogError | None]:
        """Apply changes one after the other, each all or nothing; see `apply`.

        Returns:
            For each its sequence, its refusal, or None.

        Raises:
            ConflictError: Others keep changing the catalogue; none was applied.
            EmptyStoreError: The store holds no catalogue, and this may not begin one.
        """
        ...

    def promote(self, build: str, *, note: Note = NO_NOTE) -> SwitchReport:
        """Make a build live in one step; what editors have touched since it was cut off stays as it is.

        Args:
            build: Name of a build, or of the version that it holds, or enough of that to be the only one.
            note: Who does it, why and when.

        Raises:
            EditError: No such build is kept, or it is live already.
            ConflictError: An import or another promotion is running.
        """
        ...

    def rollback(self, *, note: Note = NO_NOTE) -> SwitchReport:
        """Make the build live again that was live before the live one; see `promote`.

        Raises:
            EditError: None is kept.
            ConflictError: An import or another promotion is running.
        """
        ...

    def versions(self) -> list[VersionInfo]:
        """Return the builds that are kept, the newest first."""
        ...

    def diff(self, first: str, second: str) -> Iterator[Difference]:
        """Return what differs between two builds, by id; names as `promote` takes them, or ``live``.

        Raises:
            EditError: No such build is kept.
        """
        ...

    def log(self, *, entity_id: str | None = None, limit: int | None = None) -> Iterator[LogEntry]:
        """Return the audit log, newest first.

        Args:
            entity_id: Only what concerned this id.
            limit: At most so many.
        """
        ...

    def find_external(self, scheme: str, value: str) -> tuple[str, ...]:
        """Return the ids of the entities that may be linked and have this id elsewhere, in order."""
        ...

    def get(self, entity_id: str) -> Entity | None:
        """Return the entity with this id, or the one that it was merged into; None if unknown.

        A retired entity is returned as well: ids are permanent.
        """
        ...

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself, without following redirects; None if nothing is."""
        ...

    def find(self, name: str) -> tuple[str, ...]:
        """Return the ids of the entities that may be linked and go by ``name``, folded, in order."""
        ...

    def search(self, text: str, *, limit: int = 20) -> tuple[Entity, ...]:
        """Return entities that have ``text`` in a name or as their id: whole names first, then beginnings."""
        ...

    def changes_since(self, sequence: int) -> list[Change]:
        """Return the changes after ``sequence``, oldest first.

        Raises:
            SnapshotError: Some of them are no longer kept.
        """
        ...

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        ...

    def records(self) -> Iterator[Record]:
        """Return all records in the order of their ids."""
        ...

    def stats(self) -> StoreStats:
        """Return how much the catalogue holds."""
        ...

    def version(self) -> str:
        """Return the name of the version: equal catalogues have equal versions, whatever made them."""
        ...


def check_cut(cut: int | None, *, since: int) -> None:
    """Refuse an import that was worked out from a build that is live no more.

    Args:
        cut: See `CatalogStore.put_many`.
        since: Sequence at which the live build went live.

    Raises:
        ConflictError: It went live after ``cut``.
    """
    if cut is not None and since > cut:
        raise ConflictError(
            f"Another version went live with change {since}, while this import was worked out from change {cut}.",
            remedy="Import again: then it is joined with what is there now.",
        )


def check_revision(request: Request, record: Record | None, *, last: LogEntry | None) -> None:
    """Refuse a request whose editor saw another revision than what is there.

    Args:
        request: What is asked for.
        record: What is held under its id.
        last: The last change that concerned the id, or None where none is known.

    Raises:
        ConflictError: The revisions differ; it names who changed it and when.
    """
    entity_id, found = request.change.entity_id, revision_of(record)
    if request.expect is None or request.expect == found:
        return
    who = "by an import"
    if last is not None:
        note = last.note
        who = f"by {note.author or 'somebody who gave no name'} at {note.at or 'a time that was not given'}"
        who += f" ({last.action}{'' if note.reason is None else f': {note.reason}'})"
    raise ConflictError(
        f"{entity_id} is at revision {found} and not at {request.expect}: it was changed last {who}.",
        remedy=f"Look at it again with `wasl catalog show {entity_id}` and repeat the edit with --expect {found}.",
    )


def rank_hits(text: str, names: Iterable[tuple[str, str]], *, limit: int) -> list[str]:
    """Return the ids whose names best match ``text``: whole names, then beginnings, then the rest, shortest first.

    Args:
        text: What is searched for.
        names: ``(folded name, id)``, in any order.
        limit: Most ids.
    """
    wanted = fold_text(text)
    best: dict[str, tuple[int, int, str]] = {}
    for name, entity_id in names:
        if wanted not in name or wanted == "":
            continue
        rank = (0 if name == wanted else 1 if name.startswith(wanted) else 2, len(name), name)
        if entity_id not in best or rank < best[entity_id]:
            best[entity_id] = rank
    return heapq.nsmallest(limit, best, key=lambda entity_id: (best[entity_id], entity_id))
