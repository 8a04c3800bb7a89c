from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from streams.evaluate.diagram import reliability_svg
from streams.evaluate.errors import KINDS
from streams.evaluate.gold import read_gold
from streams.evaluate.link import Link
from streams.evaluate.page import SYMBOLS, error_page
from streams.evaluate.report import report_on

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_VOID = {"meta", "input", "link", "img", "br"}


class _Reader(HTMLParser):
    """Reads the page as a browser does, and complains where a tag is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.text[tag] = self.text.get(tag, "") + data


def page_of(folder: Path, text: str, links: list[Link], *, title: str = "") -> tuple[str, _Reader]:
    path = folder / "page-gold.jsonl"
    mark = {"start": 0, "end": 1, "surface": text[0], "entity_id": "Q1"}
    path.write_text(
        json.dumps({"id": "<a>", "language": "ar", "title": title, "text": text, "gold": [mark]}), encoding="utf-8"
    )
    documents = read_gold(path)
    report = report_on("s<et", documents, {"<a>": tuple(links)}, view=None, explain=False)
    page = error_page([report], title="T&T", name_of=lambda entity_id: f"<{entity_id}>", diagram="<svg></svg>")
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return page, reader


def test_the_page_stands_alone(tmp_path: Path) -> None:
    page, reader = page_of(tmp_path, "آبل تربح", [Link(0, 3, "Q2", 0.5)])
    assert not {tag for tag, _ in reader.tags} & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"""(src|href)=|url\(|@import""", page)
    policy = next(attrs["content"] for tag, attrs in reader.tags if attrs.get("http-equiv") is not None)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert "prefers-color-scheme: dark" in page


def test_texts_are_escaped_and_isolated(tmp_path: Path) -> None:
    bad = '<script>alert("1")</script> & \u202e\u0007 end'
    page, reader = page_of(tmp_path, bad, [], title="<b>")
    assert "<script>" not in page
    assert '<p class="title" dir="auto" lang="ar">&lt;b&gt;</p>' in page
    texts = [attrs for tag, attrs in reader.tags if attrs.get("class") == "text"]
    assert [(attrs["dir"], attrs["lang"]) for attrs in texts] == [("auto", "ar")]
    assert "\u0007" not in page
    assert "\u2407" in reader.text["p"]


def test_kinds_differ_by_symbol_and_have_a_box(tmp_path: Path) -> None:
    assert len(set(SYMBOLS.values())) == len(KINDS)
    page, reader = page_of(tmp_path, "abc", [Link(1, 2, "Q2", 0.5)])
    boxes = {attrs["id"] for tag, attrs in reader.tags if tag == "input"}
    assert boxes == {"f-missed", "f-no-gold-there"}
    labels = {attrs["for"] for tag, attrs in reader.tags if tag == "label"}
    assert labels == boxes
    assert '<bdi class="m no-gold-there"' in page
    assert f"b<sup>{SYMBOLS['no gold there']}</sup></bdi>" in page
    assert f"a<sup>{SYMBOLS['missed']}</sup></bdi>" in page
    assert '<article class="doc has-no-gold-there has-missed">' in page


def test_mentions_that_overlap_are_all_in_the_table(tmp_path: Path) -> None:
    _, reader = page_of(tmp_path, "abcdef", [Link(0, 4, "Q2", 0.5), Link(2, 6, "Q3", 0.5)])
    assert reader.text["p"].count("+") == 1
    assert {"<Q2>", "<Q3>"} <= set(re.findall(r"<Q\d>", reader.text["table"]))


@given(text=st.text(min_size=1, max_size=30))
def test_any_text_makes_a_page_that_shows_it(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    encodable = text.encode("utf-8", "replace").decode()
    _, reader = page_of(tmp_path_factory.getbasetemp(), encodable, [])
    shown = reader.text["p"]
    assert all(character in shown for character in encodable if character.isalnum())


def test_the_diagram_is_sound_xml_and_says_both_errors() -> None:
    links = [(at / 100, at % 3 == 0, 1.0) for at in range(100)]
    root = ET.fromstring(reliability_svg(links, title="A & B"))
    text = " ".join(element.text or "" for element in root.iter())
    assert "A & B" in text
    assert re.search(r"100 links, 15 bins; .* 0\.\d{3} \(bars, equal width\), 0\.\d{3} \(dots, equal mass\)", text)
    names = [element.tag.partition("}")[2] for element in root.iter()]
    assert names.count("circle") == 15
    assert sum(element.get("class") == "b" for element in root.iter()) == 15


def test_a_diagram_of_nothing_says_so() -> None:
    assert "no link has a confidence" in reliability_svg([], title="x")
