"""Where the time of a linked article goes: its stages, one after the other, called as `streams.linking.enrich` does.

A compiled linker cannot have timers laid around its functions, so each stage is called by itself on what the stage
before it made, and measured there. What the whole step takes beyond its stages is putting the mentions together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.antecedents import give_antecedents
from streams.linking.around import Around
from streams.linking.disambiguate import decide
from streams.linking.evidence import Evidence
from streams.linking.fold import fold
from streams.linking.junk import junk_spans
from streams.linking.language import detect_language
from streams.linking.names import find_names
from streams.linking.places import places_in
from streams.linking.readings import readings_of
from streams.linking.tag import tag
from streams.linking.text import Text
from streams.linking.unlinked import found_names, unlinked_names
from streams.linking.weights import default_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from streams.catalog.view import CatalogView
    from streams.events.article import RawArticle

__all__ = ["REST", "WITHIN", "stages_of"]

REST: Final = "mentions, entities, salience"
"""What the whole step does beyond its stages."""

WITHIN: Final = frozenset({"words", "fold", "junk", "antecedents"})
"""Stages that others contain: their time is not to be added to the others'."""


def stages_of(article: RawArticle, view: CatalogView, language: str) -> dict[str, Callable[[], Any]]:
    """Return a call by stage, each on what the stages before it made of ``article``.

    Args:
        article: To link.
        view: The catalogue.
        language: Primary language subtag of the article.
    """
    weights = default_weights()
    fields = (("title", article.title), ("body", article.body))

    def prepare() -> list[Text]:
        texts = [Text(field, source, language) for field, source in fields]
        for text in texts:
            text.places()
        return texts

    texts = prepare()
    folded = [text.folded.text for text in texts]
    spans = [span for text in texts for span in tag(text, view, language)]
    names = {text.field: find_names(text) for text in texts}

    def decided() -> Any:
        return decide(spans, texts, names, catalog=view, language=language, weights=weights, everything=False)

    decisions = decided()
    readings = readings_of(view, weights, language)
    arounds = [Around(text, order) for order, text in enumerate(texts)]
    return {
        "fold": lambda: [fold(source) for _, source in fields],
        "junk": lambda: [junk_spans(source) for _, source in fields],
        "texts: fold, junk, words": prepare,
        "language": lambda: detect_language(f"{article.title}\n{article.body[:1000]}"),
        "words": lambda: [places_in(body) for body in folded],
        "tag": lambda: [tag(text, view, language) for text in texts],
        "names": lambda: [find_names(text) for text in texts],
        "antecedents": lambda: give_antecedents(decisions, arounds, language, readings, Evidence(arounds)),
        "decide": decided,
        "unlinked": lambda: found_names(unlinked_names(texts, names, decisions)),
    }
