"""Articles in files: JSON, JSONL or plain text, from disk or standard input, gzipped or not."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import sys
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

import orjson

from streams.errors import EventError, InputError, LinkingError
from streams.events import read
from streams.events.article import MAX_BODY, MAX_ID, MAX_TITLE, RawArticle, encode_raw_article, parse_raw_article

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["STDIN", "Located", "located", "read_article", "read_articles", "read_document", "standard_input"]

STDIN: Final = "-"
_LINES: Final = frozenset({".jsonl", ".ndjson"})
_TEXTS: Final = frozenset({".txt", ".md", ".text"})
_BOM: Final = b"\xef\xbb\xbf"
_GZIP: Final = b"\x1f\x8b"
# How JSON begins, and how no text does: news agencies put [their name] first.
_JSON: Final = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[{\]])")


@dataclass(frozen=True, slots=True)
class Located:
    """One article as it stands in a file.

    Attributes:
        where: ``file:line``, or the file alone where it holds one article.
        data: The article as JSON.
    """

    where: str
    data: bytes


def read_articles(path: str, *, title: str = "") -> Iterator[Located]:
    """Yield the articles in a file, unchecked.

    A name that ends in ``.jsonl`` or ``.ndjson`` means one article a line, ``.txt`` and ``.md`` mean the body
    of one article; ``.gz`` may follow. Anything else is judged by its first line that is not blank.

    Args:
        path: The file; ``-`` is standard input.
        title: Title of an article that is plain text.

    Raises:
        InputError: The file cannot be read, or is neither of the three.
    """
    name = "standard input" if path == STDIN else path
    suffix = _suffix(path)
    with _opened(path, name) as file:
        if suffix in _LINES:
            yield from _lines(file, name)
            return
        begin = _first_lines(file, name) if suffix not in _TEXTS else []
        if len(begin) > 0 and _is_object(begin[-1]):
            yield Located(f"{name}:{len(begin)}", begin[-1].strip())
            yield from _lines(file, name, after=len(begin))
            return
        data = b"".join((*begin, _read_rest(file, name)))
    if suffix not in _TEXTS and (suffix == ".json" or _JSON.match(data) is not None):
        yield from _whole(data, name)
    else:
        yield Located(name, encode_raw_article(_plain(_without_bom(data), path, name, title)))


def read_article(item: Located) -> RawArticle:
    """Check one article against the rules of raw articles.

    Raises:
        InputError: It breaks one; the message names the file, the line and the rule.
    """
    with located(item.where):
        return parse_raw_article(read.decode_object(item.data, "raw article"))


def read_document(item: Located) -> tuple[str | int, RawArticle]:
    """Read what `wasl link` links: a raw article, or a document ``{"id", "language"?, "title"?, "text"}``.

    Other keys of a document are passed over.

    Returns:
        The id as it is written, and the article.

    Raises:
        InputError: It is neither; the message names the file, the line and the rule.
    """
    with located(item.where):
        source = read.decode_object(item.data, "document")
        if "article_id" in source:
            article = parse_raw_article(source)
            return article.article_id, article
        return _document(source)


def standard_input() -> io.BufferedReader:
    """Return standard input as bytes.

    Raises:
        InputError: It is closed.
    """
    if sys.stdin is None:  # as Python has it where the process was started with `<&-`
        raise InputError("Standard input is closed.", remedy="Pipe something into the command, or name a file.")
    return cast("io.BufferedReader", sys.stdin.buffer)


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put the place in a file before the message of an error about what stands there.

    Raises:
        InputError: What stands there broke a rule, or could not be linked.
    """
    try:
        yield
    except (EventError, LinkingError) as exc:
        raise InputError(f"{where}: {exc.message}", remedy=exc.remedy) from exc


def _document(source: dict[str, Any]) -> tuple[str | int, RawArticle]:
    given = read.required(source, "id", "document")
    shown = given if isinstance(given, int) and not isinstance(given, bool) else read.text(given, "id", most=MAX_ID)
    language, title = source.get("language"), source.get("title")
    return shown, RawArticle(
        article_id=str(shown),
        title="" if title is None else read.text(title, "title", most=MAX_TITLE),
        body=read.text(read.required(source, "text", "document"), "text", most=MAX_BODY),
        language=None if language is None else read.language_tag(language, "language"),
    )


