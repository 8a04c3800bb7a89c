"""The AsyncAPI document says what the code and the schemas say."""

from __future__ import annotations

import importlib.util
import json
import warnings
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.ops.deployment import OPS, ROOT

SCHEMAS = ROOT / "schemas"
DOCUMENT = json.loads((SCHEMAS / "asyncapi.json").read_text(encoding="utf-8"))
MESSAGES = DOCUMENT["components"]["messages"]


def generated() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("make_asyncapi", OPS / "make_asyncapi.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.document()


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for part in value.values() for each in references(part)]
    return [each for part in value for each in references(part)] if isinstance(value, list) else []


def test_it_is_up_to_date() -> None:
    assert generated() == DOCUMENT, "Write it anew: make asyncapi"


def test_it_is_what_asyncapi_says() -> None:
    with warnings.catch_warnings():
        # The models name fields like those of pydantic's own class.
        warnings.simplefilter("ignore", UserWarning)
        from asyncapi3.models.asyncapi import AsyncAPI3
    assert AsyncAPI3.model_validate(DOCUMENT).asyncapi == "3.0.0"
    wrong = json.loads(json.dumps(DOCUMENT))
    wrong["operations"]["receiveRawArticle"]["action"] = "eat"
    with pytest.raises(ValueError, match="action"):
        AsyncAPI3.model_validate(wrong)


def test_every_reference_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert len(found) > 10
    for reference in found:
        path, _, pointer = reference.partition("#")
        target = DOCUMENT if path == "" else json.loads((SCHEMAS / Path(path)).read_text(encoding="utf-8"))
        for part in pointer.strip("/").split("/") if pointer != "" else []:
            target = target[part]


@pytest.mark.parametrize("name", MESSAGES)
def test_examples_are_valid_and_schemas_the_newest(name: str) -> None:
    path = SCHEMAS / MESSAGES[name]["payload"]["schema"]["$ref"]
    schema = json.loads(path.read_text(encoding="utf-8"))
    for example in MESSAGES[name]["examples"]:
        jsonschema.Draft202012Validator(schema).validate(example["payload"])
    assert path.name == max(each.name for each in path.parent.glob("*.json"))
