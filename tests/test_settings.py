from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from streams.errors import SettingsError
from streams.settings import (
    VARIABLES,
    CatalogSettings,
    KafkaSettings,
    LagSettings,
    MonitorSettings,
    RedisSettings,
    Settings,
    TopicSettings,
    WorkerSettings,
)

# variable: where it goes, its default, a text that is taken, and the value that the text gives
_TAKEN: dict[str, tuple[str, Any, str, Any]] = {
    "WASL_KAFKA_BOOTSTRAP": ("kafka.bootstrap_servers", "localhost:9092", " a:9092,b:9092 ", "a:9092,b:9092"),
    "WASL_KAFKA_SECURITY_PROTOCOL": ("kafka.security_protocol", "PLAINTEXT", "sasl_ssl", "SASL_SSL"),
    "WASL_KAFKA_SASL_MECHANISM": ("kafka.sasl_mechanism", "SCRAM-SHA-512", "PLAIN", "PLAIN"),
    "WASL_KAFKA_SASL_USERNAME": ("kafka.sasl_username", "", "wasl", "wasl"),
    "WASL_KAFKA_SASL_PASSWORD": ("kafka.sasl_password", "", "hunter2", "hunter2"),
    "WASL_KAFKA_SSL_CAFILE": ("kafka.ssl_cafile", "", "/etc/ca.pem", "/etc/ca.pem"),
    "WASL_KAFKA_SSL_CERTFILE": ("kafka.ssl_certfile", "", "/etc/me.pem", "/etc/me.pem"),
    "WASL_KAFKA_SSL_KEYFILE": ("kafka.ssl_keyfile", "", "/etc/me.key", "/etc/me.key"),
    "WASL_KAFKA_SSL_KEY_PASSWORD": ("kafka.ssl_key_password", "", "hunter3", "hunter3"),
    "WASL_TOPIC_RAW": ("kafka.topics.raw", "articles.raw", "in", "in"),
    "WASL_TOPIC_ENRICHED": ("kafka.topics.enriched", "articles.enriched", "out", "out"),
    "WASL_TOPIC_DEAD": ("kafka.topics.dead", "articles.dead", "dead", "dead"),
    "WASL_TOPIC_UNLINKED": ("kafka.topics.unlinked", "entities.unlinked", "names", "names"),
    "WASL_REDIS_URL": ("redis.url", "redis://localhost:6379/0", "rediss://r:1/2", "rediss://r:1/2"),
    "WASL_REDIS_PREFIX": ("redis.prefix", "wasl", "news", "news"),
    "WASL_CATALOG_AUTHOR": ("catalog.author", "", "ann", "ann"),
    "WASL_CATALOG_KEEP": ("catalog.keep", 2, "5", 5),
    "WASL_GROUP": ("worker.group", "wasl-linker", "g", "g"),
    "WASL_BATCH_SIZE": ("worker.batch_size", 512, "10", 10),
    "WASL_BATCH_WITHIN": ("worker.batch_within", 0.001, "0.5", 0.5),
    "WASL_BATCH_BYTES": ("worker.batch_bytes", 8_388_608, "65536", 65_536),
    "WASL_MAX_RECORD_BYTES": ("worker.max_record_bytes", 1_000_000, "5000", 5_000),
    "WASL_COMPRESSION": ("worker.compression", "none", "ZSTD", "zstd"),
    "WASL_DELIVER_TIMEOUT": ("worker.deliver_timeout", 20.0, "5", 5.0),
    "WASL_SESSION_TIMEOUT": ("worker.session_timeout", 30.0, "6", 6.0),
    "WASL_STALL_AFTER": ("worker.stall_after", 120.0, "10.5", 10.5),
    "WASL_HTTP_HOST": ("worker.http_host", "127.0.0.1", "0.0.0.0", "0.0.0.0"),
    "WASL_HTTP_PORT": ("worker.http_port", 6066, "0", 0),
    "WASL_DATA_DIR": ("worker.data_dir", Path(".wasl"), "/var/lib/wasl", Path("/var/lib/wasl")),
    "WASL_MONITOR_HOST": ("monitor.host", "127.0.0.1", "0.0.0.0", "0.0.0.0"),
    "WASL_MONITOR_PORT": ("monitor.port", 6067, "0", 0),
    "WASL_MONITOR_TOKEN": ("monitor.token", "", "0123456789abcdef", "0123456789abcdef"),
    "WASL_MONITOR_NAMES": ("monitor.names", "", "wasl.example", "wasl.example"),
    "WASL_MONITOR_WORKERS": ("monitor.workers", "", "127.0.0.1:6066", "127.0.0.1:6066"),
    "WASL_MONITOR_MAX_TEXT": ("monitor.max_text", 20_000, "500", 500),
    "WASL_LAG_GROUPS": ("lag.groups", "*", "wasl-*,!*-test", "wasl-*,!*-test"),
    "WASL_LAG_TOPICS": ("lag.topics", "!__*", "articles.*", "articles.*"),
    "WASL_LAG_CLUSTER": ("lag.cluster", "wasl", "news", "news"),
    "WASL_LAG_INTERVAL": ("lag.interval", 15.0, "0.5", 0.5),
    "WASL_LAG_STALL_AFTER": ("lag.stall_after", 120.0, "60", 60.0),
    "WASL_LAG_WARN_AFTER": ("lag.warn_after", 300.0, "60", 60.0),
    "WASL_LAG_WARN_SECONDS": ("lag.warn_seconds", 300.0, "60", 60.0),
    "WASL_LAG_REWOUND_FOR": ("lag.rewound_for", 600.0, "60", 60.0),
    "WASL_LAG_RATE_WINDOW": ("lag.rate_window", 60.0, "30", 30.0),
    "WASL_PROCESSES": ("worker.processes", 0, "4", 4),
    "WASL_TRACING": ("worker.tracing", "off", "OTLP", "otlp"),
    "WASL_LOG_LEVEL": ("log_level", "INFO", "debug", "DEBUG"),
}

