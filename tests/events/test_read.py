from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import streams.events
from streams.errors import DecodeError, SchemaError
from streams.events import read

if TYPE_CHECKING:
    from collections.abc import Callable

# (call, part of the message that names input and rule, part of the remedy)
_REFUSALS: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: read.required({}, "title", "raw article"), "The raw article has no title: it is missing", "Send title"),
    (lambda: read.required({"title": None}, "title", "raw article"), "has no title: it is null", "Send title"),
    (lambda: read.text(5, "url", most=3), "url is a number, not a string: 5", "Send a string"),
    (lambda: read.text("abcd", "url", most=3), "url has 4 characters; 0 to 3 are allowed", "Shorten it"),
    (lambda: read.text("", "name", most=3, least=1), "name has 0 characters; 1 to 3 are allowed", "Fill it in"),
    (lambda: read.texts("a", "authors", most_items=2, most=3), "authors is a string, not a list", "Send a list"),
    (lambda: read.texts(["a"] * 3, "authors", most_items=2, most=3), "authors has 3 items; at most 2 are", "drop"),
    (lambda: read.texts(["a", ""], "authors", most_items=2, most=3), "authors[1] has 0 characters", "Fill it in"),
    (lambda: read.whole(1.5, "revision"), "revision is a number, not a whole number: 1.5", "Send a whole number"),
    (lambda: read.whole(True, "revision"), "revision is a true/false value, not a whole number", "Send"),
    (lambda: read.whole(-1, "revision"), "revision is -1; 0 to 9007199254740992 is allowed", "Correct it"),
    (lambda: read.whole(2**53 + 1, "revision"), "revision is 9007199254740993; 0 to", "Correct it"),
    (lambda: read.number("1", "prior", least=0, most=1), "prior is a string, not a number: '1'", "Send a number"),
    (lambda: read.number(False, "prior", least=0, most=1), "prior is a true/false value, not a number", "Send"),
    (lambda: read.number(1.1, "prior", least=0, most=1), "prior is 1.1; 0 to 1 is allowed", "Correct it"),
    (lambda: read.choice("x", "type", ("b", "a")), "type is 'x'; one of a, b is allowed", "Correct it"),
    (lambda: read.choice(["a"], "type", ("b", "a")), "type is ['a']; one of a, b is allowed", "Correct it"),
    (
        lambda: read.timestamp("2026-02-30T00:00:00Z", "seen_at"),
        "seen_at is '2026-02-30T00:00:00Z', not an RFC",
        "2026",
    ),
    (lambda: read.language_tag("pt_BR", "language"), "language is 'pt_BR', not a BCP 47 language tag", "pt-BR"),
    (lambda: read.opaque([], "extra"), "extra is a list, not an object: []", "Send an object"),
    (lambda: read.opaque(None, "extra"), "extra is a null, not an object", "Send an object"),
    (lambda: read.keyed(dict.fromkeys(range(1_001)), "labels"), "labels has 1001 fields; at most 1000 are", "Drop"),
    (lambda: read.names({"a_b": "x"}, "labels", most=3), "a key of labels is 'a_b', not a BCP 47", "Send"),
    (lambda: read.names({"en": ""}, "labels", most=3), "labels.en has 0 characters", "Fill it in"),
    (lambda: read.external_ids({"": "x"}, "external_ids"), "a key of external_ids has 0 characters", "Fill it in"),
    (lambda: read.external_ids({"lei": [1]}, "external_ids"), "external_ids.lei[0] is a number", "Send a string"),
    (lambda: read.known_only({"b": 1, "z": 2}, ("b", "a"), "x"), "The x has a field that its schema does not", "a, b"),
]


@pytest.mark.parametrize(("call", "message", "remedy"), _REFUSALS, ids=[message for _, message, _ in _REFUSALS])
def test_a_refusal_names_field_rule_and_remedy(call: Callable[[], Any], message: str, remedy: str) -> None:
    with pytest.raises(SchemaError) as refusal:
        call()
    assert message in refusal.value.message
    assert remedy in refusal.value.remedy
    assert (refusal.value.code, refusal.value.stage, refusal.value.retriable) == ("event.invalid", "receiving", False)


_NO_EVENTS = [
    (b"", "The raw article is empty (0 bytes)"),
    (b"{", "is not valid JSON: "),
    (b"\xff{}", "is not valid JSON: "),
    (b"\xef\xbb\xbf{}", "is not valid JSON: "),
    (b'{"a": NaN}', "is not valid JSON: "),
    (b"[1]", "is a JSON list, not an object: [1]"),
    (b"null", "is a JSON null, not an object"),
    (b"true", "is a JSON true/false value, not an object"),
    (b'"text"', "is a JSON string, not an object: 'text'"),
    (b"12", "is a JSON number, not an object: 12"),
]


