from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.linking.boundary import CLITIC_BITS
from streams.linking.fold import fold_text
from streams.linking.index import LETTERS, Index
from streams.linking.places import places_in

TEXTS = st.text(st.sampled_from("abc ,-'والكتسرم東カナ한"), max_size=60)


@given(TEXTS, st.data())
def test_all_places_are_found_where_a_form_stands_and_a_name_may_start(text: str, data: st.DataObject) -> None:
    body = fold_text(text)
    names = places_in(body).names
    index = Index(body, names)
    starts = [name >> CLITIC_BITS for name in names]
    drawn = data.draw(st.integers(0, max(0, len(body) - LETTERS)))
    for form in (body[drawn : drawn + LETTERS], body[drawn : drawn + 7], "abc", "xyz"):
        if len(form) >= LETTERS:
            assert index.starts_of(form) == [start for start in starts if body.startswith(form, start)]


def test_the_last_letters_of_a_text_are_no_form() -> None:
    body = "abc ab"
    assert Index(body, places_in(body).names).starts_of("abc") == [0]
