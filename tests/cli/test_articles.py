from __future__ import annotations

import gzip
import io
import json
import os
import sys
from pathlib import Path

import pytest

from streams.cli.articles import Located, read_article, read_articles, read_document
from streams.errors import InputError

_ONE = {"article_id": "a1", "title": "إنفيديا", "body": "Nvidia rose."}
_TWO = {"article_id": "a2", "title": "", "body": "سطر\nآخر"}


def lines(*articles: dict[str, object]) -> bytes:
    return b"".join(json.dumps(article, ensure_ascii=False).encode() + b"\n" for article in articles)


def found(path: Path, *, title: str = "") -> list[tuple[str, dict[str, object]]]:
    return [
        (item.where.replace(str(path), "FILE"), json.loads(item.data)) for item in read_articles(str(path), title=title)
    ]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.jsonl", lines(_ONE, _TWO), [("FILE:1", _ONE), ("FILE:2", _TWO)]),
        ("a.ndjson", b"\xef\xbb\xbf\n" + lines(_ONE) + b"\n  \n" + lines(_TWO), [("FILE:2", _ONE), ("FILE:5", _TWO)]),
        ("a.jsonl.gz", gzip.compress(lines(_ONE, _TWO)), [("FILE:1", _ONE), ("FILE:2", _TWO)]),
        ("a", b"\xef\xbb\xbf\n \r\n" + lines(_ONE, _TWO), [("FILE:3", _ONE), ("FILE:4", _TWO)]),
        ("a", b"\n" + json.dumps(_ONE, indent=1).encode(), [("FILE", _ONE)]),
        ("a.json", json.dumps(_ONE, indent=1).encode(), [("FILE", _ONE)]),
        ("a.json", b"\xef\xbb\xbf" + json.dumps(_ONE, indent=1).encode(), [("FILE", _ONE)]),
        ("a.json", lines(_ONE, _TWO), [("FILE:1", _ONE), ("FILE:2", _TWO)]),
        ("a.json", json.dumps([_ONE, _TWO]).encode(), [("FILE, item 1", _ONE), ("FILE, item 2", _TWO)]),
        ("noname", lines(_ONE), [("FILE:1", _ONE)]),
        ("noname", json.dumps(_ONE, indent=1).encode(), [("FILE", _ONE)]),
        ("empty.jsonl", b"", []),
    ],
)
def test_json_in_all_its_forms(name: str, data: bytes, expected: list[object], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert found(path) == expected


@pytest.mark.parametrize(
    ("name", "data", "body"),
    [
        ("news.txt", "قالت إنفيديا.\nنعم.\n".encode(), "قالت إنفيديا.\nنعم.\n"),
        ("news", b"\xef\xbb\xbfNvidia rose.", "Nvidia rose."),
        ("news", b"[Reuters] Nvidia rose.", "[Reuters] Nvidia rose."),
        ("news", b"{sic} Nvidia", "{sic} Nvidia"),
        ("news.txt", b'{"not": "json"}', '{"not": "json"}'),
    ],
)
def test_plain_text_is_one_article(name: str, data: bytes, body: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert found(path, title="T") == [("FILE", {"article_id": "news", "title": "T", "body": body})]


def test_standard_input_gives_the_same_text_the_same_id(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for text in (b"Nvidia", b"Nvidia", b"OpenAI"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        (item,) = read_articles("-")
        assert item.where == "standard input"
        ids.append(read_article(item).article_id)
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("data", [lines(_ONE, _TWO), b"Nvidia rose."])
def test_standard_input_may_be_gzipped_and_stays_open(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for given in (data, gzip.compress(data)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        found.append(list(read_articles("-")))
        assert sys.stdin.buffer.read() == b""
    assert found[0] == found[1]


def test_articles_on_standard_input_are_there_as_soon_as_they_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    inlet, outlet = os.pipe()
    with os.fdopen(inlet) as stdin, os.fdopen(outlet, "wb", buffering=0) as writing:
        monkeypatch.setattr(sys, "stdin", stdin)
        writing.write(lines(_ONE))
        articles = read_articles("-")
        assert json.loads(next(articles).data) == _ONE
        writing.write(lines(_TWO))
        assert json.loads(next(articles).data) == _TWO


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.json", b'{\n "article_id": "a",\n "title": }\n', "FILE:3: This is not valid JSON"),
        ("a.json", '{"article_id": "a"}'.encode("utf-16"), "FILE is not UTF-8 text: byte 0 is 0xff"),
        ("a.json", '{"article_id": "إ"}'.encode("cp1256"), "FILE is not UTF-8 text: byte 16 is 0xc5"),
        ("a.txt", b"ab\xff", "FILE is not UTF-8 text: byte 2 is 0xff"),
        ("a.txt", b"", "FILE is empty; an article has a text."),
        ("a.md", b"\xef\xbb\xbf \n\t\n", "FILE is empty; an article has a text."),
        ("a", b"\n", "FILE is empty; an article has a text."),
        ("a.jsonl.gz", gzip.compress(lines(_ONE))[:-9], "FILE cannot be read to its end"),
        ("a.jsonl", b"\x1f\x8bnothing", "FILE cannot be read to its end"),
    ],
)
def test_a_broken_file_names_itself_and_the_rule(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        found(path)
    assert caught.value.message.replace(str(path), "FILE").startswith(message)
    assert caught.value.remedy != ""


def test_a_missing_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.json cannot be read: No such file"):
        list(read_articles(str(tmp_path / "nowhere.json")))


def test_empty_standard_input_is_told_without_a_name_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n")))
    with pytest.raises(InputError, match="standard input is empty") as told:
        list(read_articles("-"))
    assert told.value.remedy == "Pipe a text or articles into the command."


def test_a_file_that_breaks_while_it_is_read_names_itself() -> None:
    broken = "/proc/self/mem"  # nothing is mapped where it begins
    if not Path(broken).exists():
        pytest.skip(f"there is no {broken} here")
    with pytest.raises(InputError, match=f"{broken} cannot be read to its end: .*Input/output error"):
        list(read_articles(broken))


def test_standard_input_that_is_closed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="Standard input is closed") as told:
        list(read_articles("-"))
    assert "name a file" in told.value.remedy


def test_an_article_that_breaks_a_rule_names_its_line() -> None:
    with pytest.raises(InputError, match=r"^f\.jsonl:7: .*no title"):
        read_article(Located("f.jsonl:7", b'{"article_id": "a", "body": ""}'))


@pytest.mark.parametrize(
    ("source", "shown", "article"),
    [
        ({"id": "d", "text": "x", "gold": [], "evaluation_span": [0, 1]}, "d", ("d", "", "x", None)),
        ({"id": 7, "text": "", "title": None, "language": None}, 7, ("7", "", "", None)),
        ({"id": "d", "text": "x", "title": "t", "language": "ar"}, "d", ("d", "t", "x", "ar")),
        ({"article_id": "a", "title": "t", "body": "b"}, "a", ("a", "t", "b", None)),
    ],
)
def test_documents(source: dict[str, object], shown: object, article: tuple[object, ...]) -> None:
    shown_id, read = read_document(Located("f:1", json.dumps(source).encode()))
    assert shown_id == shown
    assert (read.article_id, read.title, read.body, read.language) == article


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"[]", "not an object"),
        (b'{"text": ""}', "has no id"),
        (b'{"id": "a"}', "has no text"),
        (b'{"id": true, "text": ""}', "id is a true/false value"),
        (b'{"id": "a", "text": 3}', "text is a number"),
        (b'{"id": "a", "text": "", "language": "!"}', "language"),
        (b'{"id": "a", "text": "', "not valid JSON"),
    ],
)
def test_a_document_that_breaks_a_rule_names_its_line(data: bytes, rule: str) -> None:
    with pytest.raises(InputError, match=rf"^f:3: .*{rule}"):
        read_document(Located("f:3", data))
