"""Where everything lies in Redis. The same table, with the reasons, is in ``docs/reference/redis-layout.md``.

====================================  ======  ==========================================================
``{prefix}:live``                     string  the build that is live; none yet means the build ``0``
``{prefix}:sequence``                 string  number of the last change
``{prefix}:changes``                  stream  the changes; entry ``{sequence}-0`` has ``version``, ``records``
                                              (JSON list) and ``change`` (JSON; absent for an import)
``{prefix}:log``                      stream  who did what, never trimmed; entry ``{sequence}-0`` has ``what``
                                              (JSON), ``ids`` (separated by spaces), ``version``, ``token``
``{prefix}:log:{id}``                 list    sequences of the changes that concerned an id, oldest first
``{prefix}:builds``                   hash    builds by name: ``building``, ``staged``, ``complete`` or
                                              ``removing``
``{prefix}:builds:last``              string  number of the last build that was begun
``{prefix}:import``                   string  token of the import or promotion that is running; expires
``{prefix}:workers``                  set     names of workers
``{prefix}:worker:{name}``            string  the version that a worker uses (JSON); expires
``{prefix}:v:{build}:entities``       hash    id → entity as catalogue JSON
``{prefix}:v:{build}:retired``        hash    id → entity that is no longer linked
``{prefix}:v:{build}:redirects``      hash    id → id of the entity that it was merged into
``{prefix}:v:{build}:merged``         hash    id → ids that redirect to it, separated by spaces
``{prefix}:v:{build}:marks``          hash    id → what editors say about the entity (JSON)
``{prefix}:v:{build}:external:{n}``   hash    ``scheme``, a zero byte, ``external id``, a zero byte, ``id`` → nothing
``{prefix}:v:{build}:names:{n}``      hash    ``folded name``, a zero byte, ``id`` → nothing
``{prefix}:v:{build}:names:long:{n}``  hash   the same for names too long for a compact hash
``{prefix}:v:{build}:info``           hash    ``sum``, ``names``, ``buckets``, ``type:{type}``; ``made`` (JSON: who,
                                              why, when), ``cut`` (last change in it), ``before``, ``left``
``{prefix}:provenance``               hash    id → who says what of it (JSON), whichever build is live
``{prefix}:sources``                  hash    source, a space, version → licence of its data
``{prefix}:snapshots``                hash    ``{format}-{folding}`` → JSON list of snapshots, newest first
``{prefix}:snapshot:{version}:{…}``   list    the bytes of a snapshot in chunks of 1 MiB
====================================  ======  ==========================================================
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BUCKETS", "FIRST_BUILD", "BuildKeys", "Keys", "external_field", "name_field", "split_name_field"]

BUCKETS: Final = 4096
"""Hashes that the names of a build are spread over: 244 names each for a million, and Redis keeps a hash
compact up to 512."""

FIRST_BUILD: Final = "0"
"""The build of a catalogue that began with changes rather than with an import."""

_LONG_BUCKETS: Final = 64
# A field longer than 64 bytes makes Redis unfold the whole hash; the id behind the name needs up to 20.
_LONG_NAME: Final = 44


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys under a prefix.

    Attributes:
        prefix: What all keys begin with.
    """

    prefix: str

    @property
    def live(self) -> str:
        """Name of the live build."""
        return f"{self.prefix}:live"

    @property
    def sequence(self) -> str:
        """Number of the last change."""
        return f"{self.prefix}:sequence"

    @property
    def changes(self) -> str:
        """Stream of the changes."""
        return f"{self.prefix}:changes"

    @property
    def log(self) -> str:
        """Stream of who did what."""
        return f"{self.prefix}:log"

    def logged(self, entity_id: str) -> str:
        """Return the key of the sequences that concerned an id."""
        return f"{self.prefix}:log:{entity_id}"

    @property
    def workers(self) -> str:
        """Names of workers."""
        return f"{self.prefix}:workers"

    def worker(self, name: str) -> str:
        """Return the key of what a worker uses."""
        return f"{self.prefix}:worker:{name}"

    @property
    def builds(self) -> str:
        """Builds by name."""
        return f"{self.prefix}:builds"

    @property
    def last_build(self) -> str:
        """Number of the last build."""
        return f"{self.prefix}:builds:last"

    @property
    def importing(self) -> str:
        """Token of the running import or promotion."""
        return f"{self.prefix}:import"

    @property
    def provenance(self) -> str:
        """Who says what of the entities."""
        return f"{self.prefix}:provenance"

    @property
    def sources(self) -> str:
        """Licences of sources."""
        return f"{self.prefix}:sources"

    @property
    def snapshots(self) -> str:
        """Descriptions of the snapshots."""
        return f"{self.prefix}:snapshots"

    def snapshot(self, version: str, variant: str) -> str:
        """Return the key of a snapshot's bytes."""
        return f"{self.prefix}:snapshot:{version}:{variant}"

    def build(self, build: str, *, buckets: int) -> BuildKeys:
        """Return the keys of a build."""
        return BuildKeys(f"{self.prefix}:v:{build}", buckets)


