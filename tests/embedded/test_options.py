"""The environment decides where the embedded servers keep and get things."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.embedded.options import MAVEN_CENTRAL, EmbeddedOptions


def test_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/someone")
    assert EmbeddedOptions.from_env({}) == EmbeddedOptions(
        home=tmp_path / ".wasl",
        cache=Path("/home/someone/.cache/wasl"),
        maven_url=MAVEN_CENTRAL,
        java_home=None,
        require_apache=False,
    )


def test_every_variable_counts():
    env = {
        "WASL_HOME": "/data/wasl",
        "XDG_CACHE_HOME": "/var/cache",
        "WASL_MAVEN_URL": "https://mirror.example.org/maven/",
        "JAVA_HOME": "/opt/java",
        "WASL_REQUIRE_APACHE": "1",
    }
    assert EmbeddedOptions.from_env(env) == EmbeddedOptions(
        home=Path("/data/wasl"),
        cache=Path("/var/cache/wasl"),
        maven_url="https://mirror.example.org/maven",
        java_home=Path("/opt/java"),
        require_apache=True,
    )


def test_an_empty_variable_counts_as_unset():
    names = ("WASL_HOME", "XDG_CACHE_HOME", "WASL_MAVEN_URL", "JAVA_HOME", "CI")
    assert EmbeddedOptions.from_env(dict.fromkeys(names, "")) == EmbeddedOptions.from_env({})


@pytest.mark.parametrize(
    ("env", "required"),
    [
        ({"CI": "true"}, True),
        ({"CI": "1"}, True),
        ({"CI": "false"}, False),
        ({"CI": "0"}, False),
        ({"WASL_REQUIRE_APACHE": "No"}, False),
        ({"WASL_REQUIRE_APACHE": "yes"}, True),
    ],
)
def test_ci_does_without_no_broker(env, required):
    assert EmbeddedOptions.from_env(env).require_apache is required
