from __future__ import annotations

import json
from typing import TYPE_CHECKING

from streams.settings import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


def test_every_variable_is_listed_and_secrets_are_masked(wasl: Callable[..., Result]) -> None:
    result = wasl("settings", env={"WASL_KAFKA_SASL_PASSWORD": "hush", "WASL_TOPIC_RAW": "news"})
    assert result.exit_code == 0
    for variable, *_ in VARIABLES:
        assert variable in result.stdout
    assert "hush" not in result.output
    assert " news " in result.stdout


def test_json_for_programs(wasl: Callable[..., Result]) -> None:
    rows = {row["variable"]: row["value"] for row in json.loads(wasl("settings", "--format", "json").stdout)}
    assert rows["WASL_TOPIC_ENRICHED"] == "articles.enriched"
    assert len(rows) == len(VARIABLES)


def test_a_value_that_breaks_its_rule_is_an_error(wasl: Callable[..., Result]) -> None:
    result = wasl("settings", env={"WASL_BATCH_SIZE": "many"})
    assert result.exit_code == 1
    assert result.stderr.startswith("error: WASL_BATCH_SIZE='many' is not allowed")
