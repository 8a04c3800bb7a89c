"""Whole imports: what they make, and that nothing but the dump and the options has a say in it."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import resource
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import zstandard

from bench.dumps import dump_lines
from streams.catalog.sources.jsonl import read_entities
from streams.catalog.sources.wikidata import dump as dump_module
from streams.catalog.sources.wikidata import run as run_module
from streams.catalog.sources.wikidata.dump import Dump
from streams.catalog.sources.wikidata.options import ImportOptions, parse_types
from streams.catalog.sources.wikidata.run import DumpReport, import_dump
from streams.catalog.sources.wikidata.work import CANDIDATES, CATALOGUE, MISSING, REDIRECTS, REPORT
from streams.errors import InputError
from streams.events.types import ENTITY_TYPES
from tests.catalog.sources.wikidata.items import (
    BUSINESS,
    COMPANY,
    COUNTRY,
    FIRST,
    HUMAN,
    dump_of,
    item,
    qid,
    to_item,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.events.entity import Entity

_ROOT = Path(__file__).resolve().parents[4]


class Silent:
    def reading(self, read: int, size: int | None, counts: dict[str, int]) -> None:
        pass

    def resolving(self, done: int, total: int) -> None:
        pass


def _import(data: bytes, folder: Path, options: ImportOptions | None = None, **more: Any) -> DumpReport:
    dump = Dump(io.BytesIO(data), "dump", size=None)
    return import_dump(dump, folder, options or ImportOptions(), **{"jobs": 1, "progress": Silent(), **more})


def _entities(report: DumpReport) -> dict[str, Entity]:
    return {entity.id: entity for entity in read_entities(report.catalogue)}


_CLASS = item(50, {"en": "shipyard"}, to_item("P279", qid(51)))
_ABOVE = item(51, {"en": "yard"}, to_item("P279", BUSINESS), sitelinks=0)


def test_a_dump_becomes_a_catalogue(tmp_path: Path) -> None:
    person = item(2, {"en": "Trillian Shipwright"}, to_item("P31", HUMAN), to_item("P108", qid(1)))
    # Its class is described after it, and by items that are left out themselves.
    yard = item(6, {"en": "Yard Six"}, to_item("P31", qid(50)))
    word = item(7, {"en": "zarquoning"}, to_item("P31", qid(60)))
    report = _import(dump_of(COMPANY, person, yard, word, b"{broken", _CLASS, _ABOVE), tmp_path, most_broken=0.2)
    entities = _entities(report)
    assert {entity_id: entity.type for entity_id, entity in entities.items()} == {
        qid(1): "organization",
        qid(2): "person",
        qid(6): "organization",
    }
    assert entities[qid(2)].related == (qid(1),)
    assert report.counts["entities"] == 3
    assert report.counts["broken"] == 1
    assert report.counts["few_sitelinks"] == 1
    # The word, and the class itself, which is an instance of nothing.
    assert report.counts["class_leads_to_no_type"] == 2
    [broken] = [orjson.loads(line) for line in report.broken.read_bytes().splitlines()]
    assert broken["line"] == 6


def test_types_and_trees_choose(tmp_path: Path) -> None:
    items = dump_of(
        COMPANY,
        item(3, {"en": "Zarquonia"}, to_item("P31", COUNTRY)),
        item(6, {"en": "Yard Six"}, to_item("P31", qid(50))),
        item(8, {"en": "zarquon"}, to_item("P31", "Q12737077")),
        _CLASS,
        _ABOVE,
    )
    for text, expected in (
        ("organization", {qid(1), qid(6)}),
        ("place", {qid(3)}),
        (qid(51), {qid(6)}),
        (f"{qid(51)},{COUNTRY}", {qid(6), qid(3)}),
        (f"place,{BUSINESS}", set()),
        ("all", {qid(1), qid(3), qid(6), qid(8), qid(50)}),
    ):
        types, roots = parse_types(text)
        report = _import(items, tmp_path / text, ImportOptions(types=types, roots=roots))
        assert _entities(report).keys() == expected, text


def test_a_list_keeps_its_items_and_says_which_were_not_there(tmp_path: Path) -> None:
    options = ImportOptions(min_sitelinks=5, ids=frozenset({FIRST + 7, FIRST + 99}))
    report = _import(dump_of(COMPANY, item(7, {"en": "zarquoning"}, sitelinks=0)), tmp_path, options)
    assert {entity_id: entity.type for entity_id, entity in _entities(report).items()} == {
        qid(1): "organization",
        qid(7): "other",
    }
    assert report.counts["listed_but_not_found"] == 1
    assert (tmp_path / MISSING).read_text() == f"{qid(99)}\n"


def test_of_an_item_that_comes_twice_the_newest_revision_stays(tmp_path: Path) -> None:
    def state(number: int, label: str, **more: Any) -> dict[str, Any]:
        return item(number, {"en": label}, to_item("P31", HUMAN), **more)

    report = _import(
        dump_of(
            state(1, "first"),
            state(2, "new", lastrevid=9),
            state(3, "only"),
            state(1, "last"),
            state(2, "old", lastrevid=8),
        ),
        tmp_path,
    )
    assert [entity.labels["en"] for entity in read_entities(report.catalogue)] == ["new", "only", "last"]
    assert report.counts["twice"] == 2


def test_a_dump_that_may_have_been_cut_off_says_so_each_time(tmp_path: Path) -> None:
    whole = dump_of(COMPANY, _CLASS)
    assert "unclosed" not in _import(whole, tmp_path / "whole").counts
    for _ in range(2):
        assert _import(whole[:-3], tmp_path / "cut").counts["unclosed"] == 1


def test_too_many_broken_lines_are_an_error_that_more_patience_undoes(tmp_path: Path) -> None:
    data = dump_of(COMPANY, b"{", item(2, None, to_item("P31", HUMAN)))
    with pytest.raises(InputError, match=r"1 of 3 lines are broken, 33\.33%; at most 1\.00% may be.*broken\.jsonl"):
        _import(data, tmp_path)
    report = _import(data, tmp_path, most_broken=0.5)
    assert report.is_resumed
    assert report.counts["entities"] == 2


def test_a_file_without_items_is_no_dump(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no entity"):
        _import(b"[\n]\n", tmp_path)


def test_a_work_folder_without_room_is_named_and_the_import_goes_on_when_there_is(
    generated: bytes, tmp_path: Path
) -> None:
    folder, limit = tmp_path / "work", resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limit[1]))
    try:
        with pytest.raises(InputError, match=r"The work folder .*/work cannot be written: File too large") as caught:
            _import(generated, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert "which goes on where this ended" in caught.value.remedy
    again = _import(generated, folder)
    assert again.catalogue.read_bytes() == _import(generated, tmp_path / "other").catalogue.read_bytes()


def test_finished_work_is_not_done_again(tmp_path: Path) -> None:
    data = dump_of(COMPANY)
    first = _import(data, tmp_path)
    stamp = first.catalogue.stat().st_mtime_ns
    again = _import(data, tmp_path)
    assert (again.counts, again.is_resumed) == (first.counts, True)
    assert again.catalogue.stat().st_mtime_ns == stamp
    first.catalogue.unlink()
    assert _import(data, tmp_path).catalogue.stat().st_mtime_ns != stamp


@pytest.mark.parametrize("names", [(CANDIDATES, CATALOGUE), (REDIRECTS,)])
def test_finished_work_from_which_something_was_taken_is_named(tmp_path: Path, names: tuple[str, ...]) -> None:
    first = _import(dump_of(COMPANY), tmp_path).catalogue.read_bytes()
    (tmp_path / REPORT).write_bytes(b"")
    assert _import(dump_of(COMPANY), tmp_path).catalogue.read_bytes() == first
    for name in names:
        (tmp_path / name).unlink()
    with pytest.raises(InputError, match=f"{tmp_path} is not as the import left it: No such file or dir.*{names[0]}"):
        _import(dump_of(COMPANY), tmp_path)
    assert _import(dump_of(COMPANY), tmp_path, restart=True).catalogue.read_bytes() == first


def test_finished_work_is_not_taken_for_that_of_another_dump_that_begins_alike(tmp_path: Path) -> None:
    long = item(31, {"en": "Belgium"}, descriptions={"en": "b" * (1 << 17)}, sitelinks=3)
    first = _import(dump_of(long, COMPANY), tmp_path, ImportOptions(types=frozenset(ENTITY_TYPES)))
    assert list(_entities(first)) == [qid(31), qid(1)]
    with pytest.raises(InputError, match="dump differs from the dump that the import began with"):
        _import(dump_of(long, item(2, {"en": "Other"})), tmp_path, ImportOptions(types=frozenset(ENTITY_TYPES)))


@pytest.fixture(scope="module")
def generated() -> bytes:
    lines = list(dump_lines(700))
    lines[500] = b'{"type":"item","id":"Q5", broken\n'
    return b"".join(lines)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, zstandard.compress])
def test_a_dump_that_ended_too_early_goes_on_when_it_is_whole(
    pack: Callable[[bytes], bytes], generated: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "_EVERY", 0.0)
    monkeypatch.setattr(dump_module, "BLOCK_BYTES", 400_000)
    whole, path = pack(generated), tmp_path / "dump"

    def imported(given: bytes) -> DumpReport:
        path.write_bytes(given)
        with closing(Dump.open(path)) as dump:
            return import_dump(dump, tmp_path / "work", ImportOptions(), jobs=1, progress=Silent())

    with pytest.raises(InputError, match="cannot be read after line"):
        imported(whole[: len(whole) * 4 // 5])
    report = imported(whole)
    assert report.is_resumed
    assert report.catalogue.read_bytes() == _import(generated, tmp_path / "other").catalogue.read_bytes()
    with pytest.raises(InputError, match="belongs to an import of another dump"):
        imported(pack(generated + b"\n"))


def test_the_number_of_workers_changes_nothing(
    generated: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump_module, "BLOCK_BYTES", 1 << 20)
    one = _import(generated, tmp_path / "one", jobs=1)
    two = _import(generated, tmp_path / "two", jobs=2)
    assert one.catalogue.read_bytes() == two.catalogue.read_bytes()
    assert one.broken.read_bytes() == two.broken.read_bytes()
    assert one.counts == two.counts
    assert one.counts["entities"] > 100


_KILLED = """
import os, signal, sys
from pathlib import Path
from streams.catalog.sources.wikidata import dump as module
from streams.catalog.sources.wikidata.dump import Dump
from streams.catalog.sources.wikidata.options import ImportOptions
from streams.catalog.sources.wikidata.run import import_dump