@pytest.mark.parametrize(("data", "message"), _NO_EVENTS, ids=[repr(data) for data, _ in _NO_EVENTS])
def test_bytes_that_are_no_event_are_shown(data: bytes, message: str) -> None:
    with pytest.raises(DecodeError) as refusal:
        read.decode_object(data, "raw article")
    assert message in refusal.value.message
    assert refusal.value.remedy != ""


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}], ids=["list", "object"])
def test_nesting_is_limited(wrap: Callable[[Any], Any]) -> None:
    value: Any = "leaf"
    for _ in range(read.MAX_DEPTH - 1):
        value = wrap(value)
    assert read.decode_object(orjson.dumps({"extra": value}), "x") == {"extra": value}
    with pytest.raises(DecodeError, match="The x is nested more than 32 levels deep") as refusal:
        read.decode_object(orjson.dumps({"extra": wrap(value)}), "x")
    assert refusal.value.remedy != ""


@pytest.mark.parametrize(
    "time",
    [
        "2026-01-31T09:30:00Z",
        "2026-01-31t09:30:00z",
        "2026-01-31T09:30:00.5+03:00",
        "2024-02-29T23:59:60-00:00",
        "2026-01-31T09:30:00.123456789+14:00",
    ],
)
def test_times_are_kept_as_received(time: str) -> None:
    assert read.timestamp(time, "at") == time


@pytest.mark.parametrize(
    "time",
    "2026-01-31 2026-01-31T09:30:00 2026-01-31T09:30Z 20260131T093000Z 2026-W05-6T09:30:00Z 2026-031T09:30:00Z "
    "2026-01-31T09:30:00+0300 2026-01-31T24:00:00Z 2026-01-31T09:60:00Z 2026-01-31T09:30:61Z 2026-00-01T00:00:00Z "
    "2026-02-29T00:00:00Z 2026-04-31T00:00:00Z 0000-01-01T00:00:00Z 2026-01-31T09:30:00,5Z 2026-01-31T09:30:00.Z "
    "٢٠٢٦-٠١-٣١T09:30:00Z 2026-01-31T09:30:00+24:00".split(),
)
def test_what_is_no_rfc_3339_is_refused(time: str) -> None:
    with pytest.raises(SchemaError, match="not an RFC 3339 date and time with an offset"):
        read.timestamp(time, "at")


def test_a_line_end_is_no_part_of_a_time_or_tag() -> None:
    with pytest.raises(SchemaError):
        read.timestamp("2026-01-31T09:30:00Z\n", "at")
    with pytest.raises(SchemaError):
        read.language_tag("en\n", "language")


@given(st.integers(min_value=0, max_value=2**53))
def test_a_whole_number_written_as_a_fraction_is_whole(number: int) -> None:
    assert read.whole(float(number), "n") == number
    assert isinstance(read.whole(float(number), "n"), int)


@given(st.text(max_size=300))
def test_excerpts_are_short_and_name_the_whole_length(value: str) -> None:
    shown = read.excerpt(value)
    assert len(shown) <= read.EXCERPT + 30
    assert shown == repr(value) or f"({len(value)} characters)" in shown


@pytest.mark.parametrize("nested", [b"[" * 1000 + b"]" * 1000, b"[" + b"[[]]," * 200_000 + b"0]"])
def test_a_stranger_cannot_make_a_message_fail(nested: bytes) -> None:
    """The built-in repr of a list that orjson takes gives up with an error that no worker expects."""
    with pytest.raises(DecodeError, match="not an object") as caught:
        read.decode_object(nested, "raw article")
    assert len(caught.value.message) < 200


def test_what_is_too_large_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_BYTES", 10)
    assert read.decode_object(b'{"a":"bc"}', "thing") == {"a": "bc"}
    with pytest.raises(DecodeError, match="has 11 bytes; at most 10 are parsed"):
        read.decode_object(b'{"a":"bcd"}', "thing")


def test_lists_of_ids_become_tuples() -> None:
    assert read.external_ids({"lei": "x", "ticker": ["A", "B"], "none": []}, "ids") == {
        "lei": "x",
        "ticker": ("A", "B"),
        "none": (),
    }


def test_every_error_raised_in_this_room_has_a_remedy() -> None:
    raised = [
        (path.name, call)
        for path in sorted(Path(inspect.getfile(streams.events)).parent.glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("Error")
    ]
    assert len(raised) > 10
    for name, call in raised:
        remedies = [keyword.value for keyword in call.keywords if keyword.arg == "remedy"]
        assert len(remedies) == 1, f"{name}:{call.lineno}"
        assert not (isinstance(remedies[0], ast.Constant) and remedies[0].value == ""), f"{name}:{call.lineno}"
