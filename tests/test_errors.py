from __future__ import annotations

import inspect
import re
import typing
from typing import NamedTuple

import pytest

from streams import errors
from streams.errors import Stage, WaslError

_CLASSES = {
    name: value for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, WaslError)
}


class _Drawn(NamedTuple):
    parent: str
    code: str | None
    meaning: str | None


def _drawn_tree() -> dict[str, _Drawn]:
    """The tree in the module's docstring: class by class, with its parent, code and meaning."""
    line = re.compile(r"^(?P<indent>[ │├└─]*)(?P<name>[A-Z]\w+)(?: +(?P<code>[a-z_.]+) +(?P<meaning>\S.*))?$")
    found: dict[str, _Drawn] = {}
    way: list[str] = []
    for text in inspect.cleandoc(errors.__doc__ or "").splitlines():
        match = line.match(text.removeprefix("    "))
        if match is None or not text.startswith("    "):
            continue
        depth = len(match["indent"]) // 4
        way[depth:] = [match["name"]]
        found[match["name"]] = _Drawn(way[depth - 1] if depth > 0 else "Exception", match["code"], match["meaning"])
    return found


_TREE = _drawn_tree()


def test_the_tree_is_read() -> None:
    assert len(_TREE) > 15
    assert _TREE["WaslError"] == ("Exception", None, None)
    assert _TREE["DecodeError"].parent == "EventError"


def test_the_tree_drawn_holds_every_class_and_no_other() -> None:
    assert set(_TREE) == set(_CLASSES)
    assert sorted([*_CLASSES, "Stage"]) == errors.__all__


@pytest.mark.parametrize("name", _CLASSES)
def test_parent_and_code_are_those_in_the_tree(name: str) -> None:
    kind, drawn = _CLASSES[name], _TREE[name]
    assert [base.__name__ for base in kind.__bases__] == [drawn.parent]
    if drawn.code is not None:
        assert kind.code == drawn.code


@pytest.mark.parametrize("name", [name for name, drawn in _TREE.items() if drawn.code is None])
def test_only_classes_that_have_others_below_them_are_drawn_without_a_code(name: str) -> None:
    assert any(drawn.parent == name for drawn in _TREE.values())


def test_codes_are_unique_and_fit_for_labels() -> None:
    codes = [kind.code for kind in _CLASSES.values()]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if re.fullmatch(r"[a-z]+(\.[a-z_]+)?", code) is None] == []


@pytest.mark.parametrize("name", [name for name in _CLASSES if name != "WaslError"])
def test_a_code_begins_with_that_of_its_group(name: str) -> None:
    parent = _CLASSES[name].__bases__[0]
    if parent is not WaslError:
        assert _CLASSES[name].code.startswith(f"{parent.code}.")


@pytest.mark.parametrize("name", _CLASSES)
def test_stage_and_retriability_are_set(name: str) -> None:
    kind = _CLASSES[name]
    assert kind.stage in typing.get_args(Stage)
    assert isinstance(kind.retriable, bool)


def test_only_what_passes_by_itself_is_retriable() -> None:
    assert {name for name, kind in _CLASSES.items() if kind.retriable} == {
        "BrokerUnavailableError",
        "StoreUnavailableError",
    }


@pytest.mark.parametrize("kind", _CLASSES.values(), ids=list(_CLASSES))
def test_an_error_reads_as_message_and_remedy(kind: type[WaslError]) -> None:
    error = kind("The title has 3 characters.", remedy="Shorten it.")
    assert (error.message, error.remedy) == ("The title has 3 characters.", "Shorten it.")
    assert str(error) == "The title has 3 characters. Shorten it."
    assert error.args == ("The title has 3 characters.",)
    assert str(kind("Alone.")) == "Alone."


@pytest.mark.parametrize(
    ("message", "shown"),
    [("It said: refused..", "It said: refused."), ("It said: refused.", "It said: refused."), ("More...", "More...")],
)
def test_a_message_ends_with_one_full_stop(message: str, shown: str) -> None:
    error = WaslError(message, remedy="Try again.")
    assert (error.message, str(error), error.args) == (shown, f"{shown} Try again.", (shown,))
