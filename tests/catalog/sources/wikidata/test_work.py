"""The work folder."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from streams.catalog.sources.wikidata.block import BlockResult
from streams.catalog.sources.wikidata.dump import START, Place
from streams.catalog.sources.wikidata.work import BROKEN, CANDIDATES, Job, Work
from streams.errors import ConflictError, InputError

if TYPE_CHECKING:
    from pathlib import Path

_JOB = Job("dump", "options")
_ONE, _TWO = Place(1, 11, 100, 7), Place(2, 21, 200, 8)


def _result(data: bytes) -> BlockResult:
    return BlockResult(candidates=data, broken=data * 2, counts=Counter(lines=3))


def test_what_was_saved_is_there_again_and_what_came_after_it_is_not(tmp_path: Path) -> None:
    with Work(tmp_path / "work", _JOB) as work:
        assert (work.place, work.is_resumed) == (START, False)
        work.begin()
        work.append(_result(b"one"), _ONE)
        work.save()
        work.append(_result(b"two"), _TWO)
    # What a kill leaves: bytes past the checkpoint.
    assert work.path(CANDIDATES).read_bytes() == b"onetwo"
    with Work(tmp_path / "work", _JOB) as work:
        assert (work.place, work.is_resumed, work.counts, work.is_read) == (_ONE, True, {"lines": 3}, False)
        work.begin()
        assert work.path(CANDIDATES).read_bytes() == b"one"
        assert work.path(BROKEN).read_bytes() == b"oneone"
        work.append(_result(b"2"), _TWO)
        work.save(is_read=True)
    with Work(tmp_path / "work", _JOB) as work:
        assert (work.place, work.is_read, work.counts) == (_TWO, True, {"lines": 6})
        assert work.path(CANDIDATES).read_bytes() == b"one2"


def test_a_folder_belongs_to_one_dump_and_one_set_of_options(tmp_path: Path) -> None:
    with Work(tmp_path, _JOB) as work:
        work.begin()
        work.append(_result(b"one"), _ONE)
        work.save()
    with pytest.raises(InputError, match="belongs to an import of another dump"):
        Work(tmp_path, Job("other", "options"))
    with pytest.raises(InputError, match="belongs to an import of other options"):
        Work(tmp_path, Job("dump", "other"))
    with Work(tmp_path, Job("dump", "options", 900)) as work:
        work.begin()
        work.append(_result(b"two"), _TWO)
        work.save(is_read=True)
    with pytest.raises(InputError, match="belongs to an import of another dump"):
        Work(tmp_path, Job("dump", "options", 901))
    with Work(tmp_path, Job("other", "options"), restart=True) as work:
        assert (work.place, work.is_resumed) == (START, False)
    # Begun anew is begun anew, also where nothing was saved since.
    with Work(tmp_path, _JOB) as work:
        assert not work.is_resumed
        work.begin()
        assert work.path(CANDIDATES).read_bytes() == b""


def test_one_process_at_a_time_has_the_folder(tmp_path: Path) -> None:
    with Work(tmp_path, _JOB), pytest.raises(ConflictError, match="Another import is at work"):
        Work(tmp_path, _JOB)
    with Work(tmp_path, _JOB):
        pass


def test_damaged_work_is_refused(tmp_path: Path) -> None:
    with Work(tmp_path, _JOB) as work:
        work.begin()
        work.append(_result(b"one"), _ONE)
        work.save()
    work.path(CANDIDATES).write_bytes(b"o")
    with Work(tmp_path, _JOB) as work, pytest.raises(InputError, match="has 1 bytes, and 3 were written"):
        work.begin()
    path = work.path("checkpoint.json")
    newer = path.read_bytes().replace(b'"format":2', b'"format":9')
    for data, said in ((b"{", "is damaged"), (b"{}", "is damaged"), (newer, "another version")):
        path.write_bytes(data)
        with pytest.raises(InputError, match=said):
            Work(tmp_path, _JOB)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be used"):
        Work(tmp_path / "file", _JOB)
