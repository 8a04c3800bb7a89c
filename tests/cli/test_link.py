from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streams.cli.render import FSI, PDI, printable, without_marks

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

_NVIDIA = {
    "id": "Q182477",
    "type": "organization",
    "labels": {"en": "Nvidia", "ar": "إنفيديا"},
    "aliases": {"en": ["NVIDIA"]},
    "prior": 0.9,
}
_TAIPEI = {"id": "Q1867", "type": "place", "labels": {"en": "Taipei", "ar": "تايبيه"}, "prior": 0.8}
_TEXT = "أعلنت إنفيديا في تايبيه خططها، وقالت Nvidia إن الطلب قوي."


def jsonl(*values: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)


@pytest.fixture
def catalog(tmp_path: Path) -> str:
    path = tmp_path / "catalog.jsonl"
    path.write_bytes(jsonl(_NVIDIA, _TAIPEI))
    return str(path)


@pytest.fixture
def link_lines(wasl: Callable[..., Result], catalog: str, tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """Run the form that other programs rely on."""

    def run(*documents: dict[str, Any]) -> list[dict[str, Any]]:
        source, target = tmp_path / "docs.jsonl", tmp_path / "links.jsonl"
        source.write_bytes(jsonl(*documents))
        arguments = ("--format", "jsonl", "--catalog", catalog, "--input", str(source), "--output", str(target))
        result = wasl("link", *arguments)
        assert (result.exit_code, result.output) == (0, ""), result.output
        return [json.loads(line) for line in target.read_bytes().splitlines()]

    return run


def test_one_line_for_each_line_in_order_with_offsets_into_text(link_lines: Callable[..., Any]) -> None:
    documents = [{"id": f"d{number}", "language": "ar", "text": "x" * number + " " + _TEXT} for number in range(20)]
    links = link_lines(*documents)
    assert [line["id"] for line in links] == [document["id"] for document in documents]
    for document, line in zip(documents, links, strict=True):
        assert set(line) == {"id", "mentions"}
        for mention in line["mentions"]:
            assert set(mention) == {"start", "end", "surface", "type", "entity_id", "confidence"}
            assert document["text"][mention["start"] : mention["end"]] == mention["surface"]
            assert 0 <= mention["confidence"] <= 1
        linked = [(mention["surface"], mention["entity_id"], mention["type"]) for mention in line["mentions"]]
        assert ("إنفيديا", "Q182477", "organization") in linked
        assert ("Nvidia", "Q182477", "organization") in linked
        assert ("تايبيه", "Q1867", "place") in linked


def test_a_catalogue_without_entities_is_named(wasl: Callable[..., Result], tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    result = wasl("link", "-", "--catalog", str(empty), "--format", "jsonl", input='{"id": 1, "text": "Nvidia"}')
    assert (result.exit_code, result.stdout) == (0, '{"id":1,"mentions":[]}\n')
    assert result.stderr == f"warning: the catalogue has no entities, so nothing is linked: {empty}\n"


def test_mentions_of_the_title_are_not_written(link_lines: Callable[..., Any]) -> None:
    (line,) = link_lines({"id": 3, "title": "Nvidia", "text": "Taipei is a city.", "gold": [1], "evaluation_span": 9})
    assert line["id"] == 3
    assert [mention["surface"] for mention in line["mentions"]] == ["Taipei"]


def test_empty_text_gives_no_mentions(link_lines: Callable[..., Any]) -> None:
    assert link_lines({"id": "e", "text": ""}) == [{"id": "e", "mentions": []}]
    assert link_lines() == []


def test_catalogues_add_up_and_may_be_gzipped(wasl: Callable[..., Result], tmp_path: Path) -> None:
    first, second, source = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl", tmp_path / "d.jsonl"
    first.write_bytes(gzip.compress(jsonl(_NVIDIA)))
    second.write_bytes(jsonl(_TAIPEI))
    source.write_bytes(jsonl({"id": "d", "text": _TEXT}))
    result = wasl("link", str(source), "--format", "jsonl", "--catalog", str(first), "--catalog", str(second))
    linked = {mention["entity_id"] for mention in json.loads(result.stdout)["mentions"]}
    assert linked >= {"Q182477", "Q1867"}


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (b'{"id": "b"', "is not valid JSON"),
        (b'{"id": "b"}', "has no text"),
        (b'{"id": "b", "text": "%s"}' % (b"x" * 5_000_001), "5000001 characters"),
    ],
    ids=["json", "text", "length"],
)
def test_a_bad_line_names_itself_and_leaves_no_file(
    bad: bytes, rule: str, wasl: Callable[..., Result], catalog: str, tmp_path: Path
) -> None:
    source, target = tmp_path / "docs.jsonl", tmp_path / "out" / "links.jsonl"
    target.parent.mkdir()
    source.write_bytes(jsonl({"id": "a", "text": ""}) + bad + b"\n")
    arguments = ("--format", "jsonl", "--catalog", catalog, "--input", str(source), "--output", str(target))
    result = wasl("link", *arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {source}:2: ")
    assert rule in result.stderr
    assert len(result.stderr.splitlines()) == 2
    assert list(target.parent.iterdir()) == []


def test_a_failure_leaves_the_results_of_the_last_run(
    wasl: Callable[..., Result], catalog: str, tmp_path: Path
) -> None:
    source, target = tmp_path / "docs.jsonl", tmp_path / "links.jsonl"
    source.write_bytes(b"nonsense\n")
    target.write_bytes(b"of the last run\n")
    result = wasl("link", str(source), "--format", "jsonl", "--catalog", catalog, "--output", str(target))
    assert result.exit_code == 1
    assert target.read_bytes() == b"of the last run\n"


def test_a_bad_catalogue_line_names_itself(wasl: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "catalog.jsonl"
    path.write_bytes(jsonl(_NVIDIA, {**_TAIPEI, "type": "town"}))
    result = wasl("link", "-", "--catalog", str(path), input="x")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {path}:2: ")


def test_what_is_read_is_not_written_over(wasl: Callable[..., Result], catalog: str, tmp_path: Path) -> None:
    docs = tmp_path / "docs.jsonl"
    docs.write_text('{"id": "1", "text": "Nvidia"}\n', encoding="utf-8")
    (tmp_path / "again").symlink_to(docs)
    for output in (str(docs), str(tmp_path / "again"), catalog):
        before = Path(output).read_bytes()
        options = ("--catalog", catalog, "--input", str(docs), "--output", output)
        done = wasl("link", "--format", "jsonl", *options)
        assert done.exit_code == 1
        assert f"--output {output} is read from, and would be lost.\n  Name another file." in done.stderr
        assert Path(output).read_bytes() == before


def test_an_output_that_cannot_be_written_is_an_error(wasl: Callable[..., Result], catalog: str) -> None:
    result = wasl("link", "-", "--catalog", catalog, "--output", "/nowhere/links", input="x")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("a", "--input", "b"), ("-", "--format", "jsonl", "--explain")])
