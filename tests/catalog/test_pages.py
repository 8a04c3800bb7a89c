"""Bytes over the pages of a file: equal to it, shared where that is possible, and copied where it is not."""

from __future__ import annotations

import gc
import mmap
import os
import sys
from typing import TYPE_CHECKING

import pytest

from streams.catalog.pages import LARGE, PLACE, laid_over

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    """Yield a file of zeros with something at every four thousandth byte and at both ends."""
    path = tmp_path / "pages"
    with path.open("wb") as out:
        out.truncate(PLACE + LARGE + 5_000)
        for at in [*range(0, PLACE + LARGE + 5_000, 4_001), PLACE + LARGE + 4_999]:
            out.seek(at)
            out.write(bytes([1 + at % 255]))
    handle = os.open(path, os.O_RDONLY)
    yield handle
    os.close(handle)


def _is_mapped(inode: int) -> bool:
    """Say whether a file is mapped writably: what is laid over is, and what is opened to be read is not."""
    with open("/proc/self/maps", encoding="utf-8") as lines:  # noqa: PTH123 - no file of the disk
        return any(line.split()[4] == str(inode) and line.split()[1] == "rw-p" for line in lines)


def _content(file: int, start: int) -> bytes:
    return os.pread(file, LARGE + 5_000, start)


@pytest.mark.parametrize("start", [PLACE, 0, 17])
def test_they_equal_what_is_in_the_file(file: int, start: int) -> None:
    content = _content(file, start)
    assert laid_over(file, start, memoryview(content)) == content


@pytest.mark.skipif(sys.platform != "linux", reason="pages are laid over on Linux alone")
def test_they_lie_in_the_pages_of_the_file_until_they_are_freed(file: int) -> None:
    inode, content = os.fstat(file).st_ino, _content(file, PLACE)
    whole = laid_over(file, PLACE, content)
    if not _is_mapped(inode):
        pytest.skip("the allocator of this system begins large blocks elsewhere")
    assert whole == content
    assert bytes(whole[: 2 * mmap.PAGESIZE]) == content[: 2 * mmap.PAGESIZE]
    del whole
    gc.collect()
    assert not _is_mapped(inode)
    assert _content(file, PLACE) == content


@pytest.mark.skipif(sys.platform != "linux", reason="what is mapped is read from /proc")
@pytest.mark.parametrize("why", ["small", "elsewhere", "system", "refused"])
def test_they_are_copied_where_they_cannot_be_laid_over(file: int, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inode, content = os.fstat(file).st_ino, _content(file, PLACE)
    handle, start = file, PLACE
    if why == "small":
        content = content[: LARGE - 1]
    elif why == "elsewhere":
        start, content = PLACE + 1, content[1:]
    elif why == "system":
        monkeypatch.setattr(sys, "platform", "darwin")
    else:
        handle = -1
    assert laid_over(handle, start, content) == content
    assert not _is_mapped(inode)
