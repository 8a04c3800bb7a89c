from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from streams.events.drafts import candidate_of, entity_of, mention_of, unlinked_of
from streams.events.enriched import Candidate, LinkedEntity, Mention
from streams.events.unlinked import UnlinkedName

_MADE = [
    (candidate_of("Q1", 0.5), Candidate("Q1", 0.5)),
    (
        mention_of("body", 1, 3, "ab", "other", None, 0.25, (candidate_of("Q1", 0.5),)),
        Mention("body", 1, 3, "ab", "other", None, 0.25, (Candidate("Q1", 0.5),)),
    ),
    (
        entity_of("Q1", "place", "Arden", 0.5, 2, {"isni": "1"}, {"en": "Arden"}),
        LinkedEntity("Q1", "place", "Arden", 0.5, 2, {"isni": "1"}, {"en": "Arden"}),
    ),
    (
        unlinked_of("arden", "Arden", "place", "en", "a", "body", 1, 6, 2, "an Arden", "2026-01-31T09:30:00Z"),
        UnlinkedName("arden", "Arden", "place", "en", "a", "body", 1, 6, 2, "an Arden", "2026-01-31T09:30:00Z"),
    ),
]


@pytest.mark.parametrize(("made", "value"), _MADE)
def test_what_is_made_quickly_is_the_value_itself(made: object, value: object) -> None:
    assert type(made) is type(value)
    assert made == value
    assert repr(made) == repr(value)
    assert replace(made) == value


@pytest.mark.parametrize("made", [made for made, _ in _MADE])
def test_it_is_frozen(made: object) -> None:
    with pytest.raises(FrozenInstanceError):
        made.type = "person"