def test_usage(arguments: tuple[str, ...], wasl: Callable[..., Result]) -> None:
    assert wasl("link", *arguments).exit_code == 2


def test_text_marks_names_in_place(wasl: Callable[..., Result], catalog: str) -> None:
    result = wasl("link", "-", "--catalog", catalog, "--title", "Nvidia", input=_TEXT)
    assert result.exit_code == 0
    assert f"{FSI}[إنفيديا → Q182477]{PDI}" in result.stdout
    assert result.stdout.startswith(f"{FSI}[Nvidia → Q182477]{PDI}\n\n")
    assert without_marks(result.stdout) == printable(f"Nvidia\n\n{_TEXT}\n\n")


def test_table_counts_entities(wasl: Callable[..., Result], catalog: str) -> None:
    result = wasl("link", "-", "--catalog", catalog, "--format", "table", input=_TEXT)
    (row,) = [line.split() for line in result.stdout.splitlines() if "Q182477" in line]
    assert row[-4:] == ["organization", "Q182477", "2", "1"]


def test_json_holds_everything(wasl: Callable[..., Result], catalog: str) -> None:
    result = wasl("link", "-", "--catalog", catalog, "--format", "json", "--explain", "--title", "T", input=_TEXT)
    (document,) = json.loads(result.stdout)
    assert document["language"]["code"] == "ar"
    assert {entity["entity_id"] for entity in document["entities"]} == {"Q182477", "Q1867"}
    assert {mention["field"] for mention in document["mentions"]} <= {"title", "body"}
    explained = {why["entity_id"]: why for why in document["explanations"]}
    assert explained["Q182477"]["candidates"][0]["entity_id"] == "Q182477"
    assert explained["Q182477"]["reason"] != ""


def test_explain_shows_every_candidate_with_its_score(wasl: Callable[..., Result], catalog: str) -> None:
    result = wasl("link", "-", "--catalog", catalog, "--explain", input="Nvidia rose.")
    assert "body[0:6] Nvidia → Q182477" in result.stdout
    candidates = [line.split() for line in result.stdout.splitlines() if line.startswith("    ")]
    assert [words[1:4] for words in candidates if words[0] != "for"] == [["Q182477", "Nvidia", "score"]]
    assert 0 <= float(candidates[0][0]) <= 1


def test_without_a_catalogue_the_starter_is_used(wasl: Callable[..., Result]) -> None:
    assert "[Nvidia → Q182477]" in wasl("link", "-", input="Nvidia rose.").stdout


def test_the_longest_text_that_is_allowed(link_lines: Callable[..., Any]) -> None:
    text = "the rain in spain " * 277_778
    text = f"{text[: 5_000_000 - 8]}. Taipei"
    (line,) = link_lines({"id": "long", "text": text})
    assert (
        (line["mentions"][-1]["start"], line["mentions"][-1]["end"])
        == (len(text) - 6, len(text))
        == (4_999_994, 5_000_000)
    )


def test_the_fixed_form_loads_nothing_of_kafka_or_redis(tmp_path: Path, catalog: str) -> None:
    import subprocess
    import sys

    program = (
        "import sys\n"
        "from streams.cli import cli\n"
        f"cli(['link', '--format', 'jsonl', '--catalog', {catalog!r}, '-'], standalone_mode=False)\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], input=b"Nvidia", capture_output=True, check=True)
    assert not set(run.stderr.decode().split()) & {"rich", "kafka", "redis", "faust", "aiohttp"}
