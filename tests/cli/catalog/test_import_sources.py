"""``wasl catalog import cldr`` and its kind, into files and into a real Redis."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from streams.catalog.joining import run
from streams.catalog.joining.provenance import StoreBase, write_statements
from streams.catalog.joining.run import Combined, combine
from streams.catalog.joining.statements import ORDER, Statement
from streams.catalog.publish import published
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.sources.jsonl import read_entities
from streams.catalog.sources.origin import Origin
from streams.events.change import CatalogChange
from streams.events.entity import Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

_LEI = "529900T8BM49AURSDO55"
_CSV = f"number,name,lei,land\n17,Rahal Robotics,{_LEI},JO\n18,Zarq Bank,HWUPKR0MPOU8FGXBT394,JO\n"
_COLUMNS = ("--id", "number", "--type", "=organization", "--label", "en=name", "--external", "lei=lei")


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "clients.csv"
    path.write_text(_CSV)
    return str(path)


@pytest.fixture
def catalog(wasl: Callable[..., Result], redis_url: str) -> Callable[..., Result]:
    def run(*args: str, code: int = 0) -> Result:
        result = wasl("catalog", *args, env={"WASL_REDIS_URL": redis_url})
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(redis_url))
    yield RedisStore(client)
    client.close()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst"])
def test_a_source_becomes_a_file_with_its_provenance_beside_it(
    wasl: Callable[..., Result], table: str, tmp_path: Path, name: str
) -> None:
    result = wasl("catalog", "import", "csv", table, *_COLUMNS, "--licence", "ours", "--to", str(tmp_path / name))
    assert result.exit_code == 0, result.output
    assert result.stdout == f"2 entities written to {tmp_path / name}\n"
    assert re.match(r"clients \w+ \(ours\): 2 rows, 2 entities read\n", result.stderr)
    assert [entity.id for entity in read_entities(tmp_path / name)] == ["local:clients-17", "local:clients-18"]
    said = _lines(tmp_path / "out.provenance.jsonl")
    assert {each["property"] for each in said} == {"type", "label:en", "external:lei"}
    assert {(each["source"], each["licence"], each["inferred"]) for each in said} == {("clients", "ours", False)}


def test_rows_and_entities_are_counted_apart_and_what_is_left_out_is_named(
    wasl: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "My Clients 2026.csv"
    rows = [f"{number},Company {number},L{number},Jordan\n" for number in range(25)]
    path.write_text("number,name,lei,land\n" + "".join(rows) + "0,Company,,Jordan\n")
    command = ["catalog", "import", "csv", str(path), *_COLUMNS, "--country", "land", "--to", str(tmp_path / "x.jsonl")]
    refused = wasl(*command).stderr
    assert "'my clients 2026' cannot name a source" in refused
    assert "--source" in refused
    said = wasl(*command, "--source", "clients").stderr.splitlines()
    assert re.fullmatch(r"clients \w+: 26 rows, 25 entities read", said[0])
    assert said[1] == f"  left out: 'Jordan' is no country of ISO 3166, such as JO ({path}:2 and 25 more)"
    assert said[2] == f"  left out: 'L0' is no LEI ({path}:2)"
    assert said[21] == "  left out: 6 cells more like these; --format json lists more of them"
    told = json.loads(wasl(*command, "--source", "clients", "--format", "json").stdout)
    assert (told["rows"], len(told["left_out"]), told["left_out_more"]) == (26, 26, 0)
    assert told["left_out"][-1] == {"what": "'L24' is no LEI", "cells": 1, "first": f"{path}:26"}


def test_files_are_joined_with_files_and_what_differs_is_listed(
    wasl: Callable[..., Result], table: str, tmp_path: Path
) -> None:
    held = tmp_path / "held.jsonl"
    line = {"id": "Q1", "type": "organization", "labels": {"en": "Rahal"}, "external_ids": {"lei": _LEI}}
    held.write_text(json.dumps(line) + "\n")
    first, second, conflicts = (tmp_path / f"{name}.jsonl" for name in ("first", "second", "conflicts"))
    command = ["catalog", "import", "csv", table, *_COLUMNS, "--conflicts", str(conflicts)]
    result = wasl(*command, "--with", str(held), "--to", str(first))
    assert result.exit_code == 0, result.output
    assert "1 new, 1 found by an id, 0 found by a name (inferred)" in result.stderr
    assert "1 conflict (1 of label:en)" in result.stderr
    (conflict,) = _lines(conflicts)
    assert conflict["values"] == {"catalogue": ["Rahal"], "clients": ["Rahal Robotics"]}
    result = wasl(*command, "--with", str(first), "--to", str(second))
    assert "2 as they were before" in result.stderr
    assert first.read_bytes() == second.read_bytes()
    assert _lines(conflicts) == [conflict]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (("--to", "clients.csv"), "--to {}"),
        (("--to", "again.csv"), "--to {}"),
        (("--to", "held.jsonl"), "--to {}"),
        (("--to", "new.jsonl", "--conflicts", "clients.csv"), "--conflicts {}"),
        (("--to", "new.jsonl", "--conflicts", "held.provenance.jsonl"), "--conflicts {}"),
        (("--to", "held.jsonl.gz"), "The provenance of --to, {}"),
    ],
)
def test_a_file_that_is_read_is_not_written_over(
    wasl: Callable[..., Result], table: str, tmp_path: Path, output: tuple[str, ...], said: str
) -> None:
    (tmp_path / "held.jsonl").write_text('{"id":"Q2","type":"place","labels":{"en":"Nowhere"}}\n')
    (tmp_path / "held.provenance.jsonl").touch()
    (tmp_path / "again.csv").symlink_to(table)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    paths = [word if word.startswith("--") else str(tmp_path / word) for word in output]
    result = wasl("catalog", "import", "csv", table, *_COLUMNS, "--with", str(tmp_path / "held.jsonl"), *paths)
    assert result.exit_code == 1
    lost = tmp_path / "held.provenance.jsonl" if said.startswith("The") else paths[-1]
    assert f"error: {said.format(lost)} is read from, and would be lost." in result.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_names_in_no_language_are_no_import(wasl: Callable[..., Result]) -> None:
    refused = wasl("catalog", "import", "cldr", "--languages", " ,")
    assert (refused.exit_code, "No language is named." in refused.stderr) == (1, True)


def test_the_file_of_brands_is_not_written_over(wasl: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "nsi.json"
    path.write_text('{"_meta": {"version": "1"}, "nsi": {}}')
    for option in ("--to", "--conflicts"):
        result = wasl("catalog", "import", "brands", str(path), option, str(path))
        assert (result.exit_code, "is read from" in result.stderr) == (1, True), result.output


def test_a_source_goes_live_in_redis_and_a_second_time_changes_nothing(
    catalog: Callable[..., Result], store: RedisStore, table: str
) -> None:
    store.put_many([Entity("Q1", "organization", {"en": "Rahal"}, external_ids={"lei": _LEI})])
    result = catalog("import", "csv", table, *_COLUMNS)
    assert result.stdout == f"2 entities imported; the catalogue is at version {store.version()}\n"
    assert store.find_external("lei", _LEI) == ("Q1",)
    assert len(published(store)) == 1
    before = store.position(), store.version()
    assert catalog("import", "csv", table, *_COLUMNS).stdout == "nothing changes; the catalogue stays as it is\n"
    assert (store.position(), store.version()) == before
    shown = json.loads(catalog("show", "Q1", "--provenance", "--format", "json").stdout)["provenance"]
    assert {each["value"]: each["source"] for each in shown if each["property"] == "label:en"} == {
        "Rahal": "catalogue", "Rahal Robotics": "clients",
    }  # fmt: skip
    assert "label:en: Rahal says catalogue" in catalog("show", "Q1", "--provenance").stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--label", "en=name", "--label", "en=lei"), "--label: 'en' has 2 columns, and can have one. Other names"),
        (("--external", "lei=lei", "--external", "lei=land"), "--external: 'lei' has 2 columns, and can have one."),
        (("--external", "lei"), "--external: 'lei' is not SCHEME=COLUMN, such as lei=lei."),
        (("--alias", "name"), "--alias: 'name' is not LANG=COLUMN, such as en=name."),
        (("--label", "=name"), "--label: '=name' is not LANG=COLUMN, such as en=name."),
    ],
)
def test_no_column_of_two_is_passed_over(
    wasl: Callable[..., Result], table: str, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    command = ("--id", "number", "--type", "=organization", *options, "--to", str(tmp_path / "x.jsonl"))
    refused = wasl("catalog", "import", "csv", table, *command)
    assert (refused.exit_code, message in refused.stderr) == (2, True), refused.stderr


def test_a_table_cannot_take_the_place_of_another_source(
    catalog: Callable[..., Result], store: RedisStore, table: str, tmp_path: Path
) -> None:
    edited = Entity("Q1", "organization", {"en": "Rahal", "ar": "رحال"}, external_ids={"lei": _LEI})
    store.put_many([edited])
    (tmp_path / "catalogue.csv").write_text(_CSV)
    refused = catalog("import", "csv", str(tmp_path / "catalogue.csv"), *_COLUMNS, code=1).stderr
    assert "error: A table cannot be called 'catalogue': what the source of that name said would be lost." in refused
    for name in ORDER[2:]:
        catalog("import", "csv", table, *_COLUMNS, "--source", name, code=1)
    assert store.get("Q1") == edited


def test_what_editors_change_while_a_source_is_joined_stays(
    catalog: Callable[..., Result], store: RedisStore, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many([Entity("Q1", "organization", {"en": "Rahal"}, external_ids={"lei": _LEI})])
    edited = Entity("Q1", "organization", {"en": "Rahal", "ar": "رحال"}, external_ids={"lei": _LEI})

    def edit_then(*args: Any, **options: Any) -> Combined:
        combined = combine(*args, **options)
        store.apply(CatalogChange("set", "Q1", entity=edited))
        return combined

    monkeypatch.setattr(run, "combine", edit_then)
    catalog("import", "csv", table, *_COLUMNS)
    assert store.get("Q1") == edited
    assert store.find("Zarq Bank") == ("local:clients-18",)
    monkeypatch.undo()
    catalog("import", "csv", table, *_COLUMNS)
    assert store.find("Rahal Robotics") == store.find("رحال") == ("Q1",)


@pytest.mark.parametrize("to_file", [False, True])
def test_only_a_source_can_be_preferred(
    catalog: Callable[..., Result], store: RedisStore, table: str, tmp_path: Path, to_file: bool
) -> None:
    first, second = str(tmp_path / "1.jsonl"), str(tmp_path / "2.jsonl")
    command = ("import", "csv", table, *_COLUMNS)
    refused = catalog(*command, *(("--to", first) if to_file else ()), "--prefer", "glief", code=1).stderr
    assert "'glief' cannot be preferred" in refused
    assert "Name one of brands, catalogue, cldr, clients, exchanges, geonames, gleif, tickers." in refused
    assert store.position()[0] == 0
    for name in ("gleif", "clients"):
        catalog(*command, *(("--to", first) if to_file else ()), "--prefer", name)
    # What was imported before is a source of the catalogue.
    again = ("--to", second, "--with", first) if to_file else ()
    catalog(*command, *again, "--source", "other", "--prefer", "clients")


def test_what_is_not_utf_8_is_an_error_and_a_file_that_is_called_so_is_none(
    catalog: Callable[..., Result], store: RedisStore, tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    path.write_text("number,name,lei\n17,Rahal,xx\n")
    command = ("import", "csv", str(path), *_COLUMNS, "--source", "cafe")
    for option, said in (
        ("--licence", "The licence '\\udcff' is"),
        ("--reason", "author or the"),
        ("--author", "or the"),
    ):
        refused = catalog(*command, option, os.fsdecode(b"\xff"), code=1).stderr
        assert said in refused
    assert store.position()[0] == 0
    told = json.loads(catalog(*command, "--format", "json").stdout)
    assert told["left_out"] == [{"what": "'xx' is no LEI", "cells": 1, "first": f"{tmp_path}/caf\ufffd.csv:2"}]


def test_a_terminal_obeys_nothing_of_a_licence(catalog: Callable[..., Result], table: str) -> None:
    said = catalog("import", "csv", table, *_COLUMNS, "--licence", "\x1b[2Jours\u202e").stderr
    assert "(\u2068\u241b[2Jours\u2069): 2 rows" in said
    shown = catalog("show", "local:clients-17", "--provenance").stdout
    assert "(\u2068\u241b[2Jours\u2069)\n" in shown


def test_ids_that_a_file_cannot_say_are_merged_are_named(
    wasl: Callable[..., Result], table: str, tmp_path: Path
) -> None:
    held = [
        {"id": entity_id, "type": "organization", "labels": {"en": "Rahal"}, "external_ids": {"lei": _LEI}}
        for entity_id in ("Q1", "local:rahal")
    ]
    (tmp_path / "held.jsonl").write_text("".join(json.dumps(each) + "\n" for each in held))
    to = ("--with", str(tmp_path / "held.jsonl"), "--to", str(tmp_path / "out.jsonl"))
    said = wasl("catalog", "import", "csv", table, *_COLUMNS, *to).stderr
    assert "not in the file, and for `wasl catalog merge` where the ids are imported: local:rahal into Q1\n" in said
    told = json.loads(wasl("catalog", "import", "csv", table, *_COLUMNS, *to, "--format", "json").stdout)
    assert (told["merged"], told["merged_into"]) == (1, {"local:rahal": "Q1"})


@pytest.mark.parametrize("to_file", [False, True])
def test_where_conflicts_cannot_be_written_nothing_is_imported(
    catalog: Callable[..., Result], store: RedisStore, table: str, tmp_path: Path, to_file: bool
) -> None:
    out = tmp_path / "out.jsonl"
    to = ("--to", str(out)) if to_file else ()
    result = catalog("import", "csv", table, *_COLUMNS, *to, "--conflicts", str(tmp_path / "no" / "c.jsonl"), code=1)
    assert "c.jsonl cannot be written" in result.stderr
    assert store.position()[0] == 0
    assert not out.exists()


@pytest.mark.parametrize("name", ["c.jsonl", "c.jsonl.gz", "c.jsonl.zst"])
def test_an_import_that_fails_leaves_no_file_of_conflicts(
    catalog: Callable[..., Result], table: str, tmp_path: Path, name: str
) -> None:
    catalog("import", "csv", f"{table}.not", *_COLUMNS, "--source", "x", "--conflicts", str(tmp_path / name), code=1)
    (tmp_path / "bad.csv").write_text("number,name,lei\n1,,\n")
    catalog("import", "csv", str(tmp_path / "bad.csv"), *_COLUMNS, "--conflicts", str(tmp_path / name), code=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "clients.csv"]


def test_an_id_that_was_given_out_redirects_once_it_is_known_better(
    catalog: Callable[..., Result], store: RedisStore, table: str
) -> None:
    columns = ("--id", "lei", "--type", "=organization", "--label", "en=name", "--external", "lei=lei")
    catalog("import", "csv", table, *columns, "--source", "lei")
    (first,) = store.find_external("lei", _LEI)
    store.put_many([Entity("Q1", "organization", {"en": "Rahal"}, external_ids={"lei": _LEI})])
    result = catalog("import", "csv", table, *columns, "--source", "lei", "--format", "json")
    assert json.loads(result.stdout)["merged"] == 1
    assert (store.find_external("lei", _LEI), store.redirects()) == (("Q1",), {first: "Q1"})
    assert "nothing changes" in catalog("import", "csv", table, *columns, "--source", "lei").stdout


def test_what_is_not_merged_since_an_editor_touched_it_keeps_its_provenance(
    catalog: Callable[..., Result], store: RedisStore, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog("import", "csv", table, *_COLUMNS)
    held = Entity("Q1", "organization", {"en": "Rahal"}, external_ids={"lei": _LEI})
    store.put_many([held])

    def edit_then(*args: Any, **options: Any) -> Combined:
        combined = combine(*args, **options)
        store.apply(CatalogChange("set", "Q1", entity=replace(held, description="edited")))
        return combined

    monkeypatch.setattr(run, "combine", edit_then)
    catalog("import", "csv", table, *_COLUMNS)
    assert (store.redirects(), store.find("Rahal Robotics")) == ({}, ("local:clients-17",))
    assert "Rahal Robotics" in catalog("show", "local:clients-17", "--provenance").stdout
    assert StoreBase(store).statements(["local:clients-17"]) != {}
    monkeypatch.undo()
    catalog("import", "csv", table, *_COLUMNS)
    assert (store.redirects(), store.find("Rahal Robotics")) == ({"local:clients-17": "Q1"}, ("Q1",))
    assert StoreBase(store).statements(["local:clients-17"]) == {}


@pytest.mark.parametrize("same", [False, True])
def test_an_import_that_is_refused_leaves_the_provenance_of_the_one_that_won(
    catalog: Callable[..., Result], store: RedisStore, table: str, monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    catalog("import", "csv", table, *_COLUMNS)
    won = {"local:clients-17": [Statement("label:en", "Rahal Robotics", "won", "1", False)]}

    def lose(*args: Any, **options: Any) -> Combined:
        combined = combine(*args, **options)
        store.put_many([])
        write_statements(store, won, Origin("won", "1", ""))
        return combined

    monkeypatch.setattr(run, "combine", lose)
    columns = _COLUMNS if same else (*_COLUMNS, "--alias", "en=number")
    result = catalog("import", "csv", table, *columns, code=1)
    assert "Another version went live" in result.stderr
    assert StoreBase(store).statements(["local:clients-17"]) == won


def test_what_editors_retired_stays_retired_and_what_they_merged_is_followed(
    catalog: Callable[..., Result], store: RedisStore, table: str
) -> None:
    catalog("import", "csv", table, *_COLUMNS)
    store.put_many([Entity("Q1", "organization", {"en": "Rahal"})])
    store.apply(CatalogChange("merge", "local:clients-17", into="Q1"))
    store.apply(CatalogChange("retire", "local:clients-18"))
    result = catalog("import", "csv", table, *_COLUMNS)
    assert "1 left retired" in result.stderr
    assert store.find("Zarq Bank") == ()
    assert store.find("Rahal Robotics") == ("Q1",)


def test_a_version_can_be_staged(catalog: Callable[..., Result], store: RedisStore, table: str) -> None:
    store.put_many([Entity("Q1", "organization", {"en": "Rahal"})])
    result = catalog("import", "csv", table, *_COLUMNS, "--stage")
    assert "is staged as version sha-" in result.stdout
    assert store.find("Zarq Bank") == ()


def test_cldr_is_imported_whole(catalog: Callable[..., Result], store: RedisStore) -> None:
    store.put_many([Entity("Q810", "place", {"en": "Jordan"}, external_ids={"iso3166": "JO"})])
    result = catalog("import", "cldr")
    assert "1 found by an id" in result.stderr
    assert store.find("الأردن") == ("Q810",)
    shown = catalog("show", "Q810", "--provenance").stdout
    assert "cldr" in shown
    assert "(Unicode-3.0)" in shown


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--with", "x"), "--to"),
        (("--to", "x", "--stage"), "a file is no version"),
        (("--to", "/nowhere/x"), "/nowhere/x cannot be written"),
        (("--to", "x.jsonl", "--conflicts", "./x.jsonl"), "where --to writes the catalogue"),
        (("--to", "x.jsonl.gz", "--conflicts", "x.provenance.jsonl"), "where --to writes its provenance"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    wasl: Callable[..., Result], table: str, args: tuple[str, ...], message: str
) -> None:
    result = wasl("catalog", "import", "csv", table, *_COLUMNS, *args)
    assert result.exit_code != 0
    assert message in result.output + str(result.exception)
