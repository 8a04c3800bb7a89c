"""What must stay bounded: articles that match everywhere, each in a process that is ended when it takes too long.

``python -m bench.hostile CASE`` links one and prints its figures as JSON.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import orjson

from bench.bare import bare_scan
from bench.catalogues import ROOT
from bench.inputs import hostile
from bench.rows import Figure, Row
from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.events.entity import Entity
from streams.linking.enrich import link_article
from streams.linking.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rows import Config

__all__ = ["LIMIT", "hostile_articles", "main"]

LIMIT: Final = 120.0
"""Seconds after which a hostile article counts as unbounded."""


def hostile_articles(_: Config) -> Iterator[Row]:
    """Link each hostile article in a process of its own."""
    for case in hostile():
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bench.hostile", case],
                cwd=ROOT,
                capture_output=True,
                timeout=LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            yield Row("hostile", case, {"seconds": LIMIT, "note": f"not done after {LIMIT:g} s of wall time"})
            continue
        if done.returncode == 0:
            yield Row("hostile", case, orjson.loads(done.stdout))
        else:
            words = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            yield Row("hostile", case, {"seconds": None, "note": f"failed: {' '.join(words)}"})


def main(case: str) -> None:
    """Link the hostile article called ``case`` and print its figures."""
    names, article = hostile()[case]
    entities = (Entity(f"Q{number}", "other", {"mul": name}) for number, name in enumerate(names, start=1))
    view = view_of(Record(entity.id, entity) for entity in entities)
    began = time.process_time()
    links = link_article(article, view)
    seconds = time.process_time() - began
    occurrences = len(bare_scan(view)(fold(article.body).text))
    figures: dict[str, Figure] = {
        "seconds": round(seconds, 3),
        "occurrences": occurrences,
        "us_per_occurrence": round(seconds / occurrences * 1e6, 2),
        "mentions": len(links.mentions),
        "note": None,
    }
    print(orjson.dumps(figures).decode())


if __name__ == "__main__":
    main(sys.argv[1])
