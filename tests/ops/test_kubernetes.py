"""The Kubernetes manifests, held against the API's own schemas."""

from __future__ import annotations

import re
import shutil
import subprocess
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


# Of KEDA's kind, which the API's schemas do not have: what is used of it, and of which type it is.
_SCALED: dict[str, Any] = {
    "scaleTargetRef": {"name": str},
    "minReplicaCount": int,
    "maxReplicaCount": int,
    "pollingInterval": int,
    "advanced": {"horizontalPodAutoscalerConfig": {"behavior": dict}},
    "triggers": list,
}


def wrong(given: Any, wanted: Any, path: str = "") -> list[str]:
    """Fields that are not known, or of another type."""
    if not isinstance(wanted, dict):
        return [] if isinstance(given, wanted) else [f"{path}: {given!r}"]
    found = [f"{path}/{name} is not known" for name in given if name not in wanted]
    return found + [each for name in wanted if name in given for each in wrong(given[name], wanted[name], name)]


def test_what_keda_is_told_has_the_fields_and_types_of_its_kind() -> None:
    [scaled] = [each for each in MANIFESTS if each["kind"] == "ScaledObject"]
    assert scaled["apiVersion"] == "keda.sh/v1alpha1"
    assert wrong(scaled["spec"], _SCALED) == []
    for trigger in scaled["spec"]["triggers"]:
        assert trigger.keys() == {"type", "metadata"}
        # KEDA takes every value of a trigger as text, figures too.
        assert all(isinstance(value, str) for value in trigger["metadata"].values())
        assert int(trigger["metadata"]["lagThreshold"]) > 0
    # Its behaviour goes to a HorizontalPodAutoscaler as it is, whose schema the API has.
    behaviour = scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "wasl-worker"}
    autoscaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "wasl-worker"},
        "spec": {"scaleTargetRef": target, "maxReplicas": 24, "behavior": behaviour},
    }
    kubernetes_validate.validate(autoscaler, _VERSION, strict=True)


@pytest.mark.parametrize("folder", ["base", "keda"])
def test_what_kustomize_makes_of_it_is_valid_too(folder: str) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not there")
    done = subprocess.run(
        ["kubectl", "kustomize", str(OPS / "kubernetes" / folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rendered = [each for each in yaml.safe_load_all(done.stdout) if "keda.sh" not in each["apiVersion"]]
    for manifest in rendered:
        kubernetes_validate.validate(manifest, _VERSION, strict=True)
    worker = next(each for each in rendered if named(each) == "Deployment/wasl-worker")
    # Where KEDA says how many workers there are, the manifest does not.
    assert ("replicas" in worker["spec"]) == (folder == "base")
    assert all(each["metadata"].get("namespace") == "wasl" for each in rendered if each["kind"] != "Namespace")


def test_kustomizations_name_what_is_there() -> None:
    known = {variable[0] for variable in VARIABLES} | {"WASL_HOME"}
    for path in sorted((OPS / "kubernetes").rglob("kustomization.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert all((path.parent / name).exists() for name in document["resources"])
        for generator in document.get("configMapGenerator", []):
            assert {re.split("=", literal)[0] for literal in generator["literals"]} <= known
