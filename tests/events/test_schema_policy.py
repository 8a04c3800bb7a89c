"""The promise of schemas/README.md: within a major version optional fields are added, and nothing else happens."""

from __future__ import annotations

import copy
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
_WORDS = {"title", "description", "$id", "$comment", "examples"}


def versions(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"), key=lambda path: tuple(map(int, path.stem.split("."))))


FOLDERS = sorted(path for path in SCHEMAS.iterdir() if path.is_dir())
STEPS = [
    pytest.param(old, new, id=f"{old.parent.name} {old.stem} to {new.stem}")
    for folder in FOLDERS
    for old, new in pairwise(versions(folder))
]


def breaks(old: Any, new: Any, path: str = "") -> list[str]:
    """What of ``new`` a reader or a writer of ``old`` would stumble over."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [] if old == new else [f"{path}: {old!r} became {new!r}"]
    found = []
    for name in (old.keys() | new.keys()) - _WORDS:
        at = f"{path}/{name}"
        if name in {"properties", "$defs"}:
            gone = old.get(name, {}).keys() - new.get(name, {}).keys()
            found += [f"{at}/{field} is gone" for field in sorted(gone)]
            for field in old.get(name, {}).keys() & new.get(name, {}).keys():
                found += breaks(old[name][field], new[name][field], f"{at}/{field}")
        elif name == "required":
            added = set(new.get(name, [])) ^ set(old.get(name, []))
            found += [f"{at}: {sorted(added)}"] if len(added) > 0 else []
        else:
            found += breaks(old.get(name), new.get(name), at)
    return found


@pytest.mark.parametrize(("old", "new"), STEPS)
def test_a_minor_version_adds_optional_fields_and_nothing_else(old: Path, new: Path) -> None:
    one, other = (json.loads(path.read_text(encoding="utf-8")) for path in (old, new))
    assert old.stem.partition(".")[0] == new.stem.partition(".")[0]
    assert breaks(one, other) == []


@pytest.mark.parametrize(("old", "new"), STEPS)
def test_what_was_valid_stays_valid(old: Path, new: Path) -> None:
    one, other = (Draft202012Validator(json.loads(path.read_text(encoding="utf-8"))) for path in (old, new))
    examples = [json.loads(path.read_text(encoding="utf-8")) for path in (old.parent / "examples" / "valid").iterdir()]
    kept = [example for example in examples if one.is_valid(example)]
    assert len(kept) > 0
    assert all(other.is_valid(example) for example in kept)


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: schema["properties"].pop("title"),
        lambda schema: schema["required"].append("url"),
        lambda schema: schema["properties"]["title"].update(type="integer"),
        lambda schema: schema["properties"]["title"].update(maxLength=10),
        lambda schema: schema.update(additionalProperties=not schema.get("additionalProperties", True)),
    ],
    ids=["gone", "required", "type", "bound", "closed"],
)
def test_a_breaking_change_would_be_seen(change: Any) -> None:
    schema = json.loads((SCHEMAS / "raw-article" / "1.0.0.json").read_text(encoding="utf-8"))
    broken = copy.deepcopy(schema)
    change(broken)
    assert breaks(schema, broken) != []
    added = copy.deepcopy(schema)
    added["properties"]["section"] = {"type": "string"}
    assert breaks(schema, added) == []
