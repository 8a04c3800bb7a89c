"""The verbs that change the catalogue and look at its history, against a real Redis."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from streams.catalog.redis_ import RedisStore, connect
from streams.errors import StoreUnavailableError
from streams.events.change import CatalogChange
from streams.events.entity import Alias, Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

_ACME = Entity("local:acme", "organization", {"en": "Acme"}, external_ids={"lei": "5493001KJTIIGC8Y1R12"})


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(redis_url))
    store = RedisStore(client)
    store.put_many([_ACME, Entity("Q2", "product", {"en": "Rocket"})])
    yield store
    client.close()


@pytest.fixture
def catalog(wasl: Callable[..., Result], redis_url: str, store: RedisStore) -> Callable[..., Result]:
    """Run ``wasl catalog …`` against a Redis that holds two entities."""
    assert store.client.ping()

    def run(*args: str, code: int = 0, **options: Any) -> Result:
        env = {"WASL_REDIS_URL": redis_url, "WASL_CATALOG_AUTHOR": "ann"}
        result = wasl("catalog", *args, env=env, **options)
        assert result.exit_code == code, result.output
        return result

    return run


def _shown(catalog: Callable[..., Result], entity_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(catalog("show", entity_id, "--format", "json").stdout)
    return shown


def test_block_boost_and_what_takes_them_back(catalog: Callable[..., Result]) -> None:
    catalog("block", "local:acme", "ACME", "--reason", "a word")
    catalog("boost", "Q2", "--alias", "rocket", "--count", "50")
    catalog("boost", "Q2", "--prior", "0.5")
    assert _shown(catalog, "local:acme")["marks"] == {"blocked": ["acme"]}
    assert _shown(catalog, "Q2")["marks"] == {"counts": {"rocket": 50}, "prior": 0.5}
    assert "blocked: acme" in catalog("show", "local:acme").stdout
    catalog("unblock", "local:acme", "acme")
    catalog("boost", "Q2", "--alias", "Rocket", "--clear")
    catalog("boost", "Q2", "--clear")
    assert _shown(catalog, "local:acme")["marks"] == _shown(catalog, "Q2")["marks"] == {}


def test_split(catalog: Callable[..., Result], store: RedisStore) -> None:
    catalog("set", "--id", "local:acme", "--alias", "en=Acme Rockets")
    said = catalog("split", "local:acme", "local:rockets", "--name", "en=Acme Rockets", "--type", "product").stdout
    assert said.startswith("1 name of local:acme moved to local:rockets (change ")
    entity = store.get("local:rockets")
    assert entity == Entity("local:rockets", "product", {"en": "Acme Rockets"})


def test_an_edit_for_another_revision_is_refused_and_says_who_was_first(catalog: Callable[..., Result]) -> None:
    revision = _shown(catalog, "local:acme")["revision"]
    catalog("block", "local:acme", "acme", "--expect", revision, "--author", "bob", "--reason", "first")
    refused = catalog("retire", "local:acme", "--expect", revision, code=1).stderr
    assert "was changed last by bob at 20" in refused
    assert "(block: first)" in refused
    now = _shown(catalog, "local:acme")["revision"]
    assert f"--expect {now}" in refused
    catalog("retire", "local:acme", "--expect", now)


def test_a_set_that_lost_to_another_editor_is_refused(
    catalog: Callable[..., Result], store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = RedisStore.record

    def interrupted(self: RedisStore, entity_id: str) -> object:
        found = read(self, entity_id)
        monkeypatch.setattr(RedisStore, "record", read)
        store.apply(CatalogChange("set", "local:acme", entity=Entity("local:acme", "other", {"en": "Mine"})))
        return found

    monkeypatch.setattr(RedisStore, "record", interrupted)
    assert "is at revision" in catalog("set", "--id", "local:acme", "--alias", "en=Yours", code=1).stderr
    entity = store.get("local:acme")
    assert entity is not None
    assert (entity.labels, entity.aliases) == ({"en": "Mine"}, {})


def test_a_file_of_changes(catalog: Callable[..., Result], store: RedisStore, tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"action": "block", "entity_id": "Q2", "alias": "rocket"},
        {"action": "retire", "entity_id": "Q404"},
        {"action": "retire", "entity_id": "Q2", "expect": "000000000000"},
        {"action": "merge", "entity_id": "Q2", "into": "local:acme", "author": "bob"},
    ]
    file = tmp_path / "changes.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    done = catalog("edit", str(file), "--reason", "clean-up", code=1)
    assert done.stdout == "2 changes applied, 2 refused\n"
    assert f"{file}:2: No entity has the id Q404" in done.stderr
    assert f"{file}:3: Q2 is at revision" in done.stderr
    assert store.redirects() == {"Q2": "local:acme"}
    last, first = list(store.log(limit=2))
    assert (last.note.author, first.note.author, last.note.reason) == ("bob", "ann", "clean-up")
    assert json.loads(catalog("edit", "-", "--format", "json", input="").stdout)["applied"] == 0


def test_lines_that_are_no_changes_are_refused_and_the_others_applied(
    catalog: Callable[..., Result], store: RedisStore, tmp_path: Path
) -> None:
    file = tmp_path / "changes.jsonl"
    lines = [
        '{"action": "block", "entity_id": "Q2", "alias": "rocket"}',
        '{"action": "retire",',
        '{"action": "explode", "entity_id": "Q2"}',
        '{"action": "block", "entity_id": "Q2"}',
        '{"action": "retire", "entity_id": "local:acme"}',
    ]
    file.write_text("\n".join(lines))
    done = catalog("edit", str(file), "--batch", "2", code=1)
    assert done.stdout == "2 changes applied, 3 refused\n"
    said = done.stderr.splitlines()
    assert [line.split(": ")[0] for line in said] == [f"{file}:{number}" for number in (2, 3, 4)]
    assert "one of block, boost, merge, retire, set, split, unblock is allowed" in said[1]
    assert store.find("acme") == store.find("rocket") == ()


def test_changes_that_change_nothing_are_counted_apart(catalog: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "changes.jsonl"
    file.write_text('{"action": "retire", "entity_id": "local:acme"}\n' * 3)
    assert catalog("edit", str(file)).stdout == "1 change applied, 0 refused, 2 so already\n"
    told = json.loads(catalog("edit", str(file), "--format", "json").stdout)
    assert told == {"applied": 0, "refused": 0, "unchanged": 3, "sequence": None}


def test_a_file_that_is_no_changes_at_all_is_not_told_line_by_line(
    catalog: Callable[..., Result], store: RedisStore, tmp_path: Path
) -> None:
    file = tmp_path / "changes.jsonl"
    file.write_text('\ufeff{"action": "retire", "entity_id": "local:acme"}\n' + "no change\n" * 1_000)
    done = catalog("edit", str(file), code=1)
    assert done.stdout == "1 change applied, 1000 refused\n"
    said = done.stderr.splitlines()
    assert (len(said), said[-1]) == (21, "980 changes more refused, which are not named")
    assert said[19].startswith(f"{file}:21: ")
    assert store.find("acme") == ()


def test_an_edit_that_stops_says_how_far_it_came(
    catalog: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "changes.jsonl"
    file.write_text('{"action": "block", "entity_id": "Q2", "alias": "rocket"}\n{"action":"retire","entity_id":"Q2"}\n')
    apply_many = RedisStore.apply_many

    def once(self: RedisStore, *args: Any, **options: Any) -> object:
        monkeypatch.setattr(RedisStore, "apply_many", away)
        return apply_many(self, *args, **options)

    def away(*_: Any, **__: Any) -> object:
        raise StoreUnavailableError("Redis went away.")

    monkeypatch.setattr(RedisStore, "apply_many", once)
    said = catalog("edit", str(file), "--batch", "1", code=1).stderr
    assert said == f"{file}:2: stopped here; 1 change before it applied\nerror: Redis went away.\n"


def test_a_file_of_changes_that_cannot_be_read_is_named(catalog: Callable[..., Result], tmp_path: Path) -> None:
    for file, why in ((tmp_path / "nope.jsonl", "No such file"), (tmp_path, "Is a directory")):
        assert catalog("edit", str(file), code=1).stderr.startswith(f"error: {file} cannot be read: {why}")


def test_the_log_outlives_the_change_stream(catalog: Callable[..., Result], store: RedisStore) -> None:
    catalog("block", "Q2", "rocket", "--reason", "not ours")
    catalog("retire", "local:acme")
    store.client.xtrim(store.keys.changes, maxlen=0, approximate=False)
    lines = catalog("log").stdout.splitlines()
    assert [line.split("  ")[3] for line in lines] == ["retire", "block", "import"]
    [line] = catalog("log", "--entity", "Q2").stdout.splitlines()
    assert line.startswith("2  20")
    assert line.endswith("  ann  block  Q2  alias=rocket  (not ours)")
    found = [
        json.loads(line) for line in catalog("log", "--since", "2020-01-01", "--format", "json").stdout.splitlines()
    ]
    assert [entry["action"] for entry in found] == ["retire", "block"]
    assert catalog("log", "--since", "2999-01-01").stdout == "Nothing was logged.\n"
    catalog("log", "--since", "soon", code=2)


def test_a_staged_version_is_compared_promoted_and_rolled_back(
    catalog: Callable[..., Result], store: RedisStore, tmp_path: Path
) -> None:
    file = tmp_path / "new.jsonl"
    file.write_text(json.dumps({"id": "Q2", "type": "product", "labels": {"en": "Rocket", "ar": "صاروخ"}}) + "\n")
    before = store.version()
    said = catalog("import", "--stage", "--replace", str(file), "--reason", "spring clean").stdout
    assert said.startswith("1 entity imported; build 2 is staged as version sha-")
    assert store.version() == before
    versions = json.loads(catalog("versions", "--format", "json").stdout)
    assert [(version["build"], version["state"]) for version in versions] == [("2", "staged"), ("1", "live")]
    assert versions[0]["note"]["author"] == "ann"
    assert "spring clean" in catalog("versions").stdout
    shown = catalog("diff", "live", "2")
    assert shown.stdout.splitlines() == [
        "changed Q2  +ar=\u2068صاروخ\u2069",
        "retired local:acme",
    ]
    assert shown.stderr == "1 changed, 1 retired\n"
    kinds = [json.loads(line)["kind"] for line in catalog("diff", "1", "2", "--format", "json").stdout.splitlines()]
    assert kinds == ["changed", "retired"]
    catalog("block", "local:acme", "acme")
    promoted = catalog("promote", versions[0]["version"][:10]).stdout.splitlines()
    assert promoted[0].startswith("build 2 is live; the catalogue is at version sha-")
    assert promoted[1] == "1 entity stays as editors left it since the version was made"
    assert store.find("صاروخ") == ("Q2",)
    rolled = json.loads(catalog("rollback", "--format", "json").stdout)
    assert rolled["build"] == "1"
    assert store.find("صاروخ") == ()
    assert [entry.action for entry in store.log(limit=2)] == ["rollback", "promote"]
    assert "live already" in catalog("promote", "1", code=1).stderr
    assert "No version that is kept is called '77'" in catalog("diff", "77", code=1).stderr


def test_a_name_that_becomes_the_label_is_a_difference_that_is_named(
    catalog: Callable[..., Result], store: RedisStore
) -> None:
    store.put_many([Entity("Q2", "product", {"en": "Rocket"}, {"en": (Alias("Missile"),)})])
    store.put_many([Entity("Q2", "product", {"en": "Missile"}, {"en": (Alias("Rocket"),)})], stage=True)
    assert catalog("diff", "live", "3").stdout == "changed Q2  (aliases, labels)\n"


@pytest.mark.parametrize(
    "at", ["2016-12-31T23:59:60Z", "2016-12-31t23:59:59.123456789z", "2017-01-01T05:29:59.5+05:30"]
)
def test_the_log_is_asked_by_whatever_times_edits_have(catalog: Callable[..., Result], tmp_path: Path, at: str) -> None:
    file = tmp_path / "edits.jsonl"
    file.write_text(json.dumps({"action": "retire", "entity_id": "Q2", "changed_at": at}) + "\n")
    catalog("edit", str(file))
    for since in ("2016-12-31", "2016-12-31T23:59:59", "2016-12-31T23:59:59.0Z", "2016-12-31T22:59:59-01:00", at):
        assert f"{at}  ann  retire  Q2" in catalog("log", "--since", since).stdout
    assert catalog("log", "--since", "2017-01-01T00:00:00Z").stdout == "Nothing was logged.\n"


def test_the_log_obeys_nothing_that_an_author_is_called(catalog: Callable[..., Result]) -> None:
    catalog("retire", "Q2", "--author", "e\u202eve\x1b[31m", "--reason", "\x1b[2J")
    line = catalog("log").stdout.splitlines()[0]
    assert "  \u2068eve\u241b[31m\u2069  retire  Q2  (\u2068\u241b[2J\u2069)" in line


def test_an_entity_is_found_by_name_or_by_an_id_elsewhere(catalog: Callable[..., Result]) -> None:
    assert catalog("show", "--external", "lei=5493001KJTIIGC8Y1R12").stdout.startswith("local:acme ")
    assert catalog("show", "--alias", "ROCKET").stdout.startswith("Q2 ")
    found = json.loads(catalog("search", "--external", "lei=5493001KJTIIGC8Y1R12", "--format", "json").stdout)
    assert [entity["id"] for entity in found] == ["local:acme"]
    assert "No entity has lei X" in catalog("show", "--external", "lei=X", code=1).stderr
    assert "No entity has the name 'X'" in catalog("show", "--alias", "X", code=1).stderr
    catalog("set", "--id", "local:other", "--type", "work", "--label", "en=Rocket")
    assert "2 entities have the name 'rocket': Q2, local:other." in catalog("show", "--alias", "rocket", code=1).stderr
    catalog("show", "--external", "lei", code=2)
    catalog("search", code=2)


@pytest.mark.parametrize(
    "args",
    [
        ("boost", "Q2"),
        ("boost", "Q2", "--prior", "0.5", "--clear"),
        ("show",),
        ("show", "Q2", "--alias", "x"),
        ("split", "Q2", "local:x"),
    ],
)
def test_usage(args: tuple[str, ...], catalog: Callable[..., Result]) -> None:
    catalog(*args, code=2)