@dataclass(frozen=True, slots=True)
class BuildKeys:
    """The keys of one build.

    Attributes:
        base: What they begin with.
        buckets: Hashes that its names are spread over.
    """

    base: str
    buckets: int

    @property
    def name(self) -> str:
        """Name of the build."""
        return self.base.rpartition(":v:")[2]

    @property
    def sequence(self) -> str:
        """Number of the last change of the whole."""
        return f"{self.base.rpartition(':v:')[0]}:sequence"

    @property
    def entities(self) -> str:
        """Entities that may be linked."""
        return f"{self.base}:entities"

    @property
    def retired(self) -> str:
        """Entities that may not."""
        return f"{self.base}:retired"

    @property
    def redirects(self) -> str:
        """Redirects."""
        return f"{self.base}:redirects"

    @property
    def merged(self) -> str:
        """Redirects the other way round."""
        return f"{self.base}:merged"

    @property
    def marks(self) -> str:
        """What editors say about entities."""
        return f"{self.base}:marks"

    @property
    def info(self) -> str:
        """Counts, and the sum that names the version."""
        return f"{self.base}:info"

    def names(self, name: str) -> str:
        """Return the key of the hash that holds a folded name."""
        data = name.encode()
        if len(data) > _LONG_NAME:
            return f"{self.base}:names:long:{zlib.crc32(data) % _LONG_BUCKETS}"
        return f"{self.base}:names:{zlib.crc32(data) % self.buckets}"

    def external(self, scheme: str, value: str) -> str:
        """Return the key of the hash that holds an external id."""
        number = zlib.crc32(b"\0".join((scheme.encode(), value.encode()))) % self.buckets
        return f"{self.base}:external:{number}"

    def all_names(self) -> Iterator[str]:
        """Return the keys of all hashes of names."""
        yield from (f"{self.base}:names:{number}" for number in range(self.buckets))
        yield from (f"{self.base}:names:long:{number}" for number in range(_LONG_BUCKETS))

    def all(self) -> Iterator[str]:
        """Return every key of the build."""
        yield from (self.entities, self.retired, self.redirects, self.merged, self.marks, self.info)
        yield from (f"{self.base}:external:{number}" for number in range(self.buckets))
        yield from self.all_names()


def name_field(name: str, entity_id: str) -> str:
    """Return the field that says that an entity goes by a folded name."""
    return f"{name}\0{entity_id}"


def external_field(scheme: str, value: str, entity_id: str) -> str:
    """Return the field that says that an entity has an external id."""
    return f"{scheme}\0{value}\0{entity_id}"


def split_name_field(field: bytes) -> tuple[str, str]:
    """Return the folded name and the id in a field; a name may hold a zero byte itself, an id cannot."""
    name, _, entity_id = field.decode().rpartition("\0")
    return name, entity_id
