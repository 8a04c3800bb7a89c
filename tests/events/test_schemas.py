"""The JSON Schemas under ``schemas/`` and the code of ``streams/events`` say the same."""

from __future__ import annotations

import copy
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import pytest
from jsonschema import Draft202012Validator

from streams.errors import WaslError
from streams.events import article, change, dead, edit, enriched, entity, read, types, unlinked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


class Event(NamedTuple):
    folder: str
    name: str
    ce_type: str
    decode: Callable[[bytes], Any]
    encode: Callable[[Any], bytes]
    closed: bool
    richest: str

    def __str__(self) -> str:
        return self.folder


EVENTS = (
    Event(
        "raw-article",
        "article.raw",
        article.CE_TYPE,
        article.decode_raw_article,
        article.encode_raw_article,
        closed=True,
        richest="every-field",
    ),
    Event(
        "enriched-article",
        "article.enriched",
        enriched.CE_TYPE,
        enriched.decode_enriched_article,
        enriched.encode_enriched_article,
        closed=False,
        richest="every-field",
    ),
    Event(
        "dead-letter",
        "article.dead",
        dead.CE_TYPE,
        dead.decode_dead_letter,
        dead.encode_dead_letter,
        closed=False,
        richest="every-field-of-1.1",
    ),
    Event(
        "unlinked-name",
        "name.unlinked",
        unlinked.CE_TYPE,
        unlinked.decode_unlinked_name,
        unlinked.encode_unlinked_name,
        closed=False,
        richest="person",
    ),
    Event(
        "catalog-entity",
        "catalog.entity",
        entity.CE_TYPE,
        entity.decode_entity,
        entity.encode_entity,
        closed=True,
        richest="every-field-of-1.1",
    ),
    Event(
        "catalog-change",
        "catalog.change",
        change.CE_TYPE,
        change.decode_change,
        change.encode_change,
        closed=True,
        richest="set",
    ),
    Event(
        "catalog-edit",
        "catalog.edit",
        edit.CE_TYPE,
        edit.decode_edit,
        edit.encode_edit,
        closed=True,
        richest="split",
    ),
)


def _newest(event: Event) -> Path:
    return max((SCHEMAS / event.folder).glob("*.json"), key=lambda path: [int(part) for part in path.stem.split(".")])


def _schema(event: Event) -> dict[str, Any]:
    return orjson.loads(_newest(event).read_bytes())


def _examples(kind: str) -> list[Any]:
    return [
        pytest.param(event, path, id=f"{event.folder}/{path.stem}")
        for event in EVENTS
        for path in sorted((SCHEMAS / event.folder / "examples" / kind).glob("*.json"))
    ]


def _refusal(event: Event, document: Any) -> WaslError | None:
    try:
        event.decode(orjson.dumps(document))
    except WaslError as exc:
        return exc
    return None


# --- Released schemas -------------------------------------------------------------------------------------


def _checksums() -> dict[str, str]:
    lines = (SCHEMAS / "CHECKSUMS").read_text().splitlines()
    return {path: digest for digest, path in (line.split("  ") for line in lines)}


def test_every_schema_has_a_checksum() -> None:
    released = {path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.glob("*/*.json")}
    assert set(_checksums()) == released
    assert {path.partition("/")[0] for path in released} == {event.folder for event in EVENTS}


@pytest.mark.parametrize(("path", "digest"), _checksums().items())
def test_a_released_schema_never_changes(path: str, digest: str) -> None:
    found = hashlib.sha256((SCHEMAS / path).read_bytes()).hexdigest()
    assert found == digest, f"{path} was released and has changed; put the change into a new version's file"


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_schema_is_sound(event: Event) -> None:
    schema = _schema(event)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:wasl:schema:{event.name}:{_newest(event).stem}"
    assert event.ce_type == f"wasl.{event.name}.v1"