_WHOLE = "a whole number from {} to {} is asked for"
_SECONDS = "seconds from {} to {} are asked for"
# (variable, a text that is refused, the rule that the message names)
_REFUSED = [
    *((variable, text, "it must not be empty") for variable in _TAKEN for text in ("", "  ")),
    ("WASL_KAFKA_SECURITY_PROTOCOL", "TLS", "one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL is asked for"),
    *(("WASL_PROCESSES", text, _WHOLE.format(0, 256)) for text in ("-1", "257", "all")),
    *(
        (
            "WASL_KAFKA_BOOTSTRAP",
            text,
            "hosts with ports from 1 to 65535, such as kafka-1:9092,kafka-2:9092, are asked for",
        )
        for text in (
            "localhost:abc",
            "a:0",
            "a:65536",
            "a:1,",
            ",a:1",
            "a:1;b:2",
            "a:",
            ":1",
            "a b:1",
            "[::1]x",
            "a:1:2",
        )
    ),
    ("WASL_TRACING", "on", "one of OFF, OTLP is asked for"),
    ("WASL_LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING, ERROR is asked for"),
    ("WASL_COMPRESSION", "brotli", "one of NONE, GZIP, SNAPPY, LZ4, ZSTD is asked for"),
    ("WASL_REDIS_URL", "localhost:6379", "a URL that starts with redis://, rediss:// or unix:// is asked for"),
    ("WASL_REDIS_URL", "http://localhost", "a URL that starts with redis://, rediss:// or unix:// is asked for"),
    *(("WASL_BATCH_SIZE", text, _WHOLE.format(1, 10_000)) for text in ("0", "10001", "-1", "1.5", "many", "1e3")),
    *(("WASL_MAX_RECORD_BYTES", text, _WHOLE.format(1_000, 50_000_000)) for text in ("999", "50000001", "1MB")),
    *(("WASL_CATALOG_KEEP", text, _WHOLE.format(1, 100)) for text in ("0", "101", "all")),
    *(("WASL_MONITOR_MAX_TEXT", text, _WHOLE.format(100, 200_000)) for text in ("99", "200001", "long")),
    *(("WASL_MONITOR_PORT", text, _WHOLE.format(0, 65_535)) for text in ("-1", "65536", "http")),
    *(("WASL_HTTP_PORT", text, _WHOLE.format(0, 65_535)) for text in ("-1", "65536", "http")),
    *(("WASL_BATCH_BYTES", text, _WHOLE.format(65_536, 1_073_741_824)) for text in ("65535", "8M", "1.5")),
    *(("WASL_BATCH_WITHIN", text, _SECONDS.format(0, 10)) for text in ("-1", "10.1", "50ms", "nan")),
    *(("WASL_DELIVER_TIMEOUT", text, _SECONDS.format(1, 600)) for text in ("0.9", "601", "inf")),
    *(("WASL_SESSION_TIMEOUT", text, _SECONDS.format(3, 600)) for text in ("2.9", "600.1", "1m")),
    *(("WASL_LAG_INTERVAL", text, _SECONDS.format(0.1, 3600)) for text in ("0", "3601", "often")),
    *(
        (f"WASL_LAG_{name}", text, _SECONDS.format(1, 86400))
        for name in ("STALL_AFTER", "WARN_AFTER", "WARN_SECONDS", "REWOUND_FOR", "RATE_WINDOW")
        for text in ("0.5", "86401", "nan")
    ),
    *(("WASL_STALL_AFTER", text, _SECONDS.format(5, 3600)) for text in ("4", "3601", "-inf")),
]
# These have a rule of their own that an empty text breaks, or take an empty text.
_NOT_TEXT = {
    "WASL_KAFKA_SECURITY_PROTOCOL",
    "WASL_LOG_LEVEL",
    "WASL_COMPRESSION",
    "WASL_REDIS_URL",
    "WASL_DATA_DIR",
    "WASL_TRACING",
    "WASL_MONITOR_TOKEN",
} | {variable for variable, (_, default, *_rest) in _TAKEN.items() if isinstance(default, (int, float))}
_REFUSALS = [row for row in _REFUSED if not (row[2] == "it must not be empty" and row[0] in _NOT_TEXT)]


