"""A compiled catalogue as a view: columns read in place, decoded and kept where they recur.

What a worker holds in its own memory are two bounded caches; everything else stays in the file's pages,
which all workers of a host share; a small automaton is copied. Names recur in news, so postings and cards that were
decoded once are kept: `postings` is a dictionary look-up in the common case.
"""

from __future__ import annotations

import mmap
import os
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import finalize

import orjson

from streams.catalog.cards import card_of
from streams.catalog.compile import LABEL_BIT, compile_snapshot
from streams.catalog.matcher import load_automaton
from streams.catalog.pages import laid_over
from streams.catalog.records import Record, decode_record_line, entity_hash, record_hash
from streams.catalog.snapshot_format import parse, section_start
from streams.catalog.view import Posting
from streams.errors import SnapshotError
from streams.linking.trie import Trie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from streams.catalog.snapshot_format import Header
    from streams.catalog.view import EntityCard

__all__ = ["SnapshotView", "keep", "open_snapshot", "view_of"]

_POSTINGS_KEPT: Final = 1 << 16
_CARDS_KEPT: Final = 1 << 14
_MARKS: Final = b'"marks"'  # in a description as well, now and then

_Value = TypeVar("_Value")


def keep(cache: dict[int, _Value], key: int, value: _Value, *, most: int) -> _Value:
    """Put ``value`` into ``cache``, which forgets what it has held longest when it is full; return ``value``."""
    if len(cache) >= most:
        # Another thread may have emptied the same place.
        cache.pop(next(iter(cache), key), None)
    cache[key] = value
    return value


class SnapshotView:
    """A catalogue view over a compiled snapshot.

    Args:
        buffer: The snapshot: mapped or in memory.
        name: What to call it in messages.
        keep: Makes of the automaton what is kept of it: the same bytes.

    Attributes:
        header: What it says about itself.
        size: Its bytes.

    Raises:
        SnapshotError: It is damaged, or this program cannot use it.
    """

    def __init__(
        self, buffer: memoryview, name: str = "in memory", *, keep: Callable[[bytes | memoryview], bytes] = bytes
    ) -> None:
        self.size = buffer.nbytes
        self.header: Header
        self.header, sections = parse(buffer, name)
        try:
            self._lay_out(sections, keep)
        except (KeyError, TypeError) as exc:
            raise _damaged(name, f"section {exc} is missing or has another length than its numbers ask for") from exc
        if not self._fits():
            raise _damaged(name, "its sections do not fit each other")
        self._postings: dict[int, tuple[Posting, ...]] = {}
        self._cards: dict[int, EntityCard] = {}

    def _lay_out(self, sections: dict[str, memoryview], keep: Callable[[bytes | memoryview], bytes]) -> None:
        self._form_at = sections["form_at"].cast("I")
        self._entity = sections["entity"].cast("I")
        self._surface = sections["surface"].cast("I")
        self._count = sections["count"].cast("I")
        self._language = sections["language"].cast("H")
        self._retired = sections["retired"]
        self._documents = _Texts(sections["document"], sections["document_at"].cast("Q"))
        self._ids = _Texts(sections["id"], sections["id_at"].cast("I"))
        self._from = _Texts(sections["from"], sections["from_at"].cast("I"))
        self._to = sections["to"].cast("I")
        self.automata = (load_automaton(sections["automaton"], keep=keep),)
        self._trie = Trie(self.automata[0])

    def _fits(self) -> bool:
        """Whether every column is as long as the header says."""
        about = self.header
        columns = (self._entity, self._surface, self._count, self._language)
        return (
            len(self._form_at) == about.forms + 1
            and all(len(column) == about.postings for column in columns)
            and len(self._documents) == len(self._ids) == len(self._retired) == about.entities
            and len(self._from) == len(self._to) == about.redirects
        )

    def read_documents(self, file: int, start: int) -> None:
        """Read documents from ``file`` rather than from mapped memory.

        They are read here and there, and each touch of a mapped page would map its neighbours too: after a few hundred
        articles most of the documents would count as this process's.

        Args:
            file: Descriptor of the snapshot, open as long as this view is.
            start: Where the documents begin in it.
        """
        self._documents = _FileTexts(self._documents, file, start)

    @property
    def version(self) -> str:
        """Name of the version; equal versions link equally."""
        return self.header.version

    def form(self, folded: str) -> int | None:
        """Return the number of the form that is exactly ``folded``, or None."""
        return self._trie.form(folded)

    def postings(self, form: int) -> tuple[Posting, ...]:
        """Return who goes by a form, in a fixed order."""
        known = self._postings.get(form)
        if known is not None:
            return known
        return keep(self._postings, form, tuple(self._decode(form)), most=_POSTINGS_KEPT)

    def card(self, entity: int) -> EntityCard:
        """Return what is known about an entity."""
        known = self._cards.get(entity)
        if known is not None:
            return known
        return keep(self._cards, entity, card_of(self._document(entity), resolve=self.resolve), most=_CARDS_KEPT)

    def entity(self, entity_id: str) -> int | None:
        """Return the number of the entity with this id, or of the one it was merged into; None if unknown."""
        wanted = entity_id.encode(errors="surrogatepass")
        number = self._ids.find(wanted)
        if number is not None:
            return number
        redirect = self._from.find(wanted)
        return None if redirect is None else self._to[redirect]

    def id_of(self, entity: int) -> str:
        """Return the id of an entity."""
        return self._ids[entity].decode()

    def record(self, entity_id: str) -> Record | None:
        """Return what the catalogue holds under an id itself, without following redirects."""
        number = self.entity(entity_id)
        if number is None:
            return None
        stays = self.id_of(number)
        if stays != entity_id:
            return Record(entity_id, redirect=stays)
        return decode_record_line(self._document(number), retired=self._retired[number] == 1)

    def hash_of(self, entity: int) -> int:
        """Return `streams.catalog.records.record_hash` of an entity's record."""
        line, retired = self._documents[entity], self._retired[entity] == 1
        if _MARKS in line:
            return record_hash(decode_record_line(orjson.loads(line), retired=retired))
        return entity_hash(line, retired=retired)

    def records(self) -> Iterator[Record]:
        """Return all records: entities in the order of their ids, then redirects in theirs."""
        for texts in (self._ids, self._from):
            for at in range(len(texts)):
                record = self.record(texts[at].decode())
                if record is not None:
                    yield record

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        return {self._from[at].decode(): self.id_of(self._to[at]) for at in range(len(self._from))}

    def resolve(self, entity_id: str) -> str:
        """Return the id of the entity that this one was merged into, and every other id as it is."""
        redirect = self._from.find(entity_id.encode())
        return entity_id if redirect is None else self.id_of(self._to[redirect])

    def _decode(self, form: int) -> Iterator[Posting]:
        for at in range(self._form_at[form], self._form_at[form + 1]):
            language = self._language[at]
            yield Posting(
                entity=self._entity[at],
                surface_hash=self._surface[at],
                count=self._count[at],
                is_label=language >= LABEL_BIT,
                language=self.header.languages[language % LABEL_BIT],
            )

    def _document(self, entity: int) -> dict[str, Any]:
        document: dict[str, Any] = orjson.loads(self._documents[entity])
        return document