def _suffix(path: str) -> str:
    name = Path(path)
    return (name.with_suffix("") if name.suffix == ".gz" else name).suffix.lower()


@contextmanager
def _opened(path: str, name: str) -> Iterator[IO[bytes]]:
    try:
        file = io.BufferedReader(_StandardInput(standard_input())) if path == STDIN else Path(path).open("rb")  # noqa: SIM115 - below
    except OSError as exc:
        raise InputError(
            f"{path} cannot be read: {exc.strerror}.", remedy="Name a file that exists, or - for standard input."
        ) from exc
    with file:
        if _peek(file, name)[:2] == _GZIP:
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=file))
        else:
            yield file


class _StandardInput(io.RawIOBase):
    """Standard input as a file of its own, which may be peeked into and closed; gives what has arrived at once."""

    def __init__(self, source: io.BufferedReader) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        data = self._source.read1(len(into))
        into[: len(data)] = data
        return len(data)


def _peek(file: io.BufferedReader[Any], name: str) -> bytes:
    try:
        return file.peek(2)
    except OSError as exc:
        raise _unreadable(name, exc) from exc


def _readline(file: IO[bytes], name: str) -> bytes:
    try:
        return file.readline()
    except (OSError, EOFError, zlib.error) as exc:
        raise _unreadable(name, exc) from exc


def _first_lines(file: IO[bytes], name: str) -> list[bytes]:
    """Return the lines up to the first that is not blank, that one included."""
    lines = [_without_bom(_readline(file, name))]
    while lines[-1] != b"" and lines[-1].strip() == b"":
        lines.append(_readline(file, name))
    return lines


def _read_rest(file: IO[bytes], name: str) -> bytes:
    try:
        return file.read()
    except (OSError, EOFError, zlib.error) as exc:
        raise _unreadable(name, exc) from exc


def _unreadable(name: str, exc: Exception) -> InputError:
    return InputError(f"{name} cannot be read to its end: {exc}.", remedy="Check the file, or copy it again.")


def _without_bom(data: bytes) -> bytes:
    return data.removeprefix(_BOM)


def _lines(file: IO[bytes], name: str, *, after: int = 0) -> Iterator[Located]:
    number = after
    while (line := _readline(file, name)) != b"":
        number += 1
        data = (_without_bom(line) if number == 1 else line).strip()
        if data != b"":
            yield Located(f"{name}:{number}", data)


def _is_object(line: bytes) -> bool:
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _whole(data: bytes, name: str) -> Iterator[Located]:
    body = _without_bom(data)
    _text(body, name)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        line = body.count(b"\n", 0, exc.pos) + 1
        raise InputError(
            f"{name}:{line}: This is not valid JSON: {exc}.",
            remedy="Correct it; for one article a line name the file .jsonl, for plain text .txt.",
        ) from exc
    if not isinstance(value, list):
        yield Located(name, body)
        return
    for number, item in enumerate(value, start=1):
        yield Located(f"{name}, item {number}", orjson.dumps(item))


def _plain(data: bytes, path: str, name: str, title: str) -> RawArticle:
    body = _text(data, name)
    if body.strip() == "":
        raise InputError(
            f"{name} is empty; an article has a text.",
            remedy="Pipe a text or articles into the command."
            if path == STDIN
            else "Give one, or name the file .jsonl where it may hold no article at all.",
        )
    if path == STDIN:
        # The same text keeps its id, so that sending it twice is one article twice and not two articles.
        article_id = f"text-{hashlib.blake2b(data, digest_size=8).hexdigest()}"
    else:
        article_id = Path(path).stem[:MAX_ID]
    return RawArticle(article_id=article_id, title=title, body=body)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise InputError(
            f"{name} is not UTF-8 text: byte {exc.start} is 0x{data[exc.start]:02x}.",
            remedy="Save it as UTF-8, or convert it with iconv.",
        ) from exc
