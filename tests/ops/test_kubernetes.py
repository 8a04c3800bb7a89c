"""The Kubernetes manifests, held against the API's own schemas."""

from __future__ import annotations

import re
from typing import Any

import kubernetes_validate
import pytest
import yaml

from streams.settings import VARIABLES, Settings
from tests.ops.deployment import OPS, check_arguments, manifests, pod_of

MANIFESTS = manifests()
PODS = {each["metadata"]["name"]: pod for each in MANIFESTS if (pod := pod_of(each)) is not None}
_VERSION = "1.33"


def named(manifest: dict[str, Any]) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


# KEDA's own kind is looked at by itself, below.
@pytest.mark.parametrize("manifest", [each for each in MANIFESTS if "keda.sh" not in each["apiVersion"]], ids=named)
def test_manifests_are_what_the_api_takes(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, _VERSION, strict=True)


@pytest.mark.parametrize("name", PODS)
def test_pods_may_do_no_more_than_they_need(name: str) -> None:
    pod = PODS[name]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= container["resources"].keys()


@pytest.mark.parametrize("name", PODS)
def test_containers_call_wasl_as_it_can_be_called(name: str) -> None:
    for container in PODS[name]["containers"]:
        check_arguments(container["args"])


def test_probes_ask_for_what_the_programs_answer() -> None:
    worker = PODS["wasl-worker"]["containers"][0]
    assert worker["ports"][0]["containerPort"] == Settings.from_env({}).worker.http_port
    assert worker["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert worker["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert PODS["wasl-monitor"]["containers"][0]["ports"][0]["containerPort"] == Settings.from_env({}).monitor.port


def test_workers_are_scaled_by_the_lag_of_their_group() -> None:
    settings = Settings.from_env({})
    scaled = next(each for each in MANIFESTS if each["kind"] == "ScaledObject")
    trigger = scaled["spec"]["triggers"][0]["metadata"]
    assert scaled["spec"]["scaleTargetRef"]["name"] in PODS
    assert trigger["consumerGroup"] == settings.worker.group
    assert trigger["topic"] == settings.kafka.topics.raw
    topics = PODS["wasl-topics"]["containers"][0]["args"]
    assert scaled["spec"]["maxReplicaCount"] == int(topics[topics.index("--partitions") + 1])


def test_kustomizations_name_what_is_there() -> None:
    known = {variable[0] for variable in VARIABLES} | {"WASL_HOME"}
    for path in sorted((OPS / "kubernetes").rglob("kustomization.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert all((path.parent / name).exists() for name in document["resources"])
        for generator in document.get("configMapGenerator", []):
            assert {re.split("=", literal)[0] for literal in generator["literals"]} <= known
