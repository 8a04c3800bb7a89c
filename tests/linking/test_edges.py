from __future__ import annotations

from streams.linking.edges import Edges
from streams.linking.span import Span
from streams.linking.text import Text


def test_only_what_is_longer_than_all_that_share_an_edge_exceeds_them() -> None:
    text = Text("body", "x" * 600, "en")
    edges = Edges(
        600, [Span(text, 10, 20, form=0, clitic=2, ending=1), Span(text, 100, 500, form=1, clitic=0, ending=0)]
    )
    assert [edges.exceeds(8, high) for high in (20, 21, 22)] == [False, False, True]
    assert [edges.exceeds(10, high) for high in (21, 22)] == [False, True]
    assert [edges.exceeds(low, 21) for low in (8, 7)] == [False, True]
    assert edges.exceeds(30, 31)
    # Beyond 255 letters nothing is told apart.
    assert not edges.exceeds(100, 600)