def _nodes(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every sub-schema that describes a value."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for keyword in ("properties", "$defs"):
        for name, child in schema.get(keyword, {}).items():
            yield from _nodes(child, f"{path}/{name}")
    for keyword in ("items", "additionalProperties"):
        yield from _nodes(schema.get(keyword), f"{path}/{keyword}")


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_names_are_snake_case_strings_are_bounded_and_fields_are_described(event: Event) -> None:
    for path, node in _nodes(_schema(event)):
        for name, field in node.get("properties", {}).items():
            assert re.fullmatch(r"[a-z][a-z0-9_]*", name), f"{path}/{name}"
            assert "description" in field or "$ref" in field, f"{path}/{name}"
        kinds = node.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "string" in kinds and "enum" not in node:
            assert "maxLength" in node, path
        if "array" in kinds:
            assert "maxItems" in node, path
        if "integer" in kinds or "number" in kinds:
            assert {"minimum", "maximum"} <= set(node), path
        if "object" in kinds and "additionalProperties" in node and node["additionalProperties"] is not False:
            assert "maxProperties" in node, path
        if "object" in kinds and "title" in node:
            assert (node.get("additionalProperties") is False) == event.closed, path


def test_the_catalogue_change_holds_the_catalogue_entity_word_for_word() -> None:
    own = {name: value for name, value in _schema(EVENTS[4]).items() if not name.startswith("$")}
    assert _schema(EVENTS[5])["$defs"]["entity"] == own


def test_the_enriched_article_has_the_fields_of_the_raw_article() -> None:
    raw, rich = _schema(EVENTS[0])["properties"], _schema(EVENTS[1])["properties"]
    for name in raw.keys() - {"language", "source"}:
        assert rich[name] == raw[name]
    assert rich["source"]["properties"] == raw["source"]["properties"]
    assert rich["language"]["properties"]["code"]["pattern"] == raw["language"]["pattern"]


def test_limits_of_the_code_stand_in_the_schemas() -> None:
    raw, rich = _schema(EVENTS[0])["properties"], _schema(EVENTS[1])
    mention = rich["$defs"]["mention"]["properties"]
    assert raw["article_id"]["maxLength"] == article.MAX_ID
    assert raw["title"]["maxLength"] == article.MAX_TITLE
    assert raw["body"]["maxLength"] == article.MAX_BODY
    assert raw["revision"]["maximum"] == read.MAX_WHOLE
    assert mention["end"]["maximum"] == article.MAX_BODY
    assert mention["field"]["enum"] == list(enriched.FIELDS)
    assert mention["type"]["enum"] == list(types.ENTITY_TYPES)
    assert mention["candidates"]["maxItems"] == enriched.MAX_CANDIDATES
    assert rich["properties"]["mentions"]["maxItems"] == enriched.MAX_MENTIONS
    assert rich["properties"]["entities"]["maxItems"] == enriched.MAX_ENTITIES
    assert _schema(EVENTS[4])["properties"]["labels"]["maxProperties"] == read.MAX_KEYS
    assert _schema(EVENTS[4])["properties"]["labels"]["additionalProperties"]["maxLength"] == entity.MAX_NAME
    assert _schema(EVENTS[4])["properties"]["demonyms"]["additionalProperties"]["maxItems"] == entity.MAX_DEMONYMS
    assert _schema(EVENTS[5])["properties"]["action"]["enum"] == list(change.ACTIONS)
    edited = _schema(EVENTS[6])["properties"]
    assert edited["action"]["enum"] == list(edit.EDIT_ACTIONS)
    assert edited["type"]["enum"] == [*types.ENTITY_TYPES, None]
    assert edited["count"]["maximum"] == edit.MAX_COUNT


# --- Examples ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_every_event_has_examples_of_each_kind(event: Event) -> None:
    for kind, least in (("valid", 4), ("invalid", 20), ("invalid-beyond-schema", 5)):
        assert len(list((SCHEMAS / event.folder / "examples" / kind).glob("*.json"))) >= least


@pytest.mark.parametrize(("event", "path"), _examples("valid"))
def test_valid_example(event: Event, path: Path, schema_of: dict[str, Any]) -> None:
    data = path.read_bytes()
    schema_of[event.folder].validate(orjson.loads(data))
    value = event.decode(data)
    written = event.encode(value)
    schema_of[event.folder].validate(orjson.loads(written))
    assert event.decode(written) == value
    assert event.encode(event.decode(written)) == written


@pytest.mark.parametrize(("event", "path"), _examples("invalid"))
def test_invalid_example(event: Event, path: Path, schema_of: dict[str, Any]) -> None:
    document = orjson.loads(path.read_bytes())
    assert not schema_of[event.folder].is_valid(document), "the schema accepts it"
    refusal = _refusal(event, document)
    assert refusal is not None, "the code accepts it"
    assert refusal.remedy != ""
    assert 20 < len(refusal.message) < 500
    assert str(refusal) == f"{refusal.message} {refusal.remedy}"


@pytest.mark.parametrize(("event", "path"), _examples("invalid-beyond-schema"))
def test_invalid_example_beyond_what_a_schema_can_say(event: Event, path: Path, schema_of: dict[str, Any]) -> None:
    data = path.read_bytes()
    with pytest.raises(WaslError) as refusal:
        event.decode(data)
    assert refusal.value.remedy != ""
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return
    assert schema_of[event.folder].is_valid(document), "the schema refuses it: move it to invalid/"


@pytest.mark.parametrize("event", [event for event in EVENTS if not event.closed], ids=str)
def test_consumers_pass_over_unknown_fields(event: Event) -> None:
    document = orjson.loads((SCHEMAS / event.folder / f"examples/valid/{event.richest}.json").read_bytes())
    expected = event.decode(orjson.dumps(document))
    for path, node in _sites(_schema(event), document):
        if isinstance(_get(document, path), dict) and "title" in node:
            grown = _with(document, (*path, "added_in_1_1"), [1])
            assert event.decode(orjson.dumps(grown)) == expected, path


# --- Every field of the richest example, changed in every way ----------------------------------------------

Path_ = tuple[str | int, ...]
# Rules between fields, which a schema cannot say; examples/invalid-beyond-schema has their cases.
_BETWEEN_FIELDS = {
    "enriched-article": re.compile(r"(title|body)|mentions/\d+/(field|start|end|surface)"),
    "dead-letter": re.compile(r"origin/value_is_null"),
    "unlinked-name": re.compile(r"start|end"),
    "catalog-change": re.compile(r"entity_id|entity/id|action"),
    "catalog-edit": re.compile(r"action"),
}


def _children(node: dict[str, Any], value: Any) -> Iterator[tuple[str | int, Any, Any]]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield name, node.get("properties", {}).get(name, node.get("additionalProperties")), child
    if isinstance(value, list):
        for index, child in enumerate(value):
            yield index, node.get("items"), child


def _sites(schema: dict[str, Any], document: Any) -> Iterator[tuple[Path_, dict[str, Any]]]:
    """Every place in the document, with the schema for it."""

    def walk(node: dict[str, Any], value: Any, path: Path_) -> Iterator[tuple[Path_, dict[str, Any]]]:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        yield path, node
        for branch in node.get("anyOf", ()):
            kind = "object" if "$ref" in branch else branch.get("type")
            if kind == {str: "string", dict: "object"}.get(type(value), ""):
                yield from walk(branch, value, path)
        for step, below, child in _children(node, value):
            if isinstance(below, dict):
                yield from walk(below, child, (*path, step))

    yield from walk(schema, document, ())


def _get(document: Any, path: Path_) -> Any:
    for step in path:
        document = document[step]
    return document


def _with(document: Any, path: Path_, value: Any) -> Any:
    if len(path) == 0:
        return value
    document = copy.deepcopy(document)
    _get(document, path[:-1])[path[-1]] = value
    return document


def _edges(node: dict[str, Any], value: Any) -> Iterator[Any]:
    """Values just inside and just outside the bounds of a schema, and one of every kind of JSON value."""
    yield from (None, True, False, 0, -1, 1.5, 2**60, "", "x", "Q1", "ar", [], [None], {}, {"x": None})
    if node.get("maxLength", 0) < 10_000_000:
        for length in (node.get("minLength", 0), node.get("maxLength", 0)):
            yield from ("a" * size for size in (length - 1, length, length + 1) if size >= 0)
    for bound in ("minimum", "maximum"):
        if bound in node:
            yield from (node[bound] - 1, node[bound], node[bound] + 1, node[bound] + 0.5, float(node[bound]))
    for word in filter(None, node.get("enum", ())):
        yield from (word, word.upper(), f"{word} ")
    if isinstance(value, list) and len(value) > 0 and "maxItems" in node and node["maxItems"] <= 10_000:
        yield from (value[:1] * node["maxItems"], value[:1] * (node["maxItems"] + 1))
    if "maxProperties" in node and isinstance(value, dict) and len(value) > 0:
        one = next(iter(value.values()))
        for size in (node["maxProperties"], node["maxProperties"] + 1):
            yield {f"aa-{number}": one for number in range(size)}
        yield from ({name: one} for name in ("", "a", "aa", "en_US", "a" * 35, "a" * 36, "b" * 100, "b" * 101))
    if isinstance(value, dict):
        yield from ({k: v for k, v in value.items() if k != name} for name in value)
        yield {**value, "a field that nobody knows": 1}


def _changes(event: Event) -> list[Any]:
    document = orjson.loads((SCHEMAS / event.folder / f"examples/valid/{event.richest}.json").read_bytes())
    seen = {}
    for path, node in _sites(_schema(event), document):
        # The first item of a list stands for all of them.
        if all(step in {0, 1} for step in path if isinstance(step, int)):
            seen.setdefault((path, id(node)), (path, node))
    return [
        pytest.param(event, document, path, node, id=f"{event.folder}/{'.'.join(map(str, path))}-{number}")
        for number, (path, node) in enumerate(seen.values())
    ]


@pytest.mark.parametrize(("event", "document", "path", "node"), [case for event in EVENTS for case in _changes(event)])
def test_schema_and_code_agree_on_every_change_of_one_field(
    event: Event, document: Any, path: Path_, node: dict[str, Any], schema_of: dict[str, Any]
) -> None:
    between_fields = _BETWEEN_FIELDS.get(event.folder)
    where = "/".join(map(str, path))
    is_between = between_fields is not None and between_fields.fullmatch(where) is not None
    for value in _edges(node, _get(document, path)):
        changed = _with(document, path, value)
        refusal = _refusal(event, changed)
        if schema_of[event.folder].is_valid(changed):
            crosses = is_between or (refusal is not None and "offsets" in refusal.remedy)
            assert refusal is None or crosses, f"the schema accepts {value!r:.200}, the code says {refusal}"
        else:
            assert refusal is not None, f"the code accepts {value!r:.200}"
            assert refusal.remedy != ""
            names = [step for step in path if isinstance(step, str)]
            # The message names the field, unless there is no object to have one.
            assert len(names) == 0 or names[-1] in str(refusal) or isinstance(value, dict), str(refusal)
