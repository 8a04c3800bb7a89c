"""What ``wasl link`` shows to people, and to programs that want everything."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson

from streams.cli.articles import located, read_document
from streams.cli.render import Style, isolated, mark, printable
from streams.cli.tally import entity_table, tally_entities, tally_unlinked, unlinked_table
from streams.linking.enrich import explain_article, link_article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.view import CatalogView
    from streams.cli.articles import Located
    from streams.events.article import RawArticle
    from streams.linking.links import Explanation, Links

__all__ = ["LinkedArticle", "as_json", "as_table", "as_text", "link_all"]


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """One article with what linking found.

    Attributes:
        shown_id: Its id as it is written in the file.
        article: The article.
        links: What linking found.
        explanations: Why, name by name; empty unless asked for.
    """

    shown_id: str | int
    article: RawArticle
    links: Links
    explanations: tuple[Explanation, ...]


def link_all(items: Iterable[Located], view: CatalogView, *, explain: bool) -> Iterator[LinkedArticle]:
    """Link one article after the other.

    Args:
        items: The articles.
        view: The catalogue.
        explain: Whether to ask why.

    Raises:
        InputError: An article breaks a rule.
    """
    for item in items:
        shown_id, article = read_document(item)
        with located(item.where):
            links = link_article(article, view)
            explanations = explain_article(article, view) if explain else ()
        yield LinkedArticle(shown_id, article, links, explanations)


def as_json(reports: Iterable[LinkedArticle]) -> bytes:
    """Write everything as one JSON list."""
    return orjson.dumps(
        [_document(report) for report in reports], option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def as_table(reports: Iterable[LinkedArticle]) -> str:
    """Lay out the entities of all articles, then the unlinked names; with reasons, where there are any."""
    everything = list(reports)
    parts = [
        entity_table(tally_entities(report.links.entities for report in everything), title="Entities"),
        unlinked_table(tally_unlinked(report.links.mentions for report in everything), title="\nUnlinked names"),
    ]
    parts.extend(f"\n{_reasons(report)}" for report in everything if len(report.explanations) > 0)
    return "".join(parts)


def as_text(report: LinkedArticle, *, colour: bool) -> str:
    """Write one article with its mentions marked, then the reasons, where there are any."""
    style = Style(colour=colour)
    fields = (("title", report.article.title), ("body", report.article.body))
    marked = [
        mark(text, [mention for mention in report.links.mentions if mention.field == field], style)
        for field, text in fields
        if text != ""
    ]
    text = "\n\n".join(part.rstrip("\n") for part in marked)
    reasons = _reasons(report)
    return f"{text}\n\n{reasons}\n" if reasons != "" else f"{text}\n\n"


def _document(report: LinkedArticle) -> dict[str, Any]:
    links = report.links
    document = {
        "id": report.shown_id,
        "language": asdict(links.language),
        "mentions": [asdict(mention) for mention in links.mentions],
        "entities": [asdict(entity) for entity in links.entities],
        "unlinked": [asdict(name) for name in links.unlinked],
    }
    if len(report.explanations) > 0:
        document["explanations"] = [asdict(explanation) for explanation in report.explanations]
    return document


def _reasons(report: LinkedArticle) -> str:
    lines = []
    for why in report.explanations:
        target = "unlinked" if why.entity_id is None else why.entity_id
        lines.append(
            f"{why.field}[{why.start}:{why.end}] {isolated(why.surface)} → {target}"
            f"  {why.confidence:.3f}  {printable(why.reason)}"
        )
        lines.extend(
            f"    {candidate.probability:.3f}  {candidate.entity_id}  {isolated(candidate.name)}"
            f"  score {candidate.score:.3f}: {_contributions(candidate.features)}"
            for candidate in why.candidates
        )
        if len(why.evidence) > 0:
            lines.append(f"    for the first: {_contributions(why.evidence)}")
    return "".join(f"{line}\n" for line in lines)


def _contributions(features: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:+.3f}" for name, value in features.items())
