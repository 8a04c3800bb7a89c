from __future__ import annotations

import pytest

from streams.linking import row
from streams.linking.weights import CANDIDATE_FREE, LINK_FEATURES, MARGIN_FEATURES, SPAN_FEATURES, SPAN_FREE

_PARTS = {
    "CONTEXT": len(SPAN_FREE),
    "BEST": len(SPAN_FEATURES),
    "BEST_CONTEXT": len(SPAN_FEATURES) + len(CANDIDATE_FREE),
    "MARGIN": len(LINK_FEATURES) - len(MARGIN_FEATURES),
    "ROW": len(LINK_FEATURES),
}


@pytest.mark.parametrize("name", row.__all__)
def test_numbers_are_the_places_of_the_names(name: str) -> None:
    assert getattr(row, name) == (_PARTS[name] if name in _PARTS else LINK_FEATURES.index(name.lower()))
