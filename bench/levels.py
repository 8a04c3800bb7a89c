"""The levels of a linked article, one by one: folding, scanning, the stages of linking, the whole step, the wire.

Times are of the processor, so that whatever else runs on the machine disturbs them less.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bench.bare import bare_scan
from bench.catalogues import compiled
from bench.inputs import LANGUAGES, SIZES, article, seed_sized, stream
from bench.rows import Row, of_calls
from bench.stages import REST, Stages
from bench.stats import rate, singles
from streams.catalog.snapshot import open_snapshot
from streams.events.article import decode_raw_article, encode_raw_article
from streams.events.enriched import EnrichedArticle, encode_enriched_article
from streams.linking.enrich import LINKER, link_article
from streams.linking.fold import fold
from streams.linking.language import primary_subtag
from streams.workers.memory import settle_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from bench.rows import Config
    from streams.catalog.view import CatalogView
    from streams.events.article import RawArticle
    from streams.linking.links import Links

__all__ = ["at_scale", "cold_start", "folding", "lengths", "stages", "tails", "wire"]

_LARGE = 1_000_000


def _rate(config: Config, call: Callable[[], Any], *, chars: int | None = None, calls: int = 1) -> dict[str, Any]:
    summary = rate(call, clock=time.process_time, least=config.least, repeats=config.repeats)
    return of_calls(summary, chars=chars, calls=calls)


def _view(config: Config, aliases: int = _LARGE) -> CatalogView:
    """Return the view, with the collector kept from it, as a worker does once it has loaded one."""
    view = open_snapshot(compiled(config.kind, aliases))
    settle_memory()
    return view


def folding(config: Config) -> Iterator[Row]:
    """Fold articles of every language and size."""
    for language in LANGUAGES:
        for size in SIZES:
            body = article(language, size).body
            yield Row("fold", f"{language}, {size:,} B", _rate(config, lambda body=body: fold(body), chars=len(body)))


def at_scale(config: Config) -> Iterator[Row]:
    """Scan and link the seed-sized article with catalogues of every size."""
    name, seed = seed_sized()
    chars = len(seed.title) + len(seed.body)
    texts = [fold(seed.title).text, fold(seed.body).text]
    for aliases in config.sizes:
        view = _view(config, aliases)
        scan = bare_scan(view)
        scanned = _rate(config, lambda scan=scan: [scan(text) for text in texts], chars=chars)
        case = f"{name}, {aliases:,} aliases"
        occurrences = sum(len(scan(text)) for text in texts)
        yield Row("scan", case, {**scanned, "occurrences": occurrences})
        linked = _rate(config, lambda view=view: link_article(seed, view), chars=chars)
        mentions = len(link_article(seed, view).mentions)
        times_scan = round(linked["median_us"] / scanned["median_us"], 2)
        yield Row("link", case, {**linked, "mentions": mentions, "times_scan": times_scan})


def lengths(config: Config) -> Iterator[Row]:
    """Link articles of every language and size.

    Each call links as many different articles as hold as much text as the longest: one short article again and again
    would find in the processor's cache all that it asks of the catalogue, which a long one does not.
    """
    view = _view(config)
    for language in LANGUAGES:
        for size in SIZES:
            articles = [article(language, size, number=number) for number in range(SIZES[-1] // size)]

            def call(articles: list[RawArticle] = articles) -> list[Links]:
                return [link_article(one, view) for one in articles]

            mentions = sum(len(links.mentions) for links in call())
            chars = sum(len(one.title) + len(one.body) for one in articles)
            figures = _rate(config, call, chars=chars, calls=len(articles))
            figures["mentions"] = round(mentions / len(articles), 1)
            yield Row("length", f"{language}, {size:,} B", figures)


def stages(config: Config) -> Iterator[Row]:
    """Time the stages of linking the seed-sized article, and what they contain."""
    name, seed = seed_sized()
    view = _view(config)
    whole = _rate(config, lambda: link_article(seed, view))["median_us"]
    stages = Stages(seed, view, primary_subtag(link_article(seed, view).language.code))
    took = stages.measure(300 if config.quick else 3_000)
    for stage, mean in {**took, REST: whole - sum(took.values())}.items():
        yield Row("stages", f"{name}: {stage}", {"mean_us": round(mean, 2), "percent": round(100 * mean / whole, 1)})
    for part, call in stages.within().items():
        mean = _rate(config, call)["median_us"]
        case = f"{name}: {part} (within another, by itself)"
        yield Row("stages", case, {"mean_us": mean, "percent": round(100 * mean / whole, 1)})


def tails(config: Config) -> Iterator[Row]:
    """Link different seed-sized articles one by one, and the same one again and again: how far out single calls lie."""
    view = _view(config)
    count = 150 if config.quick else 1_500
    _, seed = seed_sized()
    for case, articles in (("a stream of different articles", stream(count)), ("the same article", [seed] * count)):
        for one in articles[:30]:
            link_article(one, view)
        for clock_name, clock in (("processor", time.thread_time_ns), ("wall", time.perf_counter_ns)):
            summary = singles(lambda one: link_article(one, view), articles, clock=clock)
            figures = {
                f"{name}_us": round(getattr(summary, name) * 1e6, 1) for name in ("median", "p95", "p99", "most")
            }
            ratio = round(summary.p99 / summary.median, 2)
            yield Row("tails", f"{case}, {clock_name} time", {**figures, "p99_to_median": ratio, "calls": count})


def wire(config: Config) -> Iterator[Row]:
    """Decode raw articles and encode enriched ones."""
    view = _view(config, 10_000)
    name, seed = seed_sized()
    for case, one in ((name, seed), *((f"{language}, 20,000 B", article(language, 20_000)) for language in LANGUAGES)):
        raw, enriched = encode_raw_article(one), _enriched(one, view)
        size = len(encode_enriched_article(enriched))
        decoded = _rate(config, lambda raw=raw: decode_raw_article(raw))
        yield Row("decode", case, {**decoded, "bytes": len(raw)})
        encoded = _rate(config, lambda enriched=enriched: encode_enriched_article(enriched))
        yield Row("encode", case, {**encoded, "bytes": size})


def cold_start(config: Config) -> Iterator[Row]:
    """Open compiled catalogues, and link the first article with them."""
    _, seed = seed_sized()
    for aliases in config.sizes:
        path = compiled(config.kind, aliases)
        began = time.perf_counter()
        view = open_snapshot(path)
        opened = time.perf_counter()
        link_article(seed, view)
        linked = time.perf_counter()
        figures = {
            "open_ms": round((opened - began) * 1e3, 1),
            "first_article_ms": round((linked - opened) * 1e3, 1),
            "file_mb": round(path.stat().st_size / 1e6, 1),
        }
        yield Row("load", f"{aliases:,} aliases", figures)


def _enriched(one: RawArticle, view: CatalogView) -> EnrichedArticle:
    links = link_article(one, view)
    return EnrichedArticle(
        one, links.language, links.mentions, links.entities, LINKER, view.version, "2024-06-07T00:00:00.000Z"
    )
