from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

_TEXT = "Apple opened an office in London, and Zorvex did not."
_ENTITIES = (
    {"id": "Q312", "type": "organization", "labels": {"en": "Apple"}, "prior": 0.9},
    {"id": "Q84", "type": "place", "labels": {"en": "London"}, "prior": 0.9},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    marks = [
        {"start": 0, "end": 5, "surface": "Apple", "entity_id": "Q312", "phenomena": ["ambiguous"]},
        {"start": 26, "end": 32, "surface": "London", "entity_id": "Q92561"},
        {"start": 38, "end": 44, "surface": "Zorvex", "entity_id": None, "phenomena": ["nil"]},
    ]
    gold = {"id": "a", "language": "en", "text": _TEXT, "gold": marks}
    for name, values in (("gold", (gold,)), ("catalog", _ENTITIES)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))
    return tmp_path


@pytest.fixture
def evaluate(wasl: Callable[..., Result], folder: Path) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        return wasl("evaluate", str(folder / "gold.jsonl"), "--catalog", str(folder / "catalog.jsonl"), *arguments)

    return run


def figures(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    part: dict[str, Any] = json.loads(result.stdout)["sets"]["gold"]
    return part


def test_figures_and_errors_for_people(evaluate: Callable[..., Result]) -> None:
    result = evaluate()
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["gold", "1", "0.500", "0.500", "0.500", "1", "1", "1", "0.500", "1", "of", "2"] in lines
    assert "expected calibration error of 2 links, 15 bins" in result.stdout
    assert any(line[:5] == ["1", "wrong", "entity", "London", "Q92561"] for line in lines)
    assert any(line[:4] == ["nil", "1", "of", "1"] for line in lines)


def test_json_on_standard_output_and_in_a_file(evaluate: Callable[..., Result], folder: Path) -> None:
    result = evaluate("--format", "json", "--json", str(folder / "out.json"))
    assert figures(result)["named"]["f1"] == 0.5
    assert json.loads((folder / "out.json").read_text()) == json.loads(result.stdout)


def test_links_of_a_file_are_judged_instead(evaluate: Callable[..., Result], folder: Path) -> None:
    mentions = [{"start": 26, "end": 32, "entity_id": "Q92561"}]
    (folder / "p.jsonl").write_text(json.dumps({"id": "a", "mentions": mentions}))
    part = figures(evaluate("--predictions", str(folder / "p.jsonl"), "--format", "json"))
    assert (part["named"]["right"], part["named"]["missed"]) == (1, 1)
    assert part["errors"] == {"missed": 1}
    assert part["calibration"] is None


def test_what_wasl_link_writes_is_judged_as_what_is_linked_here(
    evaluate: Callable[..., Result], wasl: Callable[..., Result], folder: Path
) -> None:
    arguments = ("--catalog", str(folder / "catalog.jsonl"), "--format", "jsonl", "--output", str(folder / "p.jsonl"))
    assert wasl("link", str(folder / "gold.jsonl"), *arguments).exit_code == 0
    here = figures(evaluate("--format", "json"))
    there = figures(evaluate("--format", "json", "--predictions", str(folder / "p.jsonl")))
    for key in ("named", "all", "types", "calibration", "phenomena"):
        assert here[key] == there[key]


def test_page_and_diagram(evaluate: Callable[..., Result], folder: Path) -> None:
    page, svg = folder / "e.html", folder / "d.svg"
    result = evaluate("--html", str(page), "--diagram", str(svg), "--name", "trial")
    assert result.exit_code == 0, result.output
    assert page.read_text().startswith("<!doctype html>")
    assert "Apple<sup>✓</sup>" in page.read_text()
    assert "Links of trial" in page.read_text()
    assert svg.read_text().startswith("<svg")


def test_what_changed_since_an_earlier_run(evaluate: Callable[..., Result], folder: Path) -> None:
    mentions = [{"start": 26, "end": 32, "entity_id": "Q92561"}]
    (folder / "p.jsonl").write_text(json.dumps({"id": "a", "mentions": mentions}))
    old = folder / "old.json"
    assert evaluate("--predictions", str(folder / "p.jsonl"), "--json", str(old), "--name", "old").exit_code == 0
    result = evaluate("--compare", str(old), "--name", "new")
    assert "From old to new" in result.stdout
    assert "1 better" in result.stdout
    assert "1 worse" in result.stdout
    assert "0.500 (-0.500)" in result.stdout


def test_a_comparison_is_for_people(evaluate: Callable[..., Result]) -> None:
    result = evaluate("--compare", "old.json", "--format", "json")
    assert (result.exit_code, "--compare is for people" in result.stderr) == (2, True)


def test_sets_are_named_by_their_files_and_added_up(
    wasl: Callable[..., Result], folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "gold.jsonl"
    other.write_bytes((folder / "gold.jsonl").read_bytes())
    files = (str(folder / "gold.jsonl"), str(other))
    result = wasl("evaluate", *files, "--catalog", str(folder / "catalog.jsonl"), "--format", "json")
    document = json.loads(result.stdout)
    assert list(document["sets"]) == list(files)
    assert document["total"]["named"]["right"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--compare", "none.json"), "cannot be read"),
        (("--json", "no/such/folder/x.json"), "cannot be written"),
        (("--predictions", "none.jsonl"), "cannot be read"),
    ],
)
def test_files_that_cannot_be_used(evaluate: Callable[..., Result], arguments: tuple[str, str], message: str) -> None:
    result = evaluate(*arguments)
    assert result.exit_code == 1
    assert message in result.stderr


@pytest.mark.parametrize("output", ["--html", "--json", "--diagram"])
@pytest.mark.parametrize("name", ["gold.jsonl", "catalog.jsonl", "links.jsonl", "old.json"])
def test_what_is_read_is_not_written_over(
    evaluate: Callable[..., Result], folder: Path, output: str, name: str
) -> None:
    (folder / "links.jsonl").write_text('{"id": "a", "mentions": []}\n')
    assert evaluate("--json", str(folder / "old.json")).exit_code == 0
    before = (folder / name).read_bytes()
    read = ("--predictions", str(folder / "links.jsonl"), "--compare", str(folder / "old.json"))
    result = evaluate(*read, output, str(folder / name))
    assert result.exit_code == 1
    assert f"{output} {folder / name} is read from, and would be lost." in result.stderr
    assert (folder / name).read_bytes() == before


def test_names_that_are_not_utf_8_are_shown_in_it(evaluate: Callable[..., Result], folder: Path) -> None:
    other = folder / os.fsdecode(b"caf\xe9.jsonl")
    other.write_bytes((folder / "gold.jsonl").read_bytes())
    result = evaluate(str(other), "--name", os.fsdecode(b"\xff"), "--format", "json", "--html", str(folder / "x.html"))
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["name"], list(told["sets"])) == ("\ufffd", ["gold", "caf\ufffd"])


def test_the_starter_catalogue_is_the_default(wasl: Callable[..., Result]) -> None:
    gold = Path(__file__).resolve().parents[1] / "gold" / "held-out.jsonl"
    document = json.loads(wasl("evaluate", str(gold), "--format", "json").stdout)
    assert document["sets"]["held-out"]["named"]["f1"] > 0.9
