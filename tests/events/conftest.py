from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from jsonschema import Draft202012Validator, ValidationError, validators

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def _ecma_pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    # JSON Schema's patterns are those of ECMA 262, where $ is the end alone and not also before a line end.
    if isinstance(value, str) and re.search(re.sub(r"\$$", r"\\Z", pattern), value) is None:
        yield ValidationError(f"{value!r} does not match {pattern!r}")


@pytest.fixture(scope="session")
def schema_of() -> dict[str, Any]:
    """A validator of the newest version of each event, by the name of its folder."""
    kind = validators.extend(Draft202012Validator, {"pattern": _ecma_pattern})
    # The newest version of each comes last.
    paths = sorted(_SCHEMAS.glob("*/*.json"), key=lambda path: [int(part) for part in path.stem.split(".")])
    return {path.parent.name: kind(orjson.loads(path.read_bytes())) for path in paths}
