"""Where the time of a linked article goes: its stages, one after the other, called as `streams.linking.enrich` does.

A compiled linker cannot have timers laid around its functions, so the stages are called from here, each on what the
stage before it made. They are called in turn and not each by itself again and again: then each would find in the
processor's cache what it left there, and the whole step would seem to take much more than its stages.
"""

from __future__ import annotations

import gc
import time
from statistics import median
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
    from streams.linking.features import Decision
    from streams.linking.names import Names
    from streams.linking.span import Span

__all__ = ["REST", "Stages"]

REST: Final = "mentions, entities, salience"
"""What the whole step does beyond its stages."""


class Stages:
    """The stages of linking one article.

    Args:
        article: To link.
        view: The catalogue.
        language: Primary language subtag of the article.

    Attributes:
        decisions: What was decided in the last round.
    """

    def __init__(self, article: RawArticle, view: CatalogView, language: str) -> None:
        self._article = article
        self._view = view
        self._language = language
        self._weights = default_weights()
        self._fields = (("title", article.title), ("body", article.body))
        self._texts: list[Text] = []
        self._spans: list[Span] = []
        self._names: dict[str, Names] = {}
        self.decisions: list[Decision] = []
        self._round: dict[str, Callable[[], object]] = {
            "texts: fold, junk": self._prepare,
            "language": self._detect,
            "words, tag": self._tag,
            "names": self._find_names,
            "decide": self._decide,
            "unlinked": self._unlinked,
        }
        if article.language is not None:
            del self._round["language"]

    def run(self) -> dict[str, int]:
        """Go through all stages once; return the nanoseconds of processor of each."""
        took = {}
        for stage, call in self._round.items():
            began = time.thread_time_ns()
            call()
            took[stage] = time.thread_time_ns() - began
        return took

    def measure(self, rounds: int) -> dict[str, float]:
        """Go through all stages so many times; return the median microseconds of each."""
        gc.collect()
        runs = [self.run() for _ in range(rounds)]
        return {stage: median(run[stage] for run in runs) / 1e3 for stage in self._round}

    def within(self) -> dict[str, Callable[[], Any]]:
        """Return a call by what stages contain, on what the last round made; by themselves they are faster."""
        folded = [text.folded.text for text in self._texts]
        arounds = [Around(text, order) for order, text in enumerate(self._texts)]
        readings = readings_of(self._view, self._weights, self._language)
        return {
            "fold": lambda: [fold(source) for _, source in self._fields],
            "junk": lambda: [junk_spans(source) for _, source in self._fields],
            "words": lambda: [places_in(body) for body in folded],
            "antecedents": lambda: give_antecedents(
                self.decisions, arounds, self._language, readings, Evidence(arounds)
            ),
        }

    def _prepare(self) -> None:
        self._texts = [Text(field, source, self._language) for field, source in self._fields]

    def _detect(self) -> None:
        detect_language(f"{self._article.title}\n{self._article.body[:1000]}")

    def _tag(self) -> None:
        self._spans = [span for text in self._texts for span in tag(text, self._view, self._language)]

    def _find_names(self) -> None:
        self._names = {text.field: find_names(text) for text in self._texts}

    def _decide(self) -> None:
        self.decisions = decide(
            self._spans,
            self._texts,
            self._names,
            catalog=self._view,
            language=self._language,
            weights=self._weights,
            everything=False,
        )

    def _unlinked(self) -> None:
        found_names(unlinked_names(self._texts, self._names, self.decisions))
