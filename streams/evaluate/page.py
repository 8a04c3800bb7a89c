"""The error report: one page that stands alone, with every text, its mentions and what became of them.

It loads nothing and runs nothing: filters are check boxes that style sheets read. Right, wrong and missed mentions
differ by symbol and by line as well as by colour. Texts come from strangers: they are escaped, controls are shown as
pictures, and every piece of them is isolated from the direction of what stands around it.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from streams.evaluate.errors import KINDS, RIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.evaluate.errors import Confusion, Outcome
    from streams.evaluate.gold import GoldDocument
    from streams.evaluate.report import SetReport
    from streams.evaluate.score import Counts

__all__ = ["SYMBOLS", "error_page"]

SYMBOLS: Final = dict(zip(KINDS, "✓✗∅+▽⊂?–", strict=True))
"""What stands after a mention, by kind of outcome."""
_LOOKS: Final = dict(
    zip(
        KINDS,
        (
            ("right", "solid"),
            ("wrong", "double"),
            ("wrong", "dashed"),
            ("extra", "dotted"),
            ("missed", "solid"),
            ("missed", "dashed"),
            ("missed", "dotted"),
            ("missed", "double"),
        ),
        strict=True,
    )
)
_CONFUSIONS: Final = 60
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
# Controls as their pictures; characters that no page may hold become the replacement character.
_SHOWN: Final = {code: chr(0x2400 + code) for code in range(0x20) if code not in {9, 10}} | {
    0x7F: "\u2421",
    0xFFFE: "\ufffd",
    0xFFFF: "\ufffd",
    **dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000)), "\ufffd"),
}


def error_page(reports: Sequence[SetReport], *, title: str, name_of: Callable[[str], str], diagram: str = "") -> str:
    """Write the page.

    Args:
        reports: The sets.
        title: Heading.
        name_of: Gives the name of an entity; the id itself where it is unknown.
        diagram: SVG to show, as `streams.evaluate.diagram` writes it; empty for none.
    """
    kinds = [kind for kind in KINDS if any(each.kind == kind for report in reports for each in report.outcomes)]
    style = files("streams.evaluate").joinpath("page.css").read_text(encoding="utf-8")
    return "".join(
        [
            (
                '<!doctype html><html lang="en"><head><meta charset="utf-8">'
                f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
                '<meta name="viewport" content="width=device-width">'
                f"<title>{_text(title)}</title><style>{style}{_filters()}</style></head><body><h1>{_text(title)}</h1>"
            ),
            _summary(reports),
            diagram,
            *(_boxes(kinds)),
            "<main>",
            *(part for report in reports for part in _set(report, name_of)),
            "</main></body></html>\n",
        ]
    )


def _filters() -> str:
    rules = []
    for kind in KINDS:
        colour, line = _LOOKS[kind]
        box, name = f"#f-{_slug(kind)}:checked~main ", _slug(kind)
        rules.append(
            f"{box}.has-{name}{{display:block}}"
            f"{box}.m.{name}{{border-bottom:3px {line} var(--{colour});background:var(--soft)}}"
            f"{box}.m.{name} sup{{color:var(--{colour})}}"
            f"body:not(:has(#f-{name}:checked)) .m.{name} sup,body:not(:has(#f-{name}:checked)) tr.{name}"
            "{display:none}"
        )
    return "".join(rules)


def _boxes(kinds: Sequence[str]) -> list[str]:
    """Return the check boxes, which stand before what they filter, and their labels."""
    boxes = [
        f'<input type="checkbox" id="f-{_slug(kind)}"{"" if kind == RIGHT and len(kinds) > 1 else " checked"}>'
        f'<label for="f-{_slug(kind)}">{SYMBOLS[kind]} {kind}</label>'
        for kind in kinds
    ]
    return ["<p>Show texts and mentions that are:</p>", *boxes]


def _summary(reports: Sequence[SetReport]) -> str:
    head = "<table><tr><th>set</th>" + "".join(
        f'<th class="n">{name}</th>'
        for name in ("texts", "precision", "recall", "F1", "right", "wrong", "missed", "found")
    )
    rows = [
        f"<tr><td>{_bdi(report.name)}</td><td class=n>{len(report.documents)}</td>{_cells(report.score.named)}"
        f"<td class=n>{report.score.found} of {report.score.marked}</td></tr>"
        for report in reports
    ]
    return f"{head}</tr>{''.join(rows)}</table>"


def _cells(counts: Counts) -> str:
    shares = "".join(f"<td class=n>{share:.3f}</td>" for share in (counts.precision, counts.recall, counts.f1))
    return shares + "".join(f"<td class=n>{count}</td>" for count in (counts.right, counts.wrong, counts.missed))


def _set(report: SetReport, name_of: Callable[[str], str]) -> list[str]:
    by_document: dict[str, list[Outcome]] = {}
    for each in report.outcomes:
        by_document.setdefault(each.document, []).append(each)
    parts = [f"<section><h2>{_bdi(report.name)}</h2>"]
    if len(report.confusions) > 0:
        parts.append("<details open><summary>The costliest errors</summary>")
        parts.append(_confusions(report.confusions[:_CONFUSIONS], name_of))
        parts.append("</details>")
    parts.extend(_document(document, by_document.get(document.id, []), name_of) for document in report.documents)
    parts.append("</section>")
    return parts


def _confusions(found: Iterable[Confusion], name_of: Callable[[str], str]) -> str:
    rows = [
        f'<tr class="{_slug(each.kind)}"><td class=n>{each.count}</td><td>{SYMBOLS[each.kind]} {each.kind}</td>'
        f"<td>{_bdi(each.surface)}</td><td>{_entity(each.gold, name_of)}</td><td>{_entity(each.found, name_of)}</td>"
        f"<td><bdi>…{_text(each.examples[0].before)}<b>{_text(each.examples[0].surface)}</b>"
        f"{_text(each.examples[0].after)}…</bdi></td></tr>"
        for each in found
    ]
    return (
        "<table><tr><th class=n>times</th><th>kind</th><th>text</th><th>means</th><th>linked to</th><th>first</th></tr>"
        f"{''.join(rows)}</table>"
    )


def _document(document: GoldDocument, found: Sequence[Outcome], name_of: Callable[[str], str]) -> str:
    kinds = " ".join(f"has-{_slug(kind)}" for kind in KINDS if any(each.kind == kind for each in found))
    language = "" if document.language is None else f' lang="{escape(document.language)}"'
    title = "" if document.title == "" else f'<p class="title" dir="auto"{language}>{_text(document.title)}</p>'
    rows = [
        f'<tr class="{_slug(each.kind)}"><td>{SYMBOLS[each.kind]} {each.kind}</td><td>{_bdi(each.surface)}</td>'
        f"<td>{_entity(each.gold, name_of)}</td><td>{_entity(each.found, name_of)}</td>"
        f"<td class=n>{'' if each.confidence is None else f'{each.confidence:.2f}'}</td><td>{_bdi(each.why)}</td></tr>"
        for each in found
    ]
    table = (
        "<details><summary>Mention by mention</summary><table><tr><th>kind</th><th>text</th><th>means</th>"
        f"<th>linked to</th><th class=n>confidence</th><th>why</th></tr>{''.join(rows)}</table></details>"
    )
    return (
        f'<article class="doc {kinds}"><h3>{_bdi(document.id)}</h3>{title}'
        f'<p class="text" dir="auto"{language}>{_marked(document.text, found, name_of)}</p>{table}</article>'
    )


def _marked(text: str, found: Iterable[Outcome], name_of: Callable[[str], str]) -> str:
    """Return the text with its mentions marked; of mentions that overlap, the first is, and the table has all."""
    parts, done = [], 0
    for each in sorted(found, key=lambda outcome: (outcome.start, -outcome.end)):
        if each.start < done:
            continue
        parts.append(_text(text[done : each.start]))
        parts.append(
            f'<bdi class="m {_slug(each.kind)}" title="{_tip(each, name_of)}">{_text(each.surface)}'
            f"<sup>{SYMBOLS[each.kind]}</sup></bdi>"
        )
        done = each.end
    parts.append(_text(text[done:]))
    return "".join(parts)


def _tip(outcome: Outcome, name_of: Callable[[str], str]) -> str:
    meant = "nothing in the catalogue" if outcome.gold is None else f"{name_of(outcome.gold)} ({outcome.gold})"
    linked = "nothing" if outcome.found is None else f"{name_of(outcome.found)} ({outcome.found})"
    return _text(f"{outcome.kind}; means {meant}; linked to {linked}")


def _entity(entity_id: str | None, name_of: Callable[[str], str]) -> str:
    if entity_id is None:
        return "–"
    return f'{_bdi(name_of(entity_id))} <span class="id">{_text(entity_id)}</span>'


def _bdi(text: str) -> str:
    return f"<bdi>{_text(text)}</bdi>"


def _text(text: str) -> str:
    return escape(text.translate(_SHOWN))


def _slug(kind: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in kind)
