from __future__ import annotations

import os
import pwd

import pytest

from streams.cli.catalog.options import author_of
from streams.cli.user import acting_user


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "WASL_CATALOG_AUTHOR"):
        monkeypatch.delenv(name, raising=False)


def test_where_the_environment_names_nobody_the_system_is_asked() -> None:
    assert acting_user() == author_of(None) == pwd.getpwuid(os.getuid()).pw_name


def test_a_user_whom_nothing_names_has_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert acting_user() == author_of(None) == f"uid {os.getuid()}"


def test_the_author_is_who_is_named_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "noor")
    assert author_of(None) == "noor"
    monkeypatch.setenv("WASL_CATALOG_AUTHOR", "ann")
    assert (author_of(None), author_of("bob")) == ("ann", "bob")
