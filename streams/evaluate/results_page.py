"""The page of a dated result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.evaluate.peers import PEER_SETS, PEERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["index_page", "results_page"]

_FIGURES = ("precision", "recall", "f1")


def results_page(document: dict[str, Any], *, diagram: str, data: str) -> str:
    """Write the page in Markdown.

    Args:
        document: What `streams.evaluate.results` measured, as JSON.
        diagram: File of the reliability diagram, beside the page.
        data: File of the JSON, beside the page.
    """
    crossed = document["cross_validated"]
    measured = crossed["calibration"]
    lines = [
        f"# Linking, {document['date']}",
        "",
        f"Linker: {document['linker']}, threshold {document['threshold']:g}.",
        f"Everything is in [{data}]({data}); `make evaluate` measures it anew.",
        "",
        "Figures are precision, recall and F1 over names: strict span and id, micro-averaged.",
        "*Development* is the shipped weights on the texts that they were learnt from.",
        (
            f"*Cross-validated* is {crossed['folds']} folds by document: weights and trees are learnt from all parts "
            "but one, and measured on that."
        ),
        (
            "The features themselves were made while looking at the development texts, so that the truth may lie below "
            "either column."
        ),
        "",
        *_sets(document),
        "",
        (
            "`own` and `held-out` are this project's own news items in eleven languages, with the starter catalogue; "
            "nothing was learnt from `held-out`."
        ),
        (
            "`held-out-b` was written afterwards by somebody who had not seen the linker, in seven languages, and is "
            "harder."
        ),
        (
            "`traps` and `traps-held-out` are sentences in which one word is a name in one and an ordinary word in "
            "another, half and half, in Arabic and English."
        ),
        "`news` has a catalogue of its own, in Arabic and English.",
        "In the sets `xct`, which are questions in one language each, one mention is marked and precision says little.",
        "",
        "## Beside published systems",
        "",
        (
            "**The English catalogue covers these texts unrealistically well**: 52,151 entities, with the names under "
            "which they occur in such texts, and with rivals."
        ),
        "The systems below choose among the millions of entities of Wikipedia, which is the harder task.",
        "A lead over them here is no lead in general.",
        "",
        *_peers(document),
        "",
        (
            "The peers' figures come from their published predictions as ELEVANT (ad-freiburg/elevant, Apache-2.0) "
            "collects them, scored with the same rules."
        ),
        "",
        "## Recall in other scripts",
        "",
        *_table(
            ("set", "found with the right id", "share"),
            (
                (name, f"{each['found']} of {each['marked']}", f"{each['found'] / each['marked']:.3f}")
                for name, each in document["recall"].items()
            ),
        ),
        "",
        "All questions of the sets, of which a sample of 600 each was learnt from.",
        "They come from XC-Translate (apple/ml-kg-mt, CC-BY-SA 4.0).",
        "",
        "## Calibration",
        "",
    ]
    if measured is not None:
        lines += [
            (
                f"Of {measured['links']} links of the cross-validation, in {measured['bins']} bins, the expected "
                "calibration error is "
                f"{measured['equal_width']['expected_calibration_error']:.3f} (bins of equal width) "
                f"and {measured['equal_mass']['expected_calibration_error']:.3f} (bins of equal mass)."
            ),
            "",
            f"![Share of right links by confidence]({diagram})",
            "",
            *_table(
                ("set", "links", "equal width", "equal mass"),
                (
                    (name, str(each["links"]), f"{each['equal_width']:.3f}", f"{each['equal_mass']:.3f}")
                    for name, each in crossed["calibration_by_set"].items()
                ),
            ),
            "",
            ("Some sets mark more of the names in their texts than others, and one confidence cannot follow them all."),
        ]
    return "\n".join(lines) + "\n"


def index_page(pages: Iterable[tuple[str, str]]) -> str:
    """Write the list of dated results, the latest first.

    Args:
        pages: File and first line of each.
    """
    lines = ["# Dated results", "", "Each says what was measured on its day; `make evaluate` adds one.", ""]
    lines.extend(f"- [{heading.lstrip('# ')}]({name})" for name, heading in sorted(pages, reverse=True))
    return "\n".join(lines) + "\n"


def _sets(document: dict[str, Any]) -> list[str]:
    crossed = document["cross_validated"]["sets"]
    development = document["development"]
    return _table(
        ("set", "development", "cross-validated"),
        (
            (
                name,
                _figures(development[name]["named"]) if name in development else "",
                _figures(crossed[name]["named"]) if name in crossed else "",
            )
            for name in dict.fromkeys([*development, *crossed])
        ),
    )


def _peers(document: dict[str, Any]) -> list[str]:
    development, crossed = document["development"], document["cross_validated"]["sets"]
    rows = [
        ("**Wasl, development**", *(_bold(development.get(name)) for name in PEER_SETS)),
        ("**Wasl, cross-validated**", *(_bold(crossed.get(name)) for name in PEER_SETS)),
        *(
            (peer, *("" if each is None else " ".join(f"{figure:.3f}" for figure in each) for each in figures))
            for peer, figures in PEERS.items()
        ),
    ]
    return _table(("", *PEER_SETS), rows)


def _bold(each: dict[str, Any] | None) -> str:
    return "" if each is None else f"**{_figures(each['named'])}**"


def _figures(counts: dict[str, Any]) -> str:
    return " ".join(f"{counts[figure]:.3f}" for figure in _FIGURES)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(columns)} |",
        f"|{'---|' * len(columns)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
