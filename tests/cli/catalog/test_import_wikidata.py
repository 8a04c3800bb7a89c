"""``wasl catalog import wikidata``, and that files are imported as before."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streams.catalog.publish import published
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.sources.jsonl import read_entities
from streams.settings import RedisSettings
from tests.catalog.sources.wikidata.items import COMPANY, HUMAN, dump_of, item, qid, to_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

_PERSON = item(2, {"en": "Trillian Shipwright"}, to_item("P31", HUMAN))
_REDIRECT = b'{"entity":"%s","redirect":"%s"}' % (qid(3).encode(), qid(2).encode())


@pytest.fixture
def dump(tmp_path: Path) -> str:
    path = tmp_path / "dump.json.gz"
    path.write_bytes(gzip.compress(dump_of(COMPANY, _PERSON, item(4, {"fi": "Laiva"}))))
    return str(path)


@pytest.fixture
def catalog(wasl: Callable[..., Result], redis_url: str) -> Callable[..., Result]:
    def run(*args: str, code: int = 0, **options: Any) -> Result:
        result = wasl("catalog", *args, env={"WASL_REDIS_URL": redis_url}, **options)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(redis_url))
    yield RedisStore(client)
    client.close()


@pytest.mark.parametrize(
    ("name", "magic"), [("out.jsonl", b"{"), ("out.jsonl.gz", b"\x1f\x8b"), ("out.jsonl.zst", b"\x28\xb5\x2f\xfd")]
)
def test_a_dump_becomes_a_file_that_can_be_imported(
    wasl: Callable[..., Result], dump: str, tmp_path: Path, name: str, magic: bytes
) -> None:
    out = tmp_path / name
    result = wasl("catalog", "import", "wikidata", dump, "--jobs", "1", "--to", str(out))
    assert result.exit_code == 0, result.output
    assert result.stdout == f"2 entities written to {out}\n"
    assert "1 without a name in the languages" in result.stderr
    assert [entity.id for entity in read_entities(out)] == [qid(1), qid(2)]
    assert out.read_bytes().startswith(magic)


def test_the_dump_and_the_list_are_not_written_over(wasl: Callable[..., Result], dump: str, tmp_path: Path) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_text("Q31\n")
    before = Path(dump).read_bytes()
    for path in (dump, str(listed)):
        refused = wasl("catalog", "import", "wikidata", dump, "--jobs", "1", "--ids", str(listed), "--to", path)
        assert refused.exit_code == 1
        assert f"error: --to {path} is read from, and would be lost." in refused.stderr
    assert (Path(dump).read_bytes(), listed.read_text()) == (before, "Q31\n")
    assert not Path(f"{dump}.import").exists()


def test_a_dump_without_an_entity_does_not_replace_everything(
    catalog: Callable[..., Result], store: RedisStore, dump: str, tmp_path: Path
) -> None:
    catalog("import", "wikidata", dump, "--jobs", "1")
    before = store.stats()
    empty = tmp_path / "empty.json"
    empty.write_bytes(dump_of(item(4, {"fi": "Laiva"})))
    refused = catalog("import", "wikidata", str(empty), "--jobs", "1", "--replace", code=1).stderr
    assert f"error: No entity was read from {empty}, and --replace would retire" in refused
    assert store.stats() == before


def test_a_dump_that_may_have_been_cut_off_retires_nothing(
    catalog: Callable[..., Result], store: RedisStore, dump: str, tmp_path: Path
) -> None:
    catalog("import", "wikidata", dump, "--jobs", "1")
    before = store.stats()
    short = tmp_path / "short.json"
    short.write_bytes(dump_of(COMPANY, _PERSON).rpartition(b",\n")[0])
    refused = catalog("import", "wikidata", str(short), "--jobs", "1", "--replace", code=1).stderr
    assert "the dump begins with [ and ends without ]" in refused
    assert f"error: {short} begins with [ and ends without ], and --replace would retire" in refused
    assert store.stats() == before
    assert "the dump begins with [ and ends without ]" in catalog("import", "wikidata", str(short)).stderr


def test_a_dump_goes_live_in_redis(
    catalog: Callable[..., Result], store: RedisStore, dump: str, tmp_path: Path
) -> None:
    stdout = catalog("import", "wikidata", dump, "--jobs", "1").stdout
    assert stdout == f"2 entities imported; the catalogue is at version {store.version()}\n"
    assert store.find("zarquon") == (qid(1),)
    assert len(published(store)) == 1
    # The next dump says that somebody we know is somebody else.
    newer = tmp_path / "newer.json"
    newer.write_bytes(dump_of(_PERSON, _REDIRECT))
    (tmp_path / "known.jsonl").write_text(json.dumps({"id": qid(3), "type": "person", "labels": {"en": "Tricia"}}))
    catalog("import", str(tmp_path / "known.jsonl"))
    result = catalog("import", "wikidata", str(newer), "--jobs", "1", "--replace")
    assert "1 id merged into others, as Wikidata did" in result.stderr
    assert store.get(qid(3)) == store.get(qid(2))
    assert store.stats().retired == 1


def test_a_dump_can_be_staged(catalog: Callable[..., Result], store: RedisStore, dump: str, tmp_path: Path) -> None:
    (tmp_path / "known.jsonl").write_text(json.dumps({"id": qid(3), "type": "person", "labels": {"en": "Tricia"}}))
    catalog("import", str(tmp_path / "known.jsonl"))
    newer = tmp_path / "newer.json"
    newer.write_bytes(dump_of(_PERSON, _REDIRECT))
    result = catalog("import", "wikidata", str(newer), "--jobs", "1", "--stage", "--author", "ada", "--reason", "new")
    assert "is staged as version sha-" in result.stdout
    assert (store.find("trillian shipwright"), store.redirects()) == ((), {})
    staged = next(info for info in store.versions() if info.state == "staged")
    assert (staged.note.author, staged.note.reason) == ("ada", "new")
    catalog("promote", staged.build)
    assert store.redirects() == {qid(3): qid(2)}
    assert store.version() == staged.version


def test_json_for_programs(wasl: Callable[..., Result], dump: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = wasl("catalog", "import", "wikidata", dump, "--jobs", "1", "--to", str(out), "--format", "json")
    report = json.loads(result.stdout)
    assert report["import"] is None
    assert (report["dump"]["entities"], report["dump"]["no_name_in_the_languages"]) == (2, 1)


def test_options_choose(wasl: Callable[..., Result], dump: str, tmp_path: Path) -> None:
    ids, out = tmp_path / "ids.txt", tmp_path / "out.jsonl"
    ids.write_text(f"{qid(4)}\n{qid(9)}\n")
    args = ("--languages", "fi", "--types", "person", "--min-sitelinks", "9", "--ids", str(ids))
    result = wasl("catalog", "import", "wikidata", dump, "--jobs", "1", "--to", str(out), *args)
    assert result.exit_code == 0, result.output
    assert [entity.id for entity in read_entities(out)] == [qid(4)]
    assert "1 listed, and not in the dump or without a name" in result.stderr


def test_broken_lines_are_counted_and_listed(wasl: Callable[..., Result], tmp_path: Path) -> None:
    path, out = tmp_path / "dump.json", str(tmp_path / "out.jsonl")
    path.write_bytes(dump_of(COMPANY, b"{"))
    refused = wasl("catalog", "import", "wikidata", str(path), "--jobs", "1", "--to", out)
    assert refused.exit_code == 1
    assert "error: 1 of 2 lines are broken, 50.00%; at most 1.00% may be." in refused.stderr
    allowed = wasl("catalog", "import", "wikidata", str(path), "--jobs", "1", "--to", out, "--max-broken", "0.5")
    assert f"1 line broken, listed in {path}.import/broken.jsonl" in allowed.stderr


def test_work_of_another_import_is_refused_and_can_be_begun_anew(
    wasl: Callable[..., Result], dump: str, tmp_path: Path
) -> None:
    base = ("catalog", "import", "wikidata", dump, "--jobs", "1", "--to", str(tmp_path / "out.jsonl"))
    assert wasl(*base).exit_code == 0
    assert "went on with the work that was there" in wasl(*base).stderr
    refused = wasl(*base, "--languages", "fi")
    assert refused.exit_code == 1
    assert "belongs to an import of other options" in refused.stderr
    assert wasl(*base, "--languages", "fi", "--restart").exit_code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("-",),
        ("x", "--to", "y", "--replace"),
        ("x", "--to", "y", "--stage"),
        ("x", "--min-sitelinks", "-1"),
        ("x", "--jobs", "0"),
        (),
    ],
)
def test_usage(wasl: Callable[..., Result], args: tuple[str, ...]) -> None:
    assert wasl("catalog", "import", "wikidata", *args).exit_code == 2


def test_help_of_both(wasl: Callable[..., Result]) -> None:
    shown = wasl("catalog", "import", "--help").stdout
    assert "FILE" in shown
    assert "wikidata" in shown
    assert "--min-sitelinks" in wasl("catalog", "import", "wikidata", "--help").stdout


def test_options_may_stand_behind_the_files(catalog: Callable[..., Result], store: RedisStore, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": qid(5), "type": "person", "labels": {"en": "Ford"}}))
    assert json.loads(catalog("import", str(path), "--format", "json").stdout)["entities"] == 1
    assert store.get(qid(5)) is not None
