from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from streams.catalog.redis_ import RedisStore
from streams.events.change import CatalogChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from click.testing import Result

    from streams.catalog.records import Record

_NVIDIA = {"id": "Q182477", "type": "organization", "labels": {"en": "Nvidia", "ar": "إنفيديا"}, "prior": 0.9}
_ACME = {"id": "local:acme", "type": "organization", "labels": {"en": "Acme"}}
_OLD = {"id": "local:old", "type": "organization", "labels": {"en": "Old Fair"}}


@pytest.fixture
def catalog(wasl: Callable[..., Result], redis_url: str, tmp_path: Path) -> Callable[..., Result]:
    """Run ``wasl catalog …`` against a real Redis with three entities, one retired and one blocked."""

    def run(*args: str, **options: Any) -> Result:
        result = wasl("catalog", *args, env={"WASL_REDIS_URL": redis_url}, **options)
        assert result.exit_code == 0, result.output
        return result

    source = tmp_path / "source.jsonl"
    source.write_text("".join(json.dumps(entity) + "\n" for entity in (_OLD, _NVIDIA, _ACME)))
    run("import", str(source))
    run("retire", "local:old")
    run("block", "local:acme", "acme")
    return run


def test_an_export_holds_the_live_entities_and_says_what_it_lacks(
    catalog: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl.gz"
    said = catalog("export", str(path)).stderr
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    assert [line["id"] for line in lines] == ["Q182477", "local:acme"]
    assert lines[0]["labels"] == _NVIDIA["labels"]
    assert said.splitlines()[0].startswith("2 entities written; the catalogue is at version sha-")
    assert said.splitlines()[1:] == ["  not in the file: 1 blocked or boosted", "  not in the file: 1 retired"]


def test_it_is_said_that_the_catalogue_was_changed_meanwhile(
    catalog: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = RedisStore.records

    def changed(self: RedisStore) -> Iterator[Record]:
        yield from records(self)
        self.apply(CatalogChange("merge", "local:acme", into="Q182477"))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(RedisStore, "records", changed)
        said = catalog("export", "-").stderr.splitlines()
    assert said[-1].startswith("  1 change made meanwhile, which may be in the file, in part or not at all")
    said = catalog("export", "-").stderr.splitlines()
    assert said[0].startswith("1 entity written")
    assert not any("meanwhile" in line for line in said)


def test_an_emptied_redis_does_not_replace_the_last_export(
    wasl: Callable[..., Result], redis_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("the last export")
    result = wasl("catalog", "export", str(path), env={"WASL_REDIS_URL": redis_url})
    assert result.exit_code == 1
    assert "holds no catalogue under the prefix 'wasl'" in result.stderr
    assert path.read_text() == "the last export"


def test_an_export_imported_anew_is_the_same_export(catalog: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    catalog("export", str(path))
    catalog("import", "--replace", str(path))
    assert catalog("export", "-").stdout_bytes == path.read_bytes()
