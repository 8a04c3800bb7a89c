"""The smoke script, with programs in the places of Docker and curl that answer as the real ones would."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ops.deployment import OPS, compose

_DOCKER = """#!/bin/sh
echo "docker $*" >> "$CALLS"
case "$*" in
  *consume*) echo '{"entities": [{"entity_id": "'"$LINKED"'"}]}' ;;
  *produce*) cat >> "$CALLS" ;;
esac
"""
_CURL = """#!/bin/sh
echo "curl $*" >> "$CALLS"
case "$*" in
  *targets*) echo '{"data": {"activeTargets": [{"health": "up"}, {"health": "up"}, {"health": "up"}]}}' ;;
  *query*) echo '{"data": {"result": [{"value": [1, "4"]}]}}' ;;
  *search*) echo '[1, 2, 3, 4, 5]' ;;
  *healthz*) echo '{"status": "ok"}' ;;
esac
"""


def _run(folder: Path, *arguments: str, linked: str = "Q182477") -> tuple[int, str, str]:
    if shutil.which("jq") is None:
        pytest.skip("jq is not there: apt-get install jq")
    for name, text in (("docker", _DOCKER), ("curl", _CURL)):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    calls = folder / "calls"
    env = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "CALLS": str(calls),
        "LINKED": linked,
        "SMOKE_POLL": "0",
        "SMOKE_TRIES": "2",
    }
    done = subprocess.run(
        ["bash", OPS / "smoke.sh", *arguments], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr, calls.read_text(encoding="utf-8")


def test_it_goes_through_every_part_and_cleans_up(tmp_path: Path) -> None:
    code, said, calls = _run(tmp_path)
    assert (code, said.splitlines()[-1]) == (0, "== all of it works")
    assert '"article_id": "smoke-1"' in calls
    assert calls.splitlines()[0] == "docker compose up --detach --wait"
    assert calls.splitlines()[-1] == "docker compose down --volumes"
    for port in (3000, 9090, 6067):
        assert f"http://localhost:{port}/" in calls
    (tmp_path / "kept").mkdir()
    assert "down" not in _run(tmp_path / "kept", "--keep")[2]


def test_it_fails_where_an_article_is_not_linked(tmp_path: Path) -> None:
    code, said, calls = _run(tmp_path, linked="Q1")
    assert code == 1
    assert "wanted Q182477 and got Q1" in said
    assert calls.splitlines()[-1] == "docker compose down --volumes"


def test_it_names_services_and_ports_that_compose_has() -> None:
    services = compose()["services"]
    text = (OPS / "smoke.sh").read_text(encoding="utf-8")
    assert {"produce", "consume"} <= set(services)
    for service, port in (("grafana", 3000), ("prometheus", 9090), ("monitor", 6067)):
        assert services[service]["ports"] == [f"127.0.0.1:{port}:{port}"]
        assert f"{service}=http://localhost:${{{service.upper()}_PORT:-{port}}}" in text
    assert len(list((OPS / "grafana" / "dashboards").glob("*.json"))) == 5
    assert Path(OPS / "smoke.sh").stat().st_mode & 0o100