module.BLOCK_BYTES = 1 << 20
class Fatal:
    def __init__(self, when):
        self.left = None if when == "resolving" else int(when)
    def reading(self, read, size, counts):
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    def resolving(self, done, total):
        if self.left is None and done == total:
            os.kill(os.getpid(), signal.SIGKILL)

ticks = iter(range(0, 10**9, 1))
import_dump(Dump.open(Path(sys.argv[1])), Path(sys.argv[2]), ImportOptions(), jobs=1, progress=Fatal(sys.argv[3]),
            clock=lambda: float(next(ticks)))
"""


def test_killed_again_and_again_it_makes_the_same_bytes(
    generated: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL leaves no time for anything; each run gets a few blocks further, and one dies when it writes."""
    path = tmp_path / "dump.json.gz"
    path.write_bytes(gzip.compress(generated, 1))
    codes = []
    for when in ("3", "3", "resolving", "0"):
        command = [sys.executable, "-c", _KILLED, str(path), str(tmp_path / "killed"), when]
        run = subprocess.run(command, cwd=_ROOT, check=False, capture_output=True, timeout=60)
        codes.append(run.returncode)
    assert codes == [-signal.SIGKILL] * 3 + [0], run.stderr.decode()
    monkeypatch.setattr(dump_module, "BLOCK_BYTES", 1 << 20)
    whole = _import(path.read_bytes(), tmp_path / "whole")
    assert (tmp_path / "killed" / CATALOGUE).read_bytes() == whole.catalogue.read_bytes()
    assert orjson.loads((tmp_path / "killed" / "report.json").read_bytes()) == whole.counts
    assert (tmp_path / "killed" / "broken.jsonl").read_bytes() == whole.broken.read_bytes()


