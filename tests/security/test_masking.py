"""Whatever Wasl shows, known secrets are not in it."""

from __future__ import annotations

import io
import json
import logging
import os
import traceback

import pytest
from click.testing import CliRunner

from streams.cli import cli
from streams.errors import SettingsError
from streams.log import configure_logging
from streams.settings import VARIABLES, Settings

_SECRETS = ("k4fka-p4ss", "r3dis-p4ss", "t0ken-0f-32-characters-at-least-x", "cl13nt-p4ss")
_ENV = {
    "WASL_KAFKA_SASL_USERNAME": "wasl",
    "WASL_KAFKA_SASL_PASSWORD": _SECRETS[0],
    "WASL_REDIS_URL": f"rediss://wasl-worker:{_SECRETS[1]}@127.0.0.1:1/0?ssl_password={_SECRETS[3]}",
}


def _env():
    """The variables above, and every other whose name says that it holds a secret."""
    secret = {name for name, *_ in VARIABLES if any(word in name for word in ("PASSWORD", "TOKEN", "SECRET"))}
    return {**dict.fromkeys(secret, _SECRETS[2]), **_ENV}


def _check(shown: str) -> None:
    assert shown != ""
    for secret in _SECRETS:
        assert secret not in shown


def _values(value):
    yield value
    for name in getattr(type(value), "__dataclass_fields__", {}):
        yield from _values(getattr(value, name))


def test_no_repr_of_any_settings_shows_a_secret():
    settings = Settings.from_env(_env())
    for value in _values(settings):
        if not isinstance(value, str):
            _check(f"{value!r} {value} {value!s} {[value]}")
    _check(json.dumps(settings.describe()))
    _check(repr(settings.describe()))


def test_no_log_shows_a_secret():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    settings = Settings.from_env(_env())
    try:
        for is_human in (False, True):
            configure_logging("DEBUG", stream=stream, is_human=is_human)
            logging.getLogger("streams.x").warning("settings %s", settings, extra={"settings": settings})
            logging.getLogger("streams.x").warning("where %s", settings.redis.url, extra={"url": settings.redis.url})
            try:
                int(repr(settings.redis))
            except ValueError:
                logging.getLogger("kafka").exception("failed", extra={"password": _SECRETS[0]})
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:] = before
        root.setLevel(level)
    _check(stream.getvalue())


@pytest.mark.parametrize("verb", [("settings",), ("settings", "--format", "json"), ("catalog", "stats", "-v")])
def test_no_command_shows_a_secret(verb, monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("WASL_")]:
        monkeypatch.delenv(name)
    env = {**_env(), "WASL_KAFKA_BOOTSTRAP": "127.0.0.1:1", "WASL_HOME": str(tmp_path)}
    result = CliRunner().invoke(cli, verb, env=env)
    _check(result.output + "".join(traceback.format_exception(result.exception) if result.exception else ()))
    assert "***" in result.output


@pytest.mark.parametrize("name", [name for name in _env() if name != "WASL_KAFKA_SASL_USERNAME"])
def test_no_refusal_of_a_setting_shows_a_secret(name):
    urls = (f"http://a:{_SECRETS[1]}@b", f"http://:{_SECRETS[1]}@b?c=d", f"amqp://b?password={_SECRETS[3]}")
    for value in urls if name.endswith("_URL") else ("", " ", f" {_SECRETS[0]}\n", f"{_SECRETS[0]}\0", *urls):
        try:
            Settings.from_env({name: value})
        except SettingsError as exc:
            _check(f"{exc} {exc!r} {''.join(traceback.format_exception(exc.__cause__))}")