def _damaged(name: str, why: str) -> SnapshotError:
    return SnapshotError(
        f"Snapshot {name} is damaged: {why}.", remedy="Load the catalogue anew, or use the one before it."
    )


class _Texts:
    """Byte strings laid end to end; sorted ones can be looked up."""

    def __init__(self, data: memoryview, offsets: memoryview) -> None:
        self._data = data
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, at: int) -> bytes:
        return bytes(self._data[self._offsets[at] : self._offsets[at + 1]])

    def find(self, text: bytes) -> int | None:
        at = bisect_left(range(len(self)), text, key=self.__getitem__)
        return at if at < len(self) and self[at] == text else None


class _FileTexts(_Texts):
    """Byte strings laid end to end in a file; only where each begins is in memory."""

    def __init__(self, texts: _Texts, file: int, start: int) -> None:
        super().__init__(texts._data, texts._offsets)  # noqa: SLF001 - its own kind
        self._file = file
        self._start = start

    def __getitem__(self, at: int) -> bytes:
        first = self._offsets[at]
        # No position is moved, so threads and forked processes may read at once.
        return os.pread(self._file, self._offsets[at + 1] - first, self._start + first)


def view_of(records: Iterable[Record]) -> SnapshotView:
    """Compile ``records`` and return a view of them, in this process's memory."""
    return SnapshotView(memoryview(b"".join(compile_snapshot(records).pieces)))


def open_snapshot(path: Path) -> SnapshotView:
    """Map the snapshot file at ``path``.

    Raises:
        SnapshotError: There is none, it is damaged, or this program cannot use it.
    """
    try:
        with path.open("rb", buffering=0) as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            handle = os.dup(file.fileno())
    except (OSError, ValueError) as exc:
        raise SnapshotError(
            f"Snapshot {path} cannot be mapped: {exc}.", remedy="Load the catalogue anew, or use the one before it."
        ) from exc
    buffer = memoryview(mapped)
    try:
        view = SnapshotView(
            buffer, str(path), keep=lambda data: laid_over(handle, section_start(buffer, "automaton"), data)
        )
    except SnapshotError:
        os.close(handle)
        raise
    view.read_documents(handle, section_start(buffer, "document"))
    finalize(view, os.close, handle)
    # Checking has touched every page. They stay in the page cache; this process takes back those that it reads.
    mapped.madvise(mmap.MADV_DONTNEED)
    return view