def _get(settings: Settings, path: str) -> Any:
    value: Any = settings
    for name in path.split("."):
        value = getattr(value, name)
    return value


def test_every_variable_is_tested() -> None:
    assert {variable for variable, *_ in VARIABLES} == set(_TAKEN), "give the new variable a row in this file"
    assert {row[0] for row in _REFUSALS} == set(_TAKEN) - {"WASL_DATA_DIR", "WASL_MONITOR_TOKEN"}


def test_every_field_has_a_variable() -> None:
    groups = (("kafka", KafkaSettings), ("kafka.topics", TopicSettings), ("redis", RedisSettings))
    paths = {f"{group}.{field.name}" for group, kind in groups for field in dataclasses.fields(kind)}
    paths |= {f"worker.{field.name}" for field in dataclasses.fields(WorkerSettings)} | {"log_level"}
    paths |= {f"catalog.{field.name}" for field in dataclasses.fields(CatalogSettings)}
    paths |= {f"lag.{field.name}" for field in dataclasses.fields(LagSettings)}
    paths |= {f"monitor.{field.name}" for field in dataclasses.fields(MonitorSettings)}
    assert paths - {"kafka.topics"} == {path for path, *_ in _TAKEN.values()}


@pytest.mark.parametrize("variable", _TAKEN)
def test_default_and_value_given(variable: str) -> None:
    path, default, text, expected = _TAKEN[variable]
    assert _get(Settings.from_env({}), path) == default
    found = _get(Settings.from_env({variable: text}), path)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("variable", _TAKEN)
def test_a_variable_changes_its_own_setting_alone(variable: str) -> None:
    own, _, text, _ = _TAKEN[variable]
    settings = Settings.from_env({variable: text, "PATH": "/bin"})
    for path, default, *_ in _TAKEN.values():
        if path != own:
            assert _get(settings, path) == default


def test_without_variables_the_settings_are_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_the_environment_of_the_process_is_read_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in _TAKEN:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("WASL_GROUP", "from-the-process")
    assert Settings.from_env().worker.group == "from-the-process"


@pytest.mark.parametrize(("variable", "text", "rule"), _REFUSALS)
def test_a_wrong_value_is_refused_with_its_rule(variable: str, text: str, rule: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env({variable: text})
    assert refusal.value.message == f"{variable}={text!r} is not allowed: {rule}."
    assert refusal.value.remedy != ""
    assert isinstance(refusal.value.__cause__, ValueError)


@pytest.mark.parametrize("variable", sorted(_TAKEN.keys() & (_NOT_TEXT - {"WASL_DATA_DIR"})))
def test_an_empty_text_is_no_value(variable: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable}='' is not allowed"):
        Settings.from_env({variable: ""})


@pytest.mark.parametrize(
    "text", ["short", "0123456789abcde", "with a space in the middle", "مفتاح-طويل-بما-يكفي", "x" * 257]
)
def test_a_weak_token_is_refused_and_never_shown(text: str) -> None:
    with pytest.raises(SettingsError, match="16 to 256 letters") as refusal:
        Settings.from_env({"WASL_MONITOR_TOKEN": text})
    assert text not in str(refusal.value)
    taken = Settings.from_env({"WASL_MONITOR_TOKEN": "0123456789abcdef"})
    assert "0123456789abcdef" not in repr(taken)
    assert ("WASL_MONITOR_TOKEN", "***") in [row[:2] for row in taken.describe()]


def test_a_misspelt_variable_is_named() -> None:
    with pytest.raises(SettingsError, match="WASL_TOPIC_RAWS is not a setting") as refusal:
        Settings.from_env({"WASL_TOPIC_RAWS": "x", "WASL_ZZZ": "y"})
    assert "wasl settings" in refusal.value.remedy


@pytest.mark.parametrize("variable", ["WASL_HOME", "WASL_MAVEN_URL", "WASL_REQUIRE_APACHE"])
def test_variables_of_the_embedded_servers_are_known(variable: str) -> None:
    assert Settings.from_env({variable: "x"}) == Settings()


_SECRET = "s3cr3t-value"
_SECRETS = {
    "WASL_KAFKA_SASL_PASSWORD": _SECRET,
    "WASL_REDIS_URL": f"rediss://user:{_SECRET}@redis.example:6380/1",
}


def test_secrets_are_in_no_repr() -> None:
    settings = Settings.from_env(_SECRETS)
    assert settings.kafka.sasl_password == _SECRET
    assert _SECRET in settings.redis.url
    for shown in (repr(settings), str(settings), repr(settings.kafka), repr(settings.redis), f"{settings!r:>1}"):
        assert _SECRET not in shown
    assert "rediss://user:***@redis.example:6380/1" in repr(settings)


def test_secrets_are_masked_where_settings_are_shown() -> None:
    rows = {variable: value for variable, value, _ in Settings.from_env(_SECRETS).describe()}
    assert rows["WASL_KAFKA_SASL_PASSWORD"] == "***"
    assert rows["WASL_REDIS_URL"] == "rediss://user:***@redis.example:6380/1"
    assert not any(_SECRET in value for value in rows.values())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("redis://:pw@h:1", "redis://:***@h:1"),
        ("redis://u@h:1", "redis://u@h:1"),
        ("redis://u:p%40w@[::1]:1/0", "redis://u:***@[::1]:1/0"),
        ("unix:///run/redis.sock?db=1", "unix:///run/redis.sock?db=1"),
    ],
)
def test_only_the_password_of_a_url_is_masked(url: str, shown: str) -> None:
    assert repr(RedisSettings(url=url)) == f"RedisSettings(url={shown!r}, prefix='wasl')"


