"""Files that appear when everything is in them, and not at all if something fails."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from streams.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["packed", "refuse_read", "written"]

_REMEDY: Final = "Name a file in a folder that you may write to."


class _Part(io.FileIO):
    """A file whose own errors name it, so that no other error is taken for one of them."""

    def __init__(self, part: Path, target: Path) -> None:
        self._target = target
        with _naming(target):
            super().__init__(part, "wb")

    def write(self, data: Any, /) -> int:
        with _naming(self._target):
            return super().write(data)

    def close(self) -> None:
        with _naming(self._target):
            super().close()


@contextmanager
def _naming(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise InputError(f"{target} cannot be written: {exc.strerror}.", remedy=_REMEDY) from exc


def refuse_read(outputs: Mapping[str, Path | str | None], inputs: Iterable[Path | str]) -> None:
    """Refuse an output that is one of the inputs, which it would take the place of.

    Args:
        outputs: The files that are written, by what is said of them in the message, such as their option.
        inputs: The files that are read.

    Raises:
        InputError: A file is both.
    """
    read = {Path(path).resolve() for path in inputs}
    for what, path in outputs.items():
        target = None if path is None else Path(path).resolve()
        if target is not None and target.is_file() and target in read:
            raise InputError(f"{what} {path} is read from, and would be lost.", remedy="Name another file.")


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """Give a sink whose file appears when everything is in it; one that is there stays until then.

    A pipe or a device cannot be put in place in one go, and is written as it is.

    Raises:
        InputError: The file cannot be written.
    """
    named = Path(path)
    in_place = named.exists() and not named.is_file()
    # What links such as /dev/stdout lead to, where that is a pipe, has no path of its own.
    target = named if in_place else named.resolve()
    part = target if in_place else target.with_name(f".{target.name}.{os.getpid()}.part")
    file = _Part(part, target)
    try:
        with io.BufferedWriter(file) as sink:
            yield sink
        if not in_place:
            with _naming(target):
                part.replace(target)
    finally:
        if not in_place:
            part.unlink(missing_ok=True)


@contextmanager
def packed(sink: IO[bytes], suffix: str) -> Iterator[IO[bytes]]:
    """Give what compresses into ``sink`` as the end of a file's name says: ``.gz``, ``.zst``, or not at all.

    Equal bytes are compressed to equal bytes.
    """
    if suffix == ".gz":
        import gzip  # noqa: PLC0415 - help must not wait for it

        with gzip.GzipFile(filename="", fileobj=sink, mode="wb", mtime=0) as file:
            yield cast("IO[bytes]", file)
    elif suffix == ".zst":
        import zstandard  # noqa: PLC0415 - as above

        with zstandard.ZstdCompressor().stream_writer(sink, closefd=False) as frame:
            yield cast("IO[bytes]", frame)
    else:
        yield sink
