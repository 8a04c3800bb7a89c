"""Dashboards: every panel's query returns data from a real Prometheus that scraped a real worker and exporter."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from streams.embedded.ports import reserve_port
from streams.embedded.redis_ import redis_url as url_of
from streams.events.article import RawArticle, encode_raw_article
from streams.kafka.producer import Record, open_producer, write_records
from streams.settings import KafkaSettings
from tests.ops.deployment import OPS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_spec = importlib.util.spec_from_file_location("make_dashboards", OPS / "make_dashboards.py")
assert _spec is not None
assert _spec.loader is not None
made = importlib.util.module_from_spec(_spec)
sys.modules["make_dashboards"] = made
_spec.loader.exec_module(made)

PANELS = [
    pytest.param(query, id=f"{dashboard.uid}: {panel.title} {number}")
    for dashboard in made.DASHBOARDS
    for row in dashboard.rows
    for panel in row
    for number, (query, _) in enumerate(panel.queries, 1)
]
BODIES = (
    "Jensen Huang of Nvidia met Tim Cook in Riyadh. Zarnook Labs joined.",
    "قال جنسن هوانغ إن إنفيديا ستفتح مكتبا.",
)
# A worker whose drift, which compares five minutes with the hour before them, takes a second for forty.
WORKER = """
import time
from streams.cli import cli
from streams.metrics import WorkerMetrics
WorkerMetrics.__init__.__kwdefaults__["clock"] = lambda: 40 * time.monotonic()
cli(["worker"])
"""


def started(stack: ExitStack, command: list[str], env: dict[str, str], log: Path) -> None:
    """Run a program until the end of the stack."""
    with log.open("wb") as target:
        process = stack.enter_context(subprocess.Popen(command, env=env, stdout=target, stderr=target, cwd=ROOT))
    stack.callback(process.wait)
    stack.callback(process.terminate)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def prometheus(
    bootstrap_servers: str,
    redis_server: Any,
    eventually: Callable[..., None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Address of a Prometheus that has scraped a worker at work, and the exporter, for some seconds."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("Prometheus is not there: apt-get install prometheus")
    folder = tmp_path_factory.mktemp("prometheus")
    reserved = [reserve_port() for _ in range(3)]
    worker, lag, own = (each.port for each in reserved)
    for each in reserved:
        each.release()
    name = f"dash{time.time_ns()}"
    env = {
        "PATH": os.environ["PATH"],
        "WASL_KAFKA_BOOTSTRAP": bootstrap_servers,
        "WASL_REDIS_URL": url_of(redis_server),
        "WASL_REDIS_PREFIX": name,
        "WASL_HTTP_PORT": str(worker),
        "WASL_GROUP": name,
        "WASL_DATA_DIR": str(folder / "data"),
        "WASL_LAG_INTERVAL": "1",
        "WASL_LAG_GROUPS": name,
        **{f"WASL_TOPIC_{topic.upper()}": f"{name}-{topic}" for topic in ("raw", "enriched", "dead", "unlinked")},
    }
    wasl = [sys.executable, "-m", "streams"]
    for command in (["topics", "create", "--partitions", "2"], ["catalog", "import", "--starter"]):
        subprocess.run([*wasl, *command], env=env, check=True, capture_output=True, cwd=ROOT)
    config = {
        "global": {"scrape_interval": "1s"},
        "scrape_configs": [
            {"job_name": "wasl-worker", "static_configs": [{"targets": [f"127.0.0.1:{worker}"]}]},
            {"job_name": "wasl-lag", "static_configs": [{"targets": [f"127.0.0.1:{lag}"]}]},
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    with ExitStack() as stack:
        started(stack, [sys.executable, "-c", WORKER], env, folder / "worker.log")
        started(stack, [*wasl, "lag", "export", "--listen", f"127.0.0.1:{lag}"], env, folder / "lag.log")
        eventually(lambda: answers(f"http://127.0.0.1:{worker}/readyz"), within=60)
        options = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb"]
        started(stack, [program, *options, f"--web.listen-address=127.0.0.1:{own}"], env, folder / "prometheus.log")
        eventually(lambda: answers(f"http://127.0.0.1:{own}/-/ready"), within=30)
        with open_producer(KafkaSettings(bootstrap_servers)) as producer:
            deadline = time.monotonic() + 60
            # What is still missing then is what the tests tell.
            while time.monotonic() < deadline and not all(
                len(result_of(f"http://127.0.0.1:{own}", param.values[0])) > 0 for param in PANELS
            ):
                articles = [
                    encode_raw_article(RawArticle(f"a{number}", "Title", BODIES[number % 2])) for number in range(40)
                ]
                list(write_records(producer, f"{name}-raw", [Record(each) for each in [*articles, b"{"]]))
                time.sleep(1)
        yield f"http://127.0.0.1:{own}"


def result_of(prometheus: str, query: str) -> list[Any]:
    """What a query gives, with Grafana's variables as Grafana would set them."""
    query = query.replace("$__rate_interval", "15s").replace("$group", ".*")
    url = f"{prometheus}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["data"]["result"]


