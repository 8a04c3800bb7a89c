from __future__ import annotations

from streams.client.seen import Seen


def test_an_id_is_new_once() -> None:
    seen = Seen()
    assert [seen.add("a"), seen.add("b"), seen.add("a")] == [True, True, False]
    assert "a" in seen


def test_the_oldest_are_forgotten_and_those_seen_again_are_not_the_oldest() -> None:
    seen = Seen(most=2)
    for event_id in ("a", "b", "a", "c"):
        seen.add(event_id)
    assert ["a" in seen, "b" in seen, "c" in seen] == [True, False, True]
    assert len(seen) == 2
