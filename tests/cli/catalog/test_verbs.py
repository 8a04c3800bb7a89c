from __future__ import annotations

import json
import socketserver
import threading
from typing import TYPE_CHECKING, Any

import pytest

from streams.catalog.publish import published
from streams.catalog.redis_ import RedisStore, connect
from streams.cli.catalog.options import made_change
from streams.cli.catalog.set_ import edited
from streams.errors import SchemaError
from streams.events.change import CatalogChange
from streams.events.entity import Alias, Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

_NVIDIA = {"id": "Q182477", "type": "organization", "labels": {"en": "Nvidia", "ar": "إنفيديا"}, "prior": 0.9}
_GEFORCE = {"id": "local:geforce", "type": "product", "labels": {"en": "GeForce"}, "aliases": {"en": ["GeForce RTX"]}}


@pytest.fixture
def catalog(wasl: Callable[..., Result], redis_url: str) -> Callable[..., Result]:
    """Run ``wasl catalog …`` against a real Redis that is empty at first."""

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


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text(json.dumps(_NVIDIA) + "\n")
    second.write_text(json.dumps(_GEFORCE) + "\n" + json.dumps({**_NVIDIA, "labels": {"en": "NVIDIA"}}) + "\n")
    return str(first), str(second)


def test_import_unites_files_and_makes_entities_resolvable(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    assert catalog("import", *files).stdout.startswith("2 entities imported; the catalogue is at version sha-")
    entity = store.get("Q182477")
    assert entity is not None
    assert entity.labels == {"en": "NVIDIA", "ar": "إنفيديا"}
    assert store.find("geforce rtx") == ("local:geforce",)


def test_import_says_which_lines_were_united_and_where_types_differ(
    catalog: Callable[..., Result], files: tuple[str, str], tmp_path: Path
) -> None:
    assert catalog("import", files[0]).stderr == ""
    twice = tmp_path / "twice.jsonl"
    lines = [_NVIDIA, _GEFORCE, {**_GEFORCE, "type": "work"}, _NVIDIA, {**_GEFORCE, "type": "other"}]
    twice.write_text("\n".join(map(json.dumps, lines)))
    assert catalog("import", str(twice)).stderr.splitlines() == [
        "3 lines united with others of the same id: names add up, and later fields win",
        "  whose types differ: local:geforce (product, then work, then other)",
    ]
    report = json.loads(catalog("import", str(twice), "--format", "json").stdout)
    assert (report["united"], report["types_differ"]) == (3, {"local:geforce": ["product", "work", "other"]})


def test_import_of_the_starter(catalog: Callable[..., Result], store: RedisStore) -> None:
    report = json.loads(catalog("import", "--starter", "--format", "json").stdout)
    assert report["entities"] == store.stats().entities > 100
    assert report["version"] == store.version()


def test_import_into_an_empty_catalogue_alone(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    said = catalog("import", "--if-empty", files[0]).stdout
    assert said == f"1 entity imported; the catalogue is at version {store.version()}\n"
    before = store.position()
    said = catalog("import", "--starter", "--if-empty").stdout
    assert said == f"the catalogue is not empty; it stays at version {before[1]}\n"
    assert json.loads(catalog("import", "--starter", "--if-empty", "--format", "json").stdout) is None
    assert store.position() == before


def test_a_snapshot_that_an_import_died_before_is_made_up_for(
    catalog: Callable[..., Result], store: RedisStore
) -> None:
    store.put_many([Entity("Q1", "other", {"en": "One"})])
    assert published(store) == []
    said = catalog("import", "--starter", "--if-empty").stdout
    assert said == f"the catalogue is not empty; it stays at version {store.version()}\n"
    [made] = published(store)
    assert made.version == store.version()
    # What editors change is laid down on it, and asks for none anew.
    store.apply(CatalogChange("set", "Q9", entity=Entity("Q9", "other", {"en": "Nine"})))
    catalog("import", "--starter", "--if-empty")
    assert published(store) == [made]
    store.put_many([Entity("Q8", "other", {"en": "Eight"})])
    catalog("import", "--starter", "--if-empty")
    assert [each.version for each in published(store)] == [store.version(), made.version]


class _Loading(socketserver.StreamRequestHandler):
    """A Redis that has not read its files yet."""

    def handle(self) -> None:
        while (line := self.rfile.readline()) != b"":
            for _ in range(int(line[1:])):
                self.rfile.readline()
                self.rfile.readline()
            self.wfile.write(b"-LOADING Redis is loading the dataset in memory\r\n")


def test_a_redis_that_is_loading_is_not_taken_for_an_empty_one(wasl: Callable[..., Result]) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Loading) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        env = {"WASL_REDIS_URL": f"redis://127.0.0.1:{server.server_address[1]}/0"}
        result = wasl("catalog", "import", "--starter", "--if-empty", env=env)
        server.shutdown()
    assert result.exit_code == 1
    assert "loading the dataset" in result.stderr


def test_import_can_replace_everything(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    catalog("import", files[1])
    shown = catalog("import", "--replace", files[0]).stdout.splitlines()
    assert shown[0].startswith("1 entity imported; ")
    assert shown[1:] == ["1 entity retired"]
    assert (store.stats().entities, store.stats().retired) == (1, 1)


def test_nothing_does_not_replace_everything(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str], tmp_path: Path
) -> None:
    catalog("import", *files)
    before = store.stats()
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    refused = catalog("import", "--replace", str(empty), code=1).stderr
    assert refused.startswith(f"error: No entity was read from {empty}, and --replace would retire")
    assert store.stats() == before
    assert catalog("import", str(empty)).stdout.startswith("0 entities imported")


def test_import_leaves_out_what_was_merged_and_says_so(catalog: Callable[..., Result], files: tuple[str, str]) -> None:
    catalog("import", *files)
    catalog("merge", "local:geforce", "Q182477")
    assert "1 left out, since they were merged into others: local:geforce" in catalog("import", files[1]).stderr


def test_import_of_a_bad_line_changes_nothing(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(json.dumps(_GEFORCE) + "\n{}\n")
    assert catalog("import", str(bad), code=1).stderr.startswith(f"error: {bad}:2: ")
    assert store.stats().sequence == 0


@pytest.mark.parametrize(
    "args",
    [
        ("import",),
        ("import", "--starter", "x"),
        ("import", "--starter", "--if-empty", "--stage"),
        ("set",),
        ("set", "f", "--id", "Q1"),
    ],
)
def test_usage(args: tuple[str, ...], catalog: Callable[..., Result]) -> None:
    catalog(*args, code=2)


def test_show_tells_everything(catalog: Callable[..., Result], files: tuple[str, str]) -> None:
    catalog("import", *files)
    shown = catalog("show", "local:geforce").stdout.splitlines()
    assert shown[:3] == ["local:geforce  product  GeForce", "  label en: GeForce", "  alias en: GeForce RTX"]
    document = json.loads(catalog("show", "local:geforce", "--format", "json").stdout)
    assert shown[3:] == [f"  revision: {document['revision']}"]
    assert json.loads(catalog("show", "Q182477", "--format", "json").stdout)["prior"] == 0.9


def test_show_of_an_unknown_or_impossible_id_is_an_error(catalog: Callable[..., Result]) -> None:
    assert "The catalogue has no entity Q9" in catalog("show", "Q9", code=1).stderr
    assert "neither a Wikidata QID nor a local id" in catalog("show", "nvidia", code=1).stderr


def test_search_by_name_in_any_spelling(catalog: Callable[..., Result], files: tuple[str, str]) -> None:
    catalog("import", *files)
    assert "Q182477" in catalog("search", "انفيديا").stdout
    assert [found["id"] for found in json.loads(catalog("search", "rtx", "--format", "json").stdout)] == [
        "local:geforce"
    ]
    assert catalog("search", "nothing").stdout == "No entity was found.\n"


def test_set_adds_an_entity_and_then_a_name(catalog: Callable[..., Result], store: RedisStore) -> None:
    new = ("set", "--id", "local:acme", "--type", "organization", "--label", "en=Acme", "--label", "ar=أكمي")
    refused = catalog(*new, code=1)
    assert "holds no catalogue" in refused.stderr
    assert "--first" in refused.stderr
    assert store.stats().sequence == 0
    assert catalog(*new, "--first", "--author", "me", "--reason", "asked for").stdout == "local:acme set (change 1)\n"
    catalog("set", "--id", "local:acme", "--alias", "en=Acme Inc.", "--prior", "0.5", "--related", "Q182477")
    assert store.get("local:acme") == Entity(
        "local:acme",
        "organization",
        {"en": "Acme", "ar": "أكمي"},
        {"en": (Alias("Acme Inc."),)},
        prior=0.5,
        related=("Q182477",),
    )
    change = store.changes_since(0)[0].change
    assert change is not None
    assert (change.author, change.reason) == ("me", "asked for")
    assert change.changed_at is not None


def test_set_takes_whole_entities_from_a_file_or_standard_input(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    assert len(catalog("set", "--first", files[1]).stdout.splitlines()) == 2
    said = json.loads(catalog("set", "-", "--format", "json", input=json.dumps(_NVIDIA)).stdout)
    assert said == {"action": "set", "entity_id": "Q182477", "sequence": 3}
    entity = store.get("Q182477")
    assert entity is not None
    assert entity.labels == _NVIDIA["labels"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--id", "local:acme"), 1, "has no name at all"),
        (("--id", "local:acme", "--label", "en=Acme"), 1, "has no type"),
        (("--id", "acme", "--type", "person", "--label", "en=A"), 1, "neither a Wikidata QID"),
        (("--id", "local:acme", "--label", "Acme"), 2, "is not LANG=NAME"),
        (("--id", "local:acme", "--label", "!!=Acme", "--type", "person"), 1, "not a BCP 47 language tag"),
        (("--id", "local:acme", "--type", "town"), 2, "town"),
        (("--id", "local:acme", "--prior", "2"), 2, "prior"),
    ],
)
def test_set_names_the_rule_that_is_broken(
    args: tuple[str, ...], code: int, said: str, catalog: Callable[..., Result], store: RedisStore
) -> None:
    stderr = catalog("set", *args, code=code).stderr
    assert said in stderr
    assert store.stats().sequence == 0


def test_set_says_where_nothing_changes(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    catalog("import", *files)
    before = store.position()
    said = "local:geforce is so already; nothing changes\n"
    assert catalog("set", "--id", "local:geforce").stdout == said
    assert catalog("set", "--id", "local:geforce", "--alias", "en=GeForce RTX").stdout == said
    told = catalog("set", "--id", "local:geforce", "--format", "json").stdout
    assert json.loads(told) == {"action": "set", "entity_id": "local:geforce", "sequence": None}
    assert store.position() == before
    catalog("set", files[1])
    before = store.position()
    assert catalog("set", files[1]).stdout == f"{said}Q182477 is so already; nothing changes\n"
    assert store.position() == before
    catalog("block", "local:geforce", "rocket")
    assert catalog("block", "local:geforce", "rocket").stdout == said
    assert "is at revision" in catalog("set", "--id", "local:geforce", "--expect", "000000000000", code=1).stderr
    catalog("retire", "local:geforce")
    catalog("set", "--id", "local:geforce")
    assert store.find("geforce") == ("local:geforce",)


def test_merge_redirects_and_show_follows(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    catalog("import", *files)
    assert catalog("merge", "local:geforce", "Q182477").stdout == "local:geforce merged into Q182477 (change 2)\n"
    shown = catalog("show", "local:geforce")
    assert shown.stderr == "local:geforce was merged into Q182477\n"
    assert shown.stdout.startswith("Q182477 ")
    assert store.redirects() == {"local:geforce": "Q182477"}


def test_merge_of_an_unknown_entity_is_an_error(catalog: Callable[..., Result]) -> None:
    assert catalog("merge", "Q1", "Q2", code=1).stderr.startswith("error: ")


def test_retire_keeps_the_id_and_set_brings_it_back(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    catalog("import", *files)
    catalog("retire", "local:geforce", "--reason", "not ours")
    assert "retired: nothing links to it" in catalog("show", "local:geforce").stdout
    assert store.find("geforce") == ()
    catalog("set", "--id", "local:geforce", "--alias", "en=GTX")
    assert store.find("geforce") == store.find("gtx") == ("local:geforce",)


def test_stats(catalog: Callable[..., Result], files: tuple[str, str]) -> None:
    catalog("import", *files)
    assert json.loads(catalog("stats", "--format", "json").stdout)["by_type"] == {"organization": 1, "product": 1}
    rows = dict(line.split() for line in catalog("stats").stdout.splitlines() if len(line.split()) == 2)
    assert (rows["entities"], rows["retired"], rows["changes"]) == ("2", "0", "1")
    assert "warning: Redis has appendonly no: it writes no change to disk" in catalog("stats").stderr


def test_a_redis_that_is_not_there_is_an_error_with_a_remedy(wasl: Callable[..., Result]) -> None:
    result = wasl("catalog", "stats", env={"WASL_REDIS_URL": "redis://127.0.0.1:1/0"})
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "WASL_REDIS_URL" in result.stderr


def test_editing_leaves_what_is_not_named() -> None:
    before = Entity("Q1", "person", {"en": "A"}, {"en": (Alias("B", 3),)}, "d", 0.2, ("Q2",), {"isni": "7"})
    after = edited(
        before,
        "Q1",
        {"type": None, "description": "e", "prior": None},
        labels={"ar": ["أ"]},
        aliases={"en": ["B", "C", "C"]},
        related=("Q2", "Q3"),
    )
    assert after == Entity(
        "Q1",
        "person",
        {"en": "A", "ar": "أ"},
        {"en": (Alias("B", 3), Alias("C"))},
        "e",
        0.2,
        ("Q2", "Q3"),
        {"isni": "7"},
    )


def test_a_change_is_checked_and_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "noor")
    assert made_change("retire", "Q1", author=None, reason=None).author == "noor"
    with pytest.raises(SchemaError, match="reason has 2001 characters"):
        made_change("retire", "Q1", author=None, reason="x" * 2001)


def test_import_leaves_a_snapshot_for_the_workers(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    catalog("import", *files)
    assert [snapshot.version for snapshot in published(store)] == [store.stats().version]


def test_a_snapshot_can_be_published_after_changes(
    catalog: Callable[..., Result], store: RedisStore, files: tuple[str, str]
) -> None:
    catalog("import", *files)
    catalog("retire", "local:geforce")
    assert published(store)[0].version != store.version()
    assert catalog("publish").stdout == f"the snapshot of version {store.version()} is in Redis\n"
    assert published(store)[0].version == store.version()
    assert json.loads(catalog("publish", "--format", "json").stdout)["sequence"] == store.position()[0]
