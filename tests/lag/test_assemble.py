"""The watcher as the settings have it."""

from __future__ import annotations

import dataclasses

import pytest

from streams.errors import SettingsError
from streams.lag.assemble import lag_rules, open_watcher
from streams.lag.compute import LagRules
from streams.settings import LagSettings, Settings


def test_the_defaults_of_settings_and_rules_agree():
    assert lag_rules(LagSettings()) == LagRules()


def test_each_rule_comes_from_its_setting():
    names = [field.name for field in dataclasses.fields(LagRules)]
    settings = dataclasses.replace(LagSettings(), **{name: float(at) for at, name in enumerate(names, start=1)})
    assert lag_rules(settings) == LagRules(*(float(at) for at in range(1, len(names) + 1)))


@pytest.mark.parametrize("given", [{"groups": [""]}, {"topics": ["a,,b"]}])
def test_an_empty_pattern_is_refused_before_anything_is_connected(given):
    with pytest.raises(SettingsError, match="empty part"):
        open_watcher(Settings(), **given)
