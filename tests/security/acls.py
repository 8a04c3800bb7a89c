"""The rights of ops/security/kafka-acls.sh, as Kafka's admin client grants and takes them."""

from __future__ import annotations

import shlex

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)

from tests.security.conftest import ROOT

_OPERATIONS = {operation.name.replace("_", "").lower(): operation for operation in ACLOperation}


def example_lines(role):
    """Return the lines that grant rights to a role."""
    text = (ROOT / "ops" / "security" / "kafka-acls.sh").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith(f"allow wasl-{role} ")]


def _parts(line):
    _, user, *rest = shlex.split(line)
    options = dict(zip(rest[::2], rest[1::2], strict=True))
    kind = ResourceType.TOPIC if "--topic" in options else ResourceType.GROUP
    name = options.get("--topic") or options["--group"]
    is_prefix = options.get("--resource-pattern-type") == "prefixed"
    pattern = ACLResourcePatternType.PREFIXED if is_prefix else ACLResourcePatternType.LITERAL
    return f"User:{user}", _OPERATIONS[options["--operation"].lower()], kind, name, pattern


def grant(admin, lines):
    acls = []
    for line in lines:
        user, operation, kind, name, pattern = _parts(line)
        acls.append(ACL(user, "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name, pattern)))
    answer = admin.create_acls(acls)
    assert answer["failed"] == [], answer


def revoke(admin, line):
    user, operation, kind, name, pattern = _parts(line)
    wanted = ACLFilter(user, "*", operation, ACLPermissionType.ALLOW, ResourcePatternFilter(kind, name, pattern))
    [(_, removed, _)] = admin.delete_acls([wanted])
    assert len(removed) == 1, line