@pytest.mark.parametrize("query", PANELS)
def test_every_panel_has_data(prometheus: str, query: str) -> None:
    found = result_of(prometheus, query)
    assert len(found) > 0
    assert all(each["value"][1] != "NaN" for each in found)


@pytest.mark.parametrize("dashboard", made.DASHBOARDS, ids=lambda dashboard: dashboard.uid)
def test_files_are_up_to_date(dashboard: Any) -> None:
    path = OPS / "grafana" / "dashboards" / f"{dashboard.uid.removeprefix('wasl-')}.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found == made.dashboard_json(dashboard), "Write them anew: make dashboards"
    assert len({panel["id"] for panel in found["panels"]}) == len(found["panels"])


def test_no_replay_turns_a_figure_red() -> None:
    stats = [
        query
        for dashboard in made.DASHBOARDS
        for row in dashboard.rows
        for panel in row
        for query, _ in panel.queries
        if panel.kind == "stat" and panel.red_from is not None and re.search("wasl_lag_(seconds|group_state)", query)
    ]
    assert len(stats) == 3
    assert all('group!~".+[.]replay[.].+"' in query for query in stats)


def lost(given: Any, read: Any, path: str = "") -> list[str]:
    """What of ``given`` is not in ``read``, or is another value there."""
    if isinstance(given, dict) and isinstance(read, dict):
        return [each for name, value in given.items() for each in lost(value, read.get(name), f"{path}/{name}")]
    if isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        return [each for at, pair in enumerate(zip(given, read, strict=True)) for each in lost(*pair, f"{path}/{at}")]
    return [] if given == read else [f"{path}: {given!r} became {read!r}"]


@pytest.mark.parametrize("dashboard", made.DASHBOARDS, ids=lambda dashboard: dashboard.uid)
def test_grafanas_own_types_know_every_field(dashboard: Any) -> None:
    sdk = pytest.importorskip("grafana_foundation_sdk.models.dashboard", reason="it asks for Python 3.11")
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins

    register_default_plugins()
    document = made.dashboard_json(dashboard)
    assert lost(document, json.loads(JSONEncoder().encode(sdk.Dashboard.from_json(document)))) == []
    wrong = json.loads(json.dumps(document).replace('"gridPos"', '"gridpos"'))
    assert len(lost(wrong, json.loads(JSONEncoder().encode(sdk.Dashboard.from_json(wrong))))) > 0


def test_panels_ask_the_data_source_that_is_provisioned() -> None:
    path = OPS / "grafana" / "provisioning" / "datasources" / "prometheus.yml"
    source = yaml.safe_load(path.read_text(encoding="utf-8"))["datasources"][0]
    for dashboard in made.DASHBOARDS:
        text = json.dumps(made.dashboard_json(dashboard))
        assert {part.split('"')[0] for part in text.split('"uid": "')[2:]} <= {source["uid"], dashboard.uid}
