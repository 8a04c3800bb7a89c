"""How the commands of each page are run, and why some cannot be run here, with what is checked in their place.

Every command that stands behind a prompt is in one of the two: it is run, or it is in `NOT_RUN`.
"""

from __future__ import annotations

import configparser
import gzip
import importlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from streams.kafka.producer import Record, open_producer, write_records
from streams.settings import KafkaSettings
from tests.catalog.sources.wikidata.items import COMPANY, dump_of
from tests.docs.console import Page, steps
from tests.docs.pages import NAMES, ROOT, blocks, read
from tests.ops.deployment import check_arguments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.docs.console import Sandbox

__all__ = ["NOT_RUN", "PAGES", "NotRun", "letters"]


class NotRun(NamedTuple):
    """Why a command is not run, and what is checked instead."""

    reason: str
    check: Callable[[str], None]


# --- What is checked in place of a command ----------------------------------------------------------------


def _make_knows_it(command: str) -> None:
    """Make would run something, and what it runs takes these arguments."""
    done = subprocess.run(
        [*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    module = re.search(r"-m (chaos|chaos\.soak|fuzz)(?: (.*))?$", done.stdout, re.MULTILINE)
    if module is not None:
        main = importlib.import_module(f"{module[1]}.__main__")
        main.arguments(shlex.split(module[2] or ""))


def _lists_the_faults(command: str) -> None:
    _make_knows_it(command)
    done = subprocess.run(
        [sys.executable, "-m", "chaos", "--list"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, "worker-frozen" in done.stdout) == (0, True)


def _tested_by(*tests: str) -> Callable[[str], None]:
    """Other tests run it; they are there."""

    def check(_: str) -> None:
        for test in tests:
            path, _, name = test.partition("::")
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), test

    return check


def _compose_knows_it(command: str) -> None:
    services = yaml.safe_load(read("docker-compose.yml"))["services"]
    words = shlex.split(command.partition("<")[0])
    assert words[:2] == ["docker", "compose"]
    if words[2] == "run":
        named = next(word for word in words[3:] if not word.startswith("-"))
        assert services[named]["entrypoint"] == ["wasl", "produce"]
        # What is redirected into it must not be a terminal's.
        assert "-T" in words
    else:
        assert words[2:] == ["up", "--detach", "--wait"]
        assert all("healthcheck" in each for each in services.values() if each["restart"] == "unless-stopped")


def _kubectl_takes_it(command: str) -> None:
    """Kubectl makes the same objects without a cluster, or renders the folder that is named."""
    if shutil.which("kubectl") is None:
        assert (ROOT / "ops" / "kubernetes" / "keda" / "kustomization.yaml").is_file()
        return
    words = shlex.split(command)
    local = (
        ["kubectl", "kustomize", words[-1]]
        if words[1] == "apply"
        else [*words, "--dry-run=client", "--output=yaml", "--validate=false"]
    )
    done = subprocess.run(local, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    kinds = {each["kind"] for each in yaml.safe_load_all(done.stdout)}
    wanted = {"apply": {"Deployment", "ScaledObject", "PodDisruptionBudget", "Job"}, "create": {"Namespace"}}
    assert wanted.get(words[1], {"Secret"}) <= kinds


def _the_unit_is_sound(_: str) -> None:
    text = next(block.text for block in blocks(read("docs/how-to/deploy.md")) if "[Service]" in block.text)
    unit = configparser.ConfigParser(strict=True)
    unit.read_string(text)
    service = unit["Service"]
    assert service["ExecStart"].startswith("/opt/wasl/venv/bin/wasl ")
    check_arguments(service["ExecStart"].split()[1:])
    assert int(service["TimeoutStopSec"]) > 20
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def _the_lock_is_hashed(command: str) -> None:
    """Make installs the same way, and made the environment that this runs in."""
    assert "--require-hashes -r requirements.lock" in read("Makefile")
    assert ("--require-hashes" in command) != ("--no-deps" in command)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(r"^[a-z0-9][^ \\]*==", lock, re.MULTILINE)
    assert len(entries) > 20
    assert lock.count("--hash=sha256:") >= len(entries)


def _the_extra_is_there(_: str) -> None:
    assert "sources" in metadata("wasl").get_all("Provides-Extra", [])


_LONG: Final = "it takes from minutes to hours"
_RUNS: Final = NotRun("it runs these tests", _make_knows_it)
_SOURCES: Final = _tested_by(
    "tests/cli/catalog/test_import_sources.py::test_a_source_goes_live_in_redis_and_a_second_time_changes_nothing"
)
_CLUSTER: Final = NotRun("no cluster is here; kubectl makes or renders the objects without one", _kubectl_takes_it)
_ENGINE: Final = NotRun("no container engine is here", _compose_knows_it)
_INSTALLS: Final = NotRun("it fetches every dependency; make installs from the same lock file", _the_lock_is_hashed)

NOT_RUN: Final[dict[str, NotRun]] = {
    "make demo": NotRun(
        "tests/cli/test_demo.py runs it",
        _tested_by("tests/cli/test_demo.py::test_a_bare_demo_links_its_articles_and_leaves_nothing_behind"),
    ),
    "make test": _RUNS,
    "make check": _RUNS,
    "make format": NotRun("it would change the files under test", _make_knows_it),
    "wasl down": NotRun("it ends what all pages use: the fixture runs it behind the last of them", lambda _: None),
    'make chaos CHAOS="--list"': NotRun("make compiles first; what it calls then is called", _lists_the_faults),
    "kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic articles.enriched"
    " --formatter-property print.headers=true": NotRun(
        "it is in Kafka's own download alone; kcat shows the same",
        _tested_by("tests/docs/test_examples.py::test_the_console"),
    ),
    "java -cp 'kafka/libs/*' Consumer.java localhost:9092 Q182477": NotRun(
        "it is run with the jars of the tests", _tested_by("tests/docs/test_examples.py::test_java")
    ),
    "npm install @platformatic/kafka@1.35.0": NotRun(
        "it is run once for all tests", _tested_by("tests/docs/test_examples.py::node")
    ),
    "node consumer.mjs localhost:9092 Q182477": NotRun(
        "it is run where its client is installed", _tested_by("tests/docs/test_examples.py::test_node")
    ),
    "docker compose up --detach --wait": _ENGINE,
    "docker compose run --rm -T produce - < article.json": _ENGINE,
    "kubectl create namespace wasl": _CLUSTER,
    "kubectl --namespace wasl create secret generic wasl --from-literal=WASL_REDIS_URL=redis://redis:6379/0": _CLUSTER,
    "kubectl apply --kustomize ops/kubernetes/keda": _CLUSTER,
    "/opt/wasl/venv/bin/pip install --require-hashes -r /opt/wasl/source/requirements.lock": _INSTALLS,
    "/opt/wasl/venv/bin/pip install --no-deps /opt/wasl/source": _INSTALLS,
    "systemctl enable --now wasl-worker": NotRun("no systemd runs here", _the_unit_is_sound),
    "ops/security/kafka-acls.sh kafka-1:9092 --command-config admin.properties": NotRun(
        "it calls a script of Kafka's download; its lines are loaded by another test",
        _tested_by("tests/security/test_kafka.py::test_the_example_rights_are_enough_and_all_are_needed"),
    ),
    "pip install '.[sources]'": NotRun("the tests have it installed", _the_extra_is_there),
    "wasl catalog import geonames --min-population 15000": NotRun(_LONG, _SOURCES),
    "wasl catalog import geonames --to places.jsonl.gz --with countries.jsonl": NotRun(_LONG, _SOURCES),
    "wasl catalog import brands": NotRun("it is fetched from elsewhere", _SOURCES),
    "wasl catalog import gleif": NotRun(_LONG, _SOURCES),
}
# Every record of a long run names the command that made it.
NOT_RUN.update(
    (step.command, NotRun(_LONG, _make_knows_it))
    for name in NAMES
    for step in steps(name)
    if re.match(r"(?:nice -n -?\d+ )?make (chaos|fuzz|soak|bench)\b", step.command) and step.command not in NOT_RUN
)


# --- What pages need beforehand ---------------------------------------------------------------------------


def _own_catalogue(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """The files that the page speaks of, in a catalogue of its own."""
    entities = [
        {"id": "local:rahal-robotics", "type": "organization", "labels": {"en": "Rahal Robotics", "ar": "رحال"},
         "aliases": {"en": ["Rahal", "Rahal Arms"]}},
        {"id": "local:rahal", "type": "organization", "labels": {"en": "Rahal Ltd"}},
        {"id": "local:old-fair", "type": "event", "labels": {"en": "Old Fair"}},
        {"id": "Q312", "type": "organization", "labels": {"en": "Apple"}},
    ]  # fmt: skip
    changes = [
        {"action": "block", "entity_id": "Q312", "alias": "Apple pie"},
        {"action": "retire", "entity_id": "local:rahal-arms"},
    ]
    for name, lines in (
        ("catalogue.jsonl", entities),
        ("new.jsonl", [{**entities[3], "description": "of the quarter"}]),
        ("more.jsonl", [{"id": "local:more", "type": "person", "labels": {"en": "More Of It"}}]),
        ("corrections.jsonl", changes),
    ):
        (folder / name).write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    (folder / "article.txt").write_text("Rahal Robotics came to the Old Fair.", encoding="utf-8")
    shown = "wasl catalog show local:rahal-robotics --format json"
    staged = "wasl catalog versions --format json"
    return {
        "--expect 1f2e3d4c5b6a": f"--expect $({shown} | python3 -c 'import json, sys; print(json.load(sys.stdin)"
        '["revision"])\')',
        **{
            f"{verb} 8": f'{verb} $({staged} | python3 -c \'import json, sys; print(next(each["build"] for each in'
            ' json.load(sys.stdin) if each["state"] == "staged"))\')'
            for verb in ("diff live", "promote")
        },
        "split local:rahal-robotics local:rahal-arms": "split local:rahal-robotics local:rahal-arms",
    }


def letters(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """Four dead letters of three causes, as the page shows them."""
    large = json.dumps({"article_id": "large", "title": "t", "body": "x" * 1_020_000}).encode()
    unknown = [json.dumps({"article_id": f"a{n}", "title": "t", "body": "b", f"field{n}": 1}).encode() for n in (1, 2)]
    with open_producer(KafkaSettings(sandbox.state.bootstrap_servers)) as producer:
        records = [Record(value, b"key") for value in (b"not json", *unknown, large)]
        assert len(list(write_records(producer, "articles.raw", records))) == 4
    found: dict[str, Any] = {"letters": 0}
    deadline = time.monotonic() + 60
    while found["letters"] < 4:
        assert time.monotonic() < deadline
        found = json.loads(sandbox.run("wasl dlq list --json"))
    causes = {each["code"]: each for each in found["causes"]}
    letter = causes["event.undecodable"]["samples"][0][:12]
    # Others may have left letters of the same causes.
    return {"b3189f30c4fb": letter, "dlq show ID": f"dlq show {letter}", "replayed 1 of 1 letter,": "replayed …"}


_CA: Final = "export WASL_KAFKA_SSL_CAFILE=/etc/ssl/certs/kafka-ca.pem"


def _own_topics(sandbox: Sandbox, _: Path) -> dict[str, str]:
    return {
        # The brokers and the Redis of the page are those of the sandbox, and one broker keeps no three copies.
        "kafka-1:9092,kafka-2:9092": sandbox.state.bootstrap_servers,
        "redis://redis-1:6379/0": sandbox.state.redis_url,
        "--replication 3": "--replication 1",
        # That they are taken is seen at once; what comes then is for the sandbox again.
        _CA: f"{_CA}; wasl settings && unset ${{!WASL_KAFKA_S*}}",
        "articles.": "own.articles.",
        "entities.unlinked": "own.entities.unlinked",
    }


_TOPICS: Final = {
    f"WASL_TOPIC_{name.upper()}": f"own.{'entities' if name == 'unlinked' else 'articles'}.{name}"
    for name in ("raw", "enriched", "dead", "unlinked")
}


_CLIENTS: Final = "page-sources"


def _acme(sandbox: Sandbox, _: Path) -> dict[str, str]:
    """The entity that an editor has changed."""
    sandbox.run("wasl catalog set --id local:acme --type organization --label en=Acme")
    return {}


def _clients(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """The table that the page speaks of, and the catalogue that `wasl up` and Compose begin with."""
    sandbox.run(f"WASL_REDIS_PREFIX={_CLIENTS} wasl catalog import --starter")
    (folder / "clients.csv").write_text(
        "number,name,arabic names,lei,country\n7,Rahal Robotics,رحال,529900T8BM49AURSDO55,JO\n", encoding="utf-8"
    )
    return {}


def _dump(_: Sandbox, folder: Path) -> dict[str, str]:
    (folder / "latest-all.json.gz").write_bytes(gzip.compress(dump_of(COMPANY)))
    subprocess.run(
        ["bash", "-c", "gzip -dc latest-all.json.gz | bzip2 > latest-all.json.bz2"], cwd=folder, check=True, timeout=30
    )
    # The one that uses all cores may be missing; it takes the same options.
    return {} if shutil.which("lbzip2") is not None else {"lbzip2": "bzip2"}


def _marks(_: Sandbox, folder: Path) -> dict[str, str]:
    """Copies, since the command writes beside what it reads."""
    (folder / "tests" / "gold").mkdir(parents=True)
    for name in ("dev", "held-out", "held-out-b", "held-out-c", "held-out-d", "traps-dev", "traps-held-out"):
        shutil.copy(ROOT / "tests" / "gold" / f"{name}.txt", folder / "tests" / "gold")
    return {}


_FOLLOW: Final = "wasl follow Q182477"

PAGES: Final[dict[str, Page]] = {
    "README.md": Page(
        until={"wasl consume --follow": "story-1", _FOLLOW: "Nvidia"},
        beside={_FOLLOW: "sed 's/story-1/story-3/' story.json > third.json && wasl produce third.json"},
        said={"wasl consume --format table": "Aramco", "cat links.jsonl": '"entity_id": ?"Q182477"'},
    ),
    "docs/how-to/catalogue.md": Page(_own_catalogue, env={"WASL_REDIS_PREFIX": "page-catalogue"}),
    "docs/how-to/consume.md": Page(
        until={
            "wasl follow Q182477 --since 2h": "Nvidia",
            r"kcat -b localhost:9092 -t articles.enriched -C -f '%h\t%s\n'": "ce_id=.*Nvidia",
        }
    ),
    "docs/how-to/dead-letters.md": Page(letters),
    "docs/how-to/deploy.md": Page(
        replace={
            "git clone REPOSITORY": "git clone --quiet --depth 1 file://$ROOT",
            "/opt/wasl/venv/bin/wasl": "wasl",
            "python3 -m venv": "python3 -m venv --without-pip",
            "/opt/wasl/": "./",
        }
    ),
    "docs/how-to/lag.md": Page(
        until={
            "wasl lag": '"wasl-linker"',
            "wasl lag --group 'wasl-*' --topic articles.raw": '"wasl-linker"',
            "wasl lag export --listen 127.0.0.1:9308": "metrics|listen",
        }
    ),
    "docs/how-to/monitor.md": Page(until={"wasl monitor": "http://127.0.0.1:"}),
    "docs/how-to/own-servers.md": Page(
        _own_topics,
        env={
            **_TOPICS,
            "WASL_GROUP": "own",
            "WASL_HTTP_PORT": "0",
            "WASL_PROCESSES": "1",
            "WASL_REDIS_PREFIX": "page-own-servers",
        },
        until={"wasl worker": "worker starts"},
    ),
    "docs/how-to/replay.md": Page(_acme),
    "docs/how-to/security.md": Page(
        replace={
            "export WASL_KAFKA_SSL_CAFILE=": "wasl settings; export WASL_KAFKA_SSL_CAFILE=",
            "export WASL_REDIS_URL=": "wasl settings && export WASL_REDIS_URL=",
        }
    ),
    "docs/how-to/sources.md": Page(
        _clients,
        env={"WASL_REDIS_PREFIX": _CLIENTS},
        said={"wasl catalog show Q810 --provenance": r"label:ar: .* says cldr"},
    ),
    "docs/how-to/wikidata.md": Page(_dump, env={"WASL_REDIS_PREFIX": "page-wikidata"}),
    "docs/explanation/scaling.md": Page(replace={"python -m bench.sizing": "PYTHONPATH=$ROOT python -m bench.sizing"}),
    "docs/operations/runbook.md": Page(),
    "docs/reference/metrics.md": Page(),
    "tests/gold/README.md": Page(_marks),
}
