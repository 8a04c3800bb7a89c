"""Links lead somewhere, and paths that the pages name are there."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from tests.docs.pages import NAMES, ROOT, anchors, prose, read, spans

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"(?:streams|tests|schemas|docs|ops)/[\w./-]+|[A-Z]+\.md|\.ci/run")
# Stand for any path.
_EXAMPLES = {"streams/a/b.py", "tests/a/test_b.py"}
# Made by a build, so not in every clone.
_MADE = {"streams/_native"}


def links(text: str) -> list[str]:
    return _LINK.findall(prose(text))


def test_pages_and_links_are_found() -> None:
    assert {"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs/operations/runbook.md"} <= set(NAMES)
    assert len(links(read("README.md"))) > 10


@pytest.mark.parametrize("name", NAMES)
def test_relative_links_lead_to_a_file_and_a_heading(name: str) -> None:
    lost = []
    for link in links(read(name)):
        path, _, fragment = link.partition("#")
        if ":" in path:
            continue
        target = (ROOT / name).parent / path if path != "" else ROOT / name
        if not target.exists() or (fragment != "" and fragment not in anchors(target.read_text(encoding="utf-8"))):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("name", NAMES)
def test_paths_in_backticks_exist(name: str) -> None:
    named = [span for span in spans(read(name)) if _PATH.fullmatch(span) and span not in _EXAMPLES | _MADE]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_decisions_are_all_linked_from_the_architecture() -> None:
    pages = {f"docs/decisions/{page.name}" for page in (ROOT / "docs" / "decisions").glob("*.md")}
    assert pages <= set(links(read("ARCHITECTURE.md")))


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), ["README.md"]
    while len(waiting) > 0:
        name = waiting.pop()
        reached.add(name)
        targets = {((ROOT / name).parent / link.partition("#")[0]).resolve() for link in links(read(name))}
        waiting += [other for other in NAMES if ROOT / other in targets and other not in reached]
    assert set(NAMES) - reached == set()


def test_the_picture_is_well_formed_and_says_what_it_shows() -> None:
    root = ET.parse(ROOT / "docs" / "images" / "flow.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title") is not None
    assert root.find(f"{space}desc") is not None
    assert "prefers-color-scheme: dark" in "".join(root.find(f"{space}style").itertext())
