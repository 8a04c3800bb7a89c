"""``python -m bench.sizing``: what runs at which rate and on how many machines, from the newest records.

It takes each figure from the newest record that has it, writes the tables of `docs/explanation/scaling.md`, and the
cost of an article for the monitor page. Nothing is measured here.

Length: the tables of one page, and the few figures that they are made of.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.web.sizing import BUSY, Cost, needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["PAGE", "RATES", "Model", "Records", "main", "model_of", "tables", "written"]

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "explanation" / "scaling.md"
RATES: Final = (1, 100, 10_000)
_COST: Final = ROOT / "streams" / "web" / "sizing.json"
_FOLDERS: Final = (ROOT / "bench" / "results", ROOT / "docs" / "results")
_BEGIN: Final = "<!-- Written by `python -m bench.sizing`; change it there. -->"
_END: Final = "<!-- Up to here. -->"
_MACHINES: Final = (1, 10, 100)
_LARGE: Final = 1_000_000
_DAY: Final = len("2026-01-31")  # a record of a day may have a name behind it


class Records:
    """The records of the measurements.

    Args:
        folders: Where they are.
    """

    def __init__(self, folders: Iterable[Path] = _FOLDERS) -> None:
        found = [
            (path, orjson.loads(path.read_bytes())) for folder in folders for path in sorted(folder.glob("*.json"))
        ]
        # Other figures are kept beside them.
        self._newest = sorted(
            (
                (document["date"], path.name, document["rows"])
                for path, document in found
                if isinstance(document, dict) and "rows" in document
            ),
            reverse=True,
        )

    def rows(self, level: str) -> tuple[str, dict[str, dict[str, Any]]]:
        """Return the date of the newest record with a level, and its figures by case; nothing where none has it.

        A case with nothing but a note, such as which broker it was, does not make a level.
        """
        for date, _, rows in self._newest:
            by_case = {
                row["case"]: row["figures"]
                for row in rows
                if row["level"] == level and row["case"] != "failed" and row["figures"].keys() != {"note"}
            }
            if len(by_case) > 0:
                return date, by_case
        return "", {}


@dataclass(frozen=True, slots=True)
class Model:
    """How the cost of an article grows.

    Attributes:
        date: When linking was measured.
        link_us: Microseconds of linking the article with a million names.
        chars: Its characters.
        mentions: Its mentions.
        by_names: Exponent: ten times the names cost ten to the power of this.
        mention_us: Microseconds for each further mention of the same text.
        per_1000_chars: By language, microseconds for a thousand characters; empty where they were not measured.
        handing_us: Microseconds for taking the article from Kafka and giving it back.
        handing: What that was measured with.
        raw_bytes: Bytes of it as a raw record.
        enriched_bytes: Bytes of it as an enriched one.
        second: By how much a second process on a second core multiplies the rate, or None.
        snapshot_mb: Megabytes of a snapshot with a million names.
        worker_mb: Of a machine's first worker with it.
        process_mb: Of each further one that shares it.
        redis_mb: Of the catalogue in Redis.
        fetch_mb_s: Megabytes a second that a worker fetches from Redis.
        start_s: From the start of a worker on a new machine to its first enriched article, or None.
    """

    date: str
    link_us: float
    chars: int
    mentions: float
    by_names: float
    mention_us: float
    per_1000_chars: dict[str, float]
    handing_us: float
    handing: str
    raw_bytes: int
    enriched_bytes: int
    second: float | None
    snapshot_mb: float
    worker_mb: float
    process_mb: float
    redis_mb: float
    fetch_mb_s: float
    start_s: float | None

    @property
    def article_us(self) -> float:
        """Microseconds of an article with a million names, from Kafka to Kafka."""
        return self.link_us + self.handing_us

    @property
    def cpu_s_per_million(self) -> float:
        """Seconds of processor time for a million of them."""
        return self.article_us


def model_of(records: Records) -> Model:
    """Return the model that the newest records give."""
    record, link = records.rows("link")
    known = {_number(case): figures for case, figures in link.items()}
    least, most = min(known), max(known)
    large = known.get(_LARGE, known[most])
    _, scan = records.rows("scan")
    per_char = next(figures for case, figures in scan.items() if _number(case) == max(map(_number, scan)))
    _, wire_in = records.rows("decode")
    _, wire_out = records.rows("encode")
    seed_in, seed_out = next(iter(wire_in.values())), next(iter(wire_out.values()))
    handing_us, handing = (
        seed_in["median_us"] + seed_out["median_us"],
        "decoding and encoding alone; Kafka's part is not in the record",
    )
    _, pipeline = records.rows("pipeline")
    idle = pipeline.get("worker, finding nothing", {}).get("cpu_s_per_million")
    if idle is not None:
        # What finds nothing has nothing to encode.
        handing_us, handing = idle + seed_out["median_us"], "a worker that finds nothing, and encoding what is found"
    one, two = (pipeline.get(name, {}).get("per_cpu_second") for name in ("worker", "two workers"))
    _, content = records.rows("sizes-content")
    _, memory = records.rows("sizes-memory")
    _, whole = records.rows("sizes-whole")
    _, redis = records.rows("sizes-redis")
    real = next(iter(content))
    share = _LARGE / content[real]["names"]
    _, starts = records.rows("start")
    return Model(
        date=record[:_DAY],
        link_us=large["median_us"],
        chars=round(1_000 * per_char["median_us"] / per_char["ns_per_char"]),
        mentions=large["mentions"],
        by_names=math.log(known[most]["median_us"] / known[least]["median_us"]) / math.log(most / least),
        mention_us=(known[most]["median_us"] - known[least]["median_us"])
        / max(1, known[most]["mentions"] - known[least]["mentions"]),
        per_1000_chars=_lengths(records),
        handing_us=handing_us,
        handing=handing,
        raw_bytes=int(seed_in["bytes"]),
        enriched_bytes=int(seed_out["bytes"]),
        second=None if one is None or two is None else 2 * two / one,
        snapshot_mb=content[real]["snapshot_mb"] * share,
        worker_mb=whole[real]["one_mb"] + memory[real]["mb_per_million_names"] * (1 - 1 / share),
        # The parent and the front of a command are in it.
        process_mb=(whole[real]["three_mb"] - whole[real]["one_mb"]) / 2,
        redis_mb=redis[real]["catalogue_mb"] * share,
        fetch_mb_s=redis[real]["fetch_mb_per_s"],
        start_s=next((each["first_enriched_s"] for case, each in starts.items() if "new host" in case), None),
    )


def _lengths(records: Records) -> dict[str, float]:
    _, rows = records.rows("length")
    found: dict[str, list[float]] = {}
    for case, figures in rows.items():
        if "ns_per_char" in figures and "200 B" not in case:
            found.setdefault(case.partition(",")[0], []).append(figures["ns_per_char"])
    return {language: sum(values) / len(values) for language, values in found.items()}


def _number(case: str) -> int:
    """The number of aliases that a case names."""
    return int(case.removesuffix(" aliases").rpartition(" ")[2].replace(",", ""))


def tables(model: Model, *, cores: int, price: float) -> str:
    """Return what stands between the marks of the page.

    Args:
        model: The model.
        cores: Cores of a machine.
        price: Of an hour of one core, in any currency.
    """
    return "\n\n".join(
        (_BEGIN, _figures(model), _growth(model), _rates(model, cores=cores), _fleet(model, cores=cores),
         _price(model, price=price), _END)
    )  # fmt: skip


def _figures(model: Model) -> str:
    article = f"{model.chars:,} characters, {model.mentions:.0f} mentions, {model.raw_bytes:,} bytes"
    return (
        f"Measured on {model.date}: linking one article ({article}) with a million names takes"
        f" {model.link_us:,.0f} µs of one core, and the way from Kafka to Kafka {model.handing_us:,.0f} µs more"
        f" ({model.handing}).\n"
        f"So a core that does nothing else links {1e6 / model.article_us:,.0f} such articles a second."
    )


def _growth(model: Model) -> str:
    by_length = (
        ", ".join(f"{value:,.0f} µs ({language})" for language, value in model.per_1000_chars.items())
        if len(model.per_1000_chars) > 0
        else f"{1_000 * model.link_us / model.chars:,.0f} µs, if all of it grew with the text"
    )
    second = "not measured" if model.second is None else f"{model.second:.2f} times the rate for the second process"
    rows = (
        ("a thousand characters more", by_length),
        ("a mention more in the same text", f"{model.mention_us:,.0f} µs"),
        ("ten times the names in the catalogue", f"{10**model.by_names:.2f} times the time"),
        ("a worker more, on a core of its own", second),
        ("a partition more", "nothing: one worker reads up to all of them"),
    )
    return _table("### How the cost grows", ("what grows", "what it costs"), rows)


def _rates(model: Model, *, cores: int) -> str:
    rows = []
    for rate in RATES:
        need = needed(rate, model.article_us)
        # As many machines as hold the workers, one a core; a pod of KEDA is one worker.
        least = max(1, math.ceil(need.workers * BUSY))
        in_mb, out_mb = rate * model.raw_bytes / 1e6, rate * model.enriched_bytes / 1e6
        rows.append(
            (
                f"{rate:,}",
                f"{need.cores:,.2f}",
                f"{need.workers:,}",
                f"{math.ceil(need.workers / cores):,}",
                f"{need.partitions:,}",
                f"{_short(in_mb)} in, {_short(out_mb)} out",
                f"{least:,} to {need.partitions:,}, one more for each {_threshold(model):,} of lag",
            )
        )
    heads = (
        "articles a second",
        "cores busy",
        "workers",
        f"machines of {cores} cores",
        "partitions",
        "MB/s at Kafka",
        "bounds for KEDA",
    )
    return _table("### By the rate", heads, rows)


def _threshold(model: Model) -> int:
    """Articles that a worker links in a minute, to two figures: lag that one worker more is worth."""
    done = 60e6 / model.article_us
    return int(float(f"{done:.2g}"))


def _fleet(model: Model, *, cores: int) -> str:
    rows = []
    for machines in _MACHINES:
        workers = machines * cores
        rate = workers * BUSY * 1e6 / model.article_us
        fetched = machines * model.snapshot_mb
        seconds = fetched / model.fetch_mb_s
        rows.append(
            (
                f"{machines:,}",
                f"{workers:,}",
                f"{rate:,.0f}",
                f"{needed(rate, model.article_us).partitions:,}",
                f"{(model.worker_mb + (cores - 1) * model.process_mb) / 1e3:.1f} GB",
                f"{fetched / 1e3:.1f} GB, {seconds:,.0f} s from one Redis",
                _spread(machines),
            )
        )
    heads = (
        "machines",
        "workers",
        "articles a second",
        "partitions",
        "memory of workers on each",
        "all fetch a snapshot",
        "Redis",
    )
    return _table(f"### By the number of machines, {cores} cores each", heads, rows)


def _spread(machines: int) -> str:
    if machines <= 1:
        return "one; on the same machine will do"
    return (
        "one, and one replica to fail over to"
        if machines <= 10
        else "one, a replica to fail over to, and snapshots by file"
    )


def _price(model: Model, *, price: float) -> str:
    hours = model.cpu_s_per_million / BUSY / 3600
    enriched_gb, raw_gb = model.enriched_bytes / 1e3, model.raw_bytes / 1e3
    return _table(
        "### A million articles",
        ("what", "how much"),
        (
            ("processor time of workers", f"{model.cpu_s_per_million:,.0f} s"),
            ("core-hours to pay for, with cores that are half busy", f"{hours:.2f}"),
            (f"at {price:g} for the hour of a core, an example", f"{hours * price:.3f}"),
            ("at your price *p*", f"{hours:.2f} · *p*"),
            ("bytes written to Kafka, one copy", f"{enriched_gb:,.1f} GB enriched, {raw_gb:,.1f} GB raw"),
        ),
    )  # fmt: skip


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return f"{title}\n\n" + "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"


def written(page: str, model: Model, *, cores: int, price: float) -> str:
    """Return the page with its tables written anew."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{tables(model, cores=cores, price=price)}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page and the cost of an article anew; the exit code is 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.sizing", description="Write the tables of sizes anew.")
    parser.add_argument("--cores", type=int, default=8, help="cores of a machine (default: 8)")
    parser.add_argument("--price", type=float, default=0.05, help="price of an hour of a core (default: 0.05)")
    parser.add_argument("--show", action="store_true", help="print the tables, and write nothing")
    given = parser.parse_args(arguments)
    model = model_of(Records())
    if given.show:
        print(tables(model, cores=given.cores, price=given.price))
        return 0
    page = written(PAGE.read_text(encoding="utf-8"), model, cores=given.cores, price=given.price)
    PAGE.write_text(page, encoding="utf-8")
    cost = Cost(round(model.article_us, 1), model.chars, _LARGE, model.date)
    _COST.write_text(json.dumps(asdict(cost), indent=1) + "\n", encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}, {_COST.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
