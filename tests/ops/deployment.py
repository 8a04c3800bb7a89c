"""The deployment files as their programs read them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import yaml

from streams.cli import cli

ROOT = Path(__file__).resolve().parents[2]
OPS = ROOT / "ops"
_DEFAULTED = re.compile(r"\$\{\w+:-([^}]*)\}")


def compose_text() -> str:
    """docker-compose.yml with the default of every variable and without merge keys, as Compose reads it."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(_DEFAULTED.sub(r"\1", text))
    return yaml.safe_dump({name: value for name, value in document.items() if not name.startswith("x-")})


def compose() -> dict[str, Any]:
    return yaml.safe_load(compose_text())


def manifests() -> list[Any]:
    """Every object of the Kubernetes manifests, kustomizations apart."""
    found = []
    for path in sorted((OPS / "kubernetes").rglob("*.yaml")):
        if path.name != "kustomization.yaml":
            found += [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each is not None]
    return found


def pod_of(manifest: dict[str, Any]) -> dict[str, Any] | None:
    """The pod that a manifest describes, or None."""
    return manifest["spec"]["template"]["spec"] if manifest["kind"] in {"Deployment", "Job"} else None


def check_arguments(args: list[str]) -> None:
    """Parse the arguments of ``wasl`` as it does; raises where it would refuse them."""
    command: click.Command = cli
    context = click.Context(cli, info_name="wasl")
    while isinstance(command, click.Group) and len(args) > 0:
        found = command.get_command(context, args[0])
        if found is None:
            assert isinstance(command, click.Group)
            break
        command, args = found, args[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    command.parse_args(context, list(args))