def test_settings_are_described_in_order_with_their_meaning() -> None:
    rows = Settings.from_env({"WASL_BATCH_SIZE": "7"}).describe()
    assert [variable for variable, *_ in rows] == [variable for variable, *_ in VARIABLES]
    assert {variable: value for variable, value, _ in rows}["WASL_BATCH_SIZE"] == "7"
    assert {variable: value for variable, value, _ in rows}["WASL_KAFKA_SASL_PASSWORD"] == ""
    assert all(len(meaning) > 4 and not meaning.endswith(".") for *_, meaning in rows)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().log_level = "DEBUG"  # type: ignore[misc]


@pytest.mark.parametrize(
    "url",
    [
        "http://user:hush@host:1/0",
        "http://:hush@host",
        "unix2:///redis.sock?db=1&password=hush",
        "ftp://user:hush@ho:st@x",
    ],
)
def test_a_refused_redis_url_shows_no_password(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"WASL_REDIS_URL": url})
    assert "hush" not in str(caught.value)


def test_a_socket_url_shows_no_password() -> None:
    settings = Settings.from_env({"WASL_REDIS_URL": "unix:///redis.sock?password=hush&db=1"})
    assert "hush" not in repr(settings)
    assert settings.redis.url.endswith("password=hush&db=1")
    assert not any("hush" in value for _, value, _ in settings.describe())


def test_a_password_is_taken_as_it_is() -> None:
    settings = Settings.from_env({"WASL_KAFKA_SASL_PASSWORD": " with spaces "})
    assert settings.kafka.sasl_password == " with spaces "


def test_an_empty_data_folder_is_refused() -> None:
    with pytest.raises(SettingsError, match="WASL_DATA_DIR"):
        Settings.from_env({"WASL_DATA_DIR": " "})


@pytest.mark.parametrize(
    "text", ["a", "a:1", "a:1, b:65535", "[::1]:9092", "[::1]", "SASL_SSL://kafka-1.example:9092", "مثال:1"]
)
def test_brokers_are_taken_as_the_libraries_take_them(text: str) -> None:
    assert Settings.from_env({"WASL_KAFKA_BOOTSTRAP": text}).kafka.bootstrap_servers == text


@pytest.mark.parametrize(
    ("env", "said"),
    [
        (
            {"WASL_TOPIC_RAW": "articles.enriched"},
            "WASL_TOPIC_RAW and WASL_TOPIC_ENRICHED are both 'articles.enriched'",
        ),
        ({"WASL_TOPIC_DEAD": "x", "WASL_TOPIC_UNLINKED": "x"}, "WASL_TOPIC_DEAD and WASL_TOPIC_UNLINKED are both 'x'"),
    ],
)
def test_each_kind_of_record_has_a_topic_of_its_own(env: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(env)
    assert caught.value.message.startswith(said)
    assert caught.value.remedy != ""
    swapped = {"WASL_TOPIC_RAW": "articles.enriched", "WASL_TOPIC_ENRICHED": "articles.raw"}
    assert Settings.from_env(swapped).kafka.topics.variables["articles.raw"] == "WASL_TOPIC_ENRICHED"
