"""What was seen of groups before, kept in a small SQLite file so that a restart forgets nothing.

The file is a convenience: states and rates are right again after one window without it. So nothing that happens to
it keeps lag from being measured: a file that cannot be read is set aside under another name, one that cannot be
written is done without, and both are said in the log and by `LagHistory.problem`.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Final

from streams.lag.compute import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["LagHistory", "Track"]

_LOG: Final = logging.getLogger(__name__)
# Another format will have another table: an older one that stays behind does no harm.
_TABLE: Final = "observations_1"
_BUSY: Final = 2.0  # seconds to wait for another process that writes; `wasl lag` and its exporter share the file
_COLUMNS: Final = tuple(f'"{field.name}"' for field in fields(Observation))
_CREATE: Final = f"""
CREATE TABLE IF NOT EXISTS {_TABLE} (
    cluster TEXT NOT NULL, at REAL NOT NULL, "group" TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
    committed INTEGER, "end" INTEGER NOT NULL, earliest INTEGER NOT NULL, next_offset INTEGER,
    committed_timestamp REAL, members INTEGER, PRIMARY KEY (cluster, at, "group", topic, partition)
) WITHOUT ROWID
"""
# Names of fields and of the table, no input.
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM {_TABLE} WHERE cluster = ? AND at BETWEEN ? AND ? ORDER BY at"  # noqa: S608
_DELETE: Final = f"DELETE FROM {_TABLE} WHERE at < ? OR at > ?"  # noqa: S608
_INSERT: Final = f"INSERT OR REPLACE INTO {_TABLE} VALUES (?{', ?' * len(_COLUMNS)})"  # noqa: S608

Track = tuple[str, str, int]
"""Group, topic and partition: what a history belongs to."""


class LagHistory:
    """Observations in a file, by cluster; used by one thread at a time.

    Args:
        path: The file; its folder is made where it is missing.
        keep: How long an observation is kept, in seconds; at least twice the window of the rules.
    """

    def __init__(self, path: Path, *, keep: float) -> None:
        self.path = path
        self._keep = keep
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """What is wrong with the file, one sentence; None where nothing is."""
        return self._problem

    def load(self, cluster: str, *, now: float) -> dict[Track, tuple[Observation, ...]]:
        """Return what was kept of a cluster, in the order of time.

        Args:
            cluster: Its id.
            now: Seconds since 1970-01-01 UTC; what claims to be from later is left out.
        """
        if not self.path.exists():
            return {}
        try:
            with closing(self._open()) as connection:
                rows = connection.execute(
                    _SELECT,
                    (cluster, now - self._keep, now),
                ).fetchall()
        except sqlite3.OperationalError as exc:
            self._say(f"The history {self.path} cannot be read: {exc}.")
            return {}
        except sqlite3.DatabaseError as exc:
            self._set_aside(exc, now=now)
            return {}
        found: dict[Track, list[Observation]] = {}
        for row in rows:
            observation = Observation(*row)
            found.setdefault((observation.group, observation.topic, observation.partition), []).append(observation)
        return {track: tuple(each) for track, each in found.items()}

    def append(self, cluster: str, observations: Iterable[Observation], *, now: float) -> None:
        """Keep observations, and forget those that are too old.

        Args:
            cluster: The id of their cluster.
            observations: What was seen.
            now: Seconds since 1970-01-01 UTC.
        """
        rows = [(cluster, *astuple(each)) for each in observations]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as connection, connection:
                connection.execute(_DELETE, (now - self._keep, now))
                connection.executemany(_INSERT, rows)
        except (sqlite3.OperationalError, OSError) as exc:
            self._say(f"The history {self.path} cannot be written: {exc}.")
        except sqlite3.DatabaseError as exc:
            self._set_aside(exc, now=now)
        else:
            self._problem = None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY)
        try:
            # A history that a crash of the machine damages is begun anew; waiting for the disk is not worth it.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_CREATE)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _set_aside(self, exc: Exception, *, now: float) -> None:
        aside = self.path.with_name(f"{self.path.name}.unreadable-{round(now)}")
        try:
            self.path.replace(aside)
        except OSError as error:
            self._say(f"The history {self.path} cannot be read ({exc}) nor set aside: {error}.")
            return
        self._say(f"The history {self.path} cannot be read: {exc}. It is now {aside}, and a new one begins.")

    def _say(self, problem: str) -> None:
        if problem != self._problem:
            _LOG.warning("the history of lag is not usable", extra={"problem": problem})
        self._problem = problem
