"""docker-compose.yml, as far as it can be tested without a container engine."""

from __future__ import annotations

import re
from typing import Any

import compose_spec
import pytest
import yaml

from streams.settings import VARIABLES
from tests.ops.deployment import OPS, ROOT, check_arguments, compose, compose_text

SERVICES = compose()["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("wasl:")}
LASTING = [name for name, service in SERVICES.items() if service["restart"] == "unless-stopped"]


def arguments(service: dict[str, Any]) -> list[str]:
    """What a service of ours calls ``wasl`` with."""
    entrypoint = service.get("entrypoint", ["wasl"])
    assert entrypoint[0] == "wasl"
    return [*entrypoint[1:], *service["command"]]


def test_it_is_what_the_compose_specification_says() -> None:
    made = compose_spec.PyCompose.from_yaml(compose_text())
    made.validate()
    assert set(made.service_names()) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_loopback_alone(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name: str) -> None:
    assert re.fullmatch(r"[a-z/]+:v?\d+\.\d+\.\d+[a-z-]*", SERVICES[name]["image"])


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_says_whether_it_is_well(name: str) -> None:
    assert len(SERVICES[name]["healthcheck"]["test"]) > 1


@pytest.mark.parametrize("name", OURS)
def test_commands_are_those_of_wasl(name: str) -> None:
    check_arguments(arguments(OURS[name]))


def test_the_catalogue_is_filled_where_it_is_empty_and_tried_again_until_that_is_known() -> None:
    assert arguments(OURS["catalog"]) == ["catalog", "import", "--starter", "--if-empty"]
    assert OURS["catalog"]["restart"] == "on-failure"
    # `redis-cli ping` ends with 0 whatever is answered, also while Redis loads what it holds.
    assert SERVICES["redis"]["healthcheck"]["test"] == ["CMD-SHELL", "redis-cli ping | grep -q PONG"]


@pytest.mark.parametrize("name", OURS)
def test_containers_of_ours_have_settings_of_ours_and_little_else(name: str) -> None:
    service = OURS[name]
    assert set(service["environment"]) <= {variable[0] for variable in VARIABLES}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_no_password_is_left_at_a_default() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert value in {None, "true", "false"} or not re.search("PASSWORD|TOKEN|SECRET|ADMIN", name), name
    assert SERVICES["grafana"]["environment"]["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"


def test_what_is_mounted_exists() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    folders = {name for name in mounted if name.startswith("./")}
    assert folders == {"./ops/prometheus", "./ops/grafana/provisioning", "./ops/grafana/dashboards"}
    assert all((ROOT / folder).is_dir() for folder in folders)
    assert mounted - folders == set(compose()["volumes"])


def test_redis_keeps_what_it_is_given() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--appendfsync") + 1] == "always"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_prometheus_asks_where_metrics_are() -> None:
    config = yaml.safe_load((OPS / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    assert jobs["wasl-worker"]["dns_sd_configs"][0]["port"] == 6066
    assert jobs["wasl-lag"]["static_configs"][0]["targets"] == ["lag:9308"]
    assert SERVICES["worker"]["expose"] == ["6066"]
    assert "0.0.0.0:9308" in SERVICES["lag"]["command"]


def test_the_image_is_built_from_what_it_is_given() -> None:
    given = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [
        name
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    ]
    assert set(copied) == given
    assert all((ROOT / name).exists() for name in given)


def test_the_image_has_two_stages_and_runs_as_nobody_in_particular() -> None:
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    stages = [line.split() for line in lines if line.startswith("FROM ")]
    assert [stage[2:] for stage in stages] == [["AS", "build"], []]
    assert all(re.fullmatch(r"python:\d+\.\d+\.\d+-slim", stage[1]) for stage in stages)
    last = lines[lines.index(" ".join(stages[1])) :]
    # What compiles stays in the first stage, and whoever runs it later is no root.
    assert not any("apt-get" in line or "pip install" in line for line in last)
    assert [line for line in last if line.startswith("USER ")] == ["USER 10001"]
    assert last.index("USER 10001") < last.index('ENTRYPOINT ["wasl"]')
    assert all(f"WASL_{name}=/var/lib/wasl" in "".join(last) for name in ("DATA_DIR", "HOME"))


def test_containers_of_ours_write_to_a_volume_and_to_memory_alone() -> None:
    for name, service in OURS.items():
        assert service["tmpfs"] == ["/tmp"], name
        assert service.get("volumes", []) in ([], ["data:/var/lib/wasl"]), name
