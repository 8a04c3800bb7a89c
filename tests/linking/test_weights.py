from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.linking.weights import (
    CANDIDATE_CONTEXT,
    CANDIDATE_FEATURES,
    CANDIDATE_FREE,
    LINK_FEATURES,
    MARGIN_FEATURES,
    SPAN_CONTEXT,
    SPAN_FEATURES,
    SPAN_FREE,
    calibrate,
    default_weights,
    parse_weights,
)

_DOCUMENT = json.loads(files("streams.linking").joinpath("weights.json").read_bytes())


def test_every_feature_has_one_name() -> None:
    assert len(set(LINK_FEATURES)) == len(LINK_FEATURES)
    assert len(set(CANDIDATE_FEATURES)) == len(CANDIDATE_FEATURES)
    assert CANDIDATE_FEATURES == CANDIDATE_FREE + CANDIDATE_CONTEXT
    assert SPAN_FEATURES == SPAN_FREE + SPAN_CONTEXT
    assert (*SPAN_FEATURES, *(f"best_{name}" for name in CANDIDATE_FEATURES), *MARGIN_FEATURES) == LINK_FEATURES


def test_the_file_names_each_feature_once_and_no_other() -> None:
    assert set(_DOCUMENT["rank"]) == set(CANDIDATE_FEATURES)
    assert set(_DOCUMENT["link"]) == set(LINK_FEATURES)
    pairs = json.loads(
        files("streams.linking").joinpath("weights.json").read_bytes(), object_pairs_hook=lambda pairs: pairs
    )
    for name, value in pairs:
        if name in {"rank", "link"}:
            assert len({feature for feature, _ in value}) == len(value)


def test_the_shipped_weights_are_the_files() -> None:
    weights = default_weights()
    assert weights is default_weights()
    assert weights.version == str(_DOCUMENT["version"])
    assert dict(zip(CANDIDATE_FEATURES, weights.rank, strict=True)) == _DOCUMENT["rank"]
    assert dict(zip(LINK_FEATURES, weights.link, strict=True)) == _DOCUMENT["link"]
    assert 0.0 < weights.threshold < 1.0


def test_weights_are_read_by_name_whatever_their_order() -> None:
    document = {
        "version": 7,
        "threshold": 0.5,
        "rank": dict(reversed([(name, float(at)) for at, name in enumerate(CANDIDATE_FEATURES)])),
        "link": {"margin": 2, "bias": -1},
    }
    weights = parse_weights({**_DOCUMENT, **document})
    assert weights.version == "7"
    assert weights.rank == tuple(map(float, range(len(CANDIDATE_FEATURES))))
    assert weights.link[LINK_FEATURES.index("bias")] == -1.0
    assert weights.link[LINK_FEATURES.index("margin")] == 2.0
    assert sum(map(abs, weights.link)) == 3.0


_points = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=6).map(
    lambda pairs: list(zip(sorted(raw for raw, _ in pairs), sorted(level for _, level in pairs), strict=True))
)


@given(_points, st.floats(0, 1), st.floats(0, 1))
def test_calibration_never_turns_the_order_round(table: list[tuple[float, float]], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert -1e-12 <= calibrate(low, table) <= calibrate(high, table) + 1e-12 <= 1.0 + 2e-12


@pytest.mark.parametrize(("raw", "calibrated"), [(0.0, 0.0), (0.25, 0.2), (0.5, 0.4), (0.75, 0.6), (1.0, 0.8)])
def test_calibration_is_linear_between_points(raw: float, calibrated: float) -> None:
    assert calibrate(raw, [(0.5, 0.4), (1.0, 0.8)]) == pytest.approx(calibrated)
    assert calibrate(raw, []) == raw


def test_nothing_is_surer_than_the_surest_that_was_measured() -> None:
    assert calibrate(0.99, [(0.5, 0.4), (0.9, 0.8)]) == 0.8
