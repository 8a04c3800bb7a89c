"""The rules of versions: which builds are kept, what they are called, and what the audit log says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.catalog.store import LogEntry, Note
from streams.errors import EditError
from streams.events.change import CatalogChange, change_document
from streams.events.edit import edit_document

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from streams.catalog.records import Record
    from streams.catalog.store import AnyChange, VersionInfo

__all__ = [
    "LIVE",
    "builds_to_keep",
    "check_kept",
    "entry_of",
    "find_build",
    "log_entry",
    "note_of",
    "state_of",
    "what_of",
]

LIVE: Final = "live"
"""What the live build may be called instead of its name."""

_LEAST: Final = len("sha-") + 4


def builds_to_keep(
    builds: Mapping[str, tuple[str, int]], *, live: str, keep: int, used: Collection[str]
) -> frozenset[str]:
    """Return the builds that must not be collected.

    Kept are the live one and those that were live last, the newest of those that wait to be promoted, and
    whatever a worker uses. A build that is only half there belongs to an import that has died, or to a removal.

    Args:
        builds: By name: ``building``, ``staged``, ``complete`` or ``removing``, and the sequence at which another
            took its place.
        live: The live one.
        keep: Builds that were live that are kept, the live one among them.
        used: Builds that workers use.
    """
    were = [name for name, (state, _) in builds.items() if state == "complete" and name != live]
    were.sort(key=lambda name: (builds[name][1], int(name)), reverse=True)
    staged = sorted((name for name, (state, _) in builds.items() if state == "staged"), key=int)
    whole = {name for name in used if name not in builds or builds[name][0] != "removing"}
    return frozenset({live, *were[: keep - 1], *staged[-1:], *whole})


def state_of(name: str, state: str, *, live: str, before: str | None) -> str:
    """Return the state of a build, as `streams.catalog.store.VersionInfo` has it.

    Args:
        name: The build.
        state: ``building``, ``staged``, ``complete`` or ``removing``.
        live: The live build.
        before: The build to which a rollback leads.
    """
    if name == live:
        return LIVE
    if state != "complete":
        return state
    return "previous" if name == before else "kept"


def check_kept(build: str, state: str | None) -> None:
    """Refuse a build that is being removed, or that was.

    Args:
        build: The build.
        state: Its state; None where nobody has taken note of it any more.

    Raises:
        EditError: It is.
    """
    if state == "removing":
        raise EditError(
            f"Build {build} is half removed: what removed it has died, and the next import goes on with it.",
            remedy="Name another; `wasl catalog versions` lists them.",
        )
    if state is None:
        raise EditError(
            f"Build {build} was removed meanwhile.", remedy="Name another; `wasl catalog versions` lists them."
        )


def find_build(wanted: str, known: Sequence[VersionInfo]) -> str:
    """Return the name of the build that ``wanted`` names: its name, ``live``, or its version or the beginning of it.

    Raises:
        EditError: None is, or several are, or only half of it is there.
    """
    for info in known:
        if wanted == info.build or wanted == info.state == LIVE:
            check_kept(info.build, info.state)
            if info.state == "building":
                raise EditError(
                    f"Build {info.build} is half an import, which is running or has died.",
                    remedy="Wait for it, or import again.",
                )
            return info.build
    # What half a build holds is no version.
    whole = [info for info in known if info.state not in {"building", "removing"}]
    found = [info for info in whole if len(wanted) >= _LEAST and info.version.startswith(wanted)]
    if len({info.version for info in found}) != 1:
        raise EditError(
            f"{'No version' if len(found) == 0 else 'More than one version'} that is kept is called {wanted!r}.",
            remedy="Name one by its build or version; `wasl catalog versions` lists them.",
        )
    # Builds of one version hold the same.
    return found[0].build


def what_of(change: AnyChange | tuple[str, str, Note]) -> dict[str, Any]:
    """Return what the audit log says was asked for.

    Args:
        change: A change; or of what concerns the whole, what was done, the build and who did it.
    """
    if isinstance(change, tuple):
        action, build, note = change
        said = {"author": note.author, "reason": note.reason, "changed_at": note.at}
        return {"action": action, "build": build, **{name: value for name, value in said.items() if value is not None}}
    return change_document(change) if isinstance(change, CatalogChange) else edit_document(change)


def log_entry(
    sequence: int, change: AnyChange | tuple[str, str, Note], records: Collection[Record], version: str
) -> LogEntry:
    """Return the line of the audit log for a change; see `what_of`."""
    ids: tuple[str, ...] = ()
    if not isinstance(change, tuple):
        ids = tuple(sorted({change.entity_id, *([] if change.into is None else [change.into]), *_ids(records)}))
    return entry_of(sequence, what_of(change), ids, version)


def entry_of(sequence: int, what: dict[str, Any], ids: tuple[str, ...], version: str) -> LogEntry:
    """Return a line of the audit log from what was kept of it."""
    return LogEntry(sequence, what["action"], ids, note_of(what), version, what)


def note_of(what: Mapping[str, Any]) -> Note:
    """Return who did something, why and when, from what was asked for."""
    return Note(what.get("author"), what.get("reason"), what.get("changed_at"))


def _ids(records: Collection[Record]) -> list[str]:
    return [record.id for record in records]
