from __future__ import annotations

import pytest

from streams.errors import SettingsError
from streams.settings import MonitorSettings
from streams.web.guard import HEADERS, check_bind, is_known_host, is_own_origin, is_token, known_names

_NAMES = known_names(MonitorSettings(names=" Wasl.Example. , other.example "))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("localhost:6067", True),
        ("LOCALHOST", True),
        ("127.0.0.1:6067", True),
        ("192.0.2.7", True),
        ("[::1]:6067", True),
        ("wasl.example", True),
        ("wasl.example.:443", True),
        ("evil.example", False),
        ("evil.example:6067", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("127.0.0.1:1:2", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_and_known_names_are_answered_to(header, expected):
    assert is_known_host(header, _NAMES) is expected


@pytest.mark.parametrize(
    ("origin", "site", "expected"),
    [
        (None, None, True),
        (None, "none", True),
        ("http://127.0.0.1:6067", "same-origin", True),
        ("https://127.0.0.1:6067", None, True),
        ("http://127.0.0.1:9999", "same-site", False),
        ("http://127.0.0.1:9999", None, False),
        ("http://evil.example", "cross-site", False),
        (None, "cross-site", False),
        ("null", None, False),
        ("file://127.0.0.1:6067", None, False),
    ],
)
def test_another_site_is_told_from_the_page(origin, site, expected):
    assert is_own_origin(origin, site, "127.0.0.1:6067") is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Bearer 0123456789abcdef", True),
        ("bearer 0123456789abcdef", True),
        ("Bearer  0123456789abcdef ", True),
        ("Bearer 0123456789abcdeF", False),
        ("Bearer 0123456789abcde", False),
        ("Bearer ", False),
        ("Basic 0123456789abcdef", False),
        ("0123456789abcdef", False),
        ("Bearer مفتاح", False),
        ("Bearer \udcff", False),
        (None, False),
    ],
)
def test_the_token_and_nothing_else_is_taken(header, expected):
    assert is_token(header, "0123456789abcdef") is expected


def test_without_a_token_nothing_is_one():
    assert not is_token("Bearer ", "")
    assert not is_token("Bearer x", "")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "wasl.example"])
def test_the_page_does_not_leave_the_machine_without_a_token(host):
    with pytest.raises(SettingsError, match="without a token") as refusal:
        check_bind(MonitorSettings(host=host), allow_open=False)
    assert "WASL_MONITOR_TOKEN" in refusal.value.remedy
    check_bind(MonitorSettings(host=host, token="0123456789abcdef"), allow_open=False)
    check_bind(MonitorSettings(host=host), allow_open=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_on_this_machine_it_needs_none(host):
    check_bind(MonitorSettings(host=host), allow_open=False)


def test_the_policy_lets_nothing_in_line_run():
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