def _children(pid: int) -> set[int]:
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are looked up in /proc")
def test_the_command_killed_midway_goes_on_without_loss_and_leaves_no_worker(
    tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """A pipe is fed until a checkpoint is there, and the process is killed while its workers have blocks."""
    data = b"".join(dump_lines(3_000))
    work = tmp_path / "work"
    command = [
        sys.executable,
        "-m",
        "streams",
        "catalog",
        "import",
        "wikidata",
        "-",
        "--work",
        str(work),
        "--jobs",
        "2",
    ]
    command += ["--to", str(tmp_path / "killed.jsonl")]
    env = {name: value for name, value in os.environ.items() if not name.startswith("WASL_")}
    with subprocess.Popen(command, cwd=_ROOT, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        half = len(data) // 2
        process.stdin.write(data[:half])
        process.stdin.flush()
        at = half

        def has_checkpoint() -> bool:
            nonlocal at
            # A checkpoint is made when a block comes and the last one is two seconds old.
            process.stdin.write(data[at : at + 32_768])
            process.stdin.flush()
            at += 32_768
            return (work / "checkpoint.json").exists() or at > 0.9 * len(data)

        eventually(lambda: len(_children(process.pid)) >= 2, within=30)
        workers = _children(process.pid)
        eventually(has_checkpoint, within=30)
        process.kill()
        process.stdin.close()
        process.wait(10)
    assert process.returncode == -signal.SIGKILL
    assert (work / "checkpoint.json").exists()
    assert not (work / CATALOGUE).exists()
    eventually(lambda: not any(_runs(worker) for worker in workers), within=10)
    again = subprocess.run(command, cwd=_ROOT, env=env, input=data, check=False, capture_output=True, timeout=60)
    assert again.returncode == 0, again.stderr.decode()
    whole = _import(data, tmp_path / "whole")
    assert {entity.id for entity in read_entities(tmp_path / "killed.jsonl")} == _entities(whole).keys()
    assert (work / CATALOGUE).read_bytes() == whole.catalogue.read_bytes()


def test_real_lines(shared_dir: Path, tmp_path: Path) -> None:
    """All lines of the optional data folder: each is counted, none is broken, and names come out as they are known."""
    folder = shared_dir / "data" / "wikidata"
    everything = ImportOptions(languages=("en", "ar", "fr"), min_sitelinks=0, types=parse_types("all")[0])
    found: dict[str, Entity] = {}
    lines = 0
    for path in sorted(folder.glob("*.json*")):
        with_dump = Dump.open(path)
        report = import_dump(with_dump, tmp_path / path.name, everything, jobs=1, progress=Silent())
        with_dump.close()
        assert report.counts.get("broken", 0) == 0
        kept = sum(report.counts.get(name, 0) for name in ("entities", "twice"))
        left = sum(report.counts.get(name, 0) for name in ("no_name_in_the_languages", "page_about_pages"))
        assert kept + left == report.counts["items"] == report.counts["lines"]
        lines += report.counts["lines"]
        found.update(_entities(report))
    assert lines == 784
    belgium = found["Q31"]
    assert (belgium.type, belgium.labels["en"], belgium.labels["ar"]) == ("place", "Belgium", "بلجيكا")
    assert "Belgian" in belgium.demonyms["en"]
    assert belgium.external_ids["geonames"] == ("2802361",)
