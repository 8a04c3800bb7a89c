from __future__ import annotations

import errno
import gzip
import os
from pathlib import Path

import pytest
import zstandard

from streams.cli.written import packed, refuse_read, written
from streams.errors import InputError


def test_a_file_appears_when_everything_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"before")
    with written(path) as sink:
        sink.write(b"after")
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"after"
    assert [each.name for each in tmp_path.iterdir()] == ["out.jsonl"]


def test_after_a_failure_the_file_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"before")
    with pytest.raises(KeyError), written(path) as sink:
        sink.write({"half": b"half"}["whole"])
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_folder_or_a_missing_one_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "no" / "such.jsonl", tmp_path / "file" / "such.jsonl"):
        with pytest.raises(InputError, match=f"{path} cannot be written"), written(path):
            pass


def test_an_error_of_another_file_is_not_taken_for_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="elsewhere"), written(tmp_path / "out.jsonl"):
        (tmp_path / "elsewhere").read_bytes()
    with pytest.raises(BrokenPipeError), written(tmp_path / "out.jsonl"):
        raise BrokenPipeError(errno.EPIPE, "of a terminal that was closed")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("size", [10, 1 << 20])
def test_a_disk_that_is_full_is_an_error_that_names_the_file(size: int) -> None:
    with (
        pytest.raises(InputError, match="/dev/full cannot be written: No space left"),
        written(Path("/dev/full")) as sink,
    ):
        sink.write(b"x" * size)


def test_a_device_is_written_as_it_is() -> None:
    with written(Path(os.devnull)) as sink:
        sink.write(b"gone")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("suffix", "unpack"),
    [
        (".gz", gzip.decompress),
        (".zst", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)),
        (".jsonl", bytes),
    ],
)
def test_the_name_says_how_it_is_compressed(tmp_path: Path, suffix: str, unpack: object) -> None:
    results = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}{suffix}"
        with written(path) as sink, packed(sink, path.suffix) as target:
            target.write(b"one\n")
            target.write(b"two\n")
        results.append(path.read_bytes())
    assert results[0] == results[1]
    assert unpack(results[0]) == b"one\ntwo\n"  # type: ignore[operator]


def test_a_pipe_is_written_by_the_name_that_shells_give_it() -> None:
    reading, writing = os.pipe()
    with written(Path(f"/dev/fd/{writing}")) as sink:
        sink.write(b"piped")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b"piped"


def test_a_file_that_is_read_is_no_output(tmp_path: Path) -> None:
    read, other = tmp_path / "read", tmp_path / "other"
    read.write_text("read")
    other.write_text("other")
    (tmp_path / "link").symlink_to(read)
    refuse_read({"--to": other, "--html": None, "--json": tmp_path / "new"}, [read, tmp_path / "new"])
    for path in (read, str(tmp_path / "link")):
        with pytest.raises(InputError, match=f"--to {path} is read from, and would be lost"):
            refuse_read({"--html": other, "--to": path}, [str(read)])
