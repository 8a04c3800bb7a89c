"""``wasl replay``: link a stretch of history anew."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import click

from streams.cli.connect import find_settings, refuse_taken, verbose_option
from streams.cli.steps import end_on_sigterm
from streams.cli.terminal import counted, note
from streams.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.catalog.overlay import OverlayView
    from streams.kafka.spans import Point
    from streams.replay.history import Progress
    from streams.settings import Settings

__all__ = ["command"]

_SAY_EVERY: Final = 5.0


@click.command("replay")
@click.option("--from", "begin", metavar="TIME|OFFSET", required=True, help="Where to begin: a time, 7d, or an offset.")
@click.option("--to", "end", metavar="TIME|OFFSET", default="now", show_default=True, help="Where to end.")
@click.option("--topic", metavar="NAME", help="Another topic of raw articles than WASL_TOPIC_RAW.")
@click.option("--into", metavar="TOPIC", help="Another topic for enriched articles than WASL_TOPIC_ENRICHED.")
@click.option("--entity", "entities", metavar="ID", multiple=True, help="Only articles that a change of it touches.")
@click.option("--rate", metavar="N", type=click.FloatRange(0, min_open=True), help="At most so many articles a second.")
@click.option("--unlinked", is_flag=True, help="Write the names that the catalogue lacks again, too.")
@click.option("--group", metavar="NAME", help="Under which name progress is kept.")
@click.option("--restart", is_flag=True, help="Begin anew, whatever an earlier call has done.")
@verbose_option
def command(
    begin: str,
    end: str,
    topic: str | None,
    into: str | None,
    entities: tuple[str, ...],
    rate: float | None,
    unlinked: bool,
    group: str | None,
    restart: bool,
    verbose: bool,
) -> None:
    """Link a stretch of history anew.

    The live stream goes on meanwhile. The same call goes on where an earlier one was interrupted: progress is
    kept as committed offsets of a group of its own.
    """
    settings = find_settings(verbose=verbose)
    from streams.kafka.spans import Point  # noqa: PLC0415 - help must not wait for Kafka
    from streams.linking import enrich  # noqa: PLC0415
    from streams.replay.history import (  # noqa: PLC0415
        Request,
        blocking,
        group_name,
        note_enriched,
        replay_history,
        replay_rules,
    )
    from streams.replay.moments import rfc3339  # noqa: PLC0415
    from streams.replay.pace import Pace  # noqa: PLC0415
    from streams.replay.sender import ProducerSender  # noqa: PLC0415
    from streams.replay.touched import Touched  # noqa: PLC0415
    from streams.workers.deliver import Courier  # noqa: PLC0415

    def now() -> str:
        return rfc3339(time.time_ns() // 1_000_000)

    raw = settings.kafka.topics.raw if topic is None else topic
    target = settings.kafka.topics.enriched if into is None else into
    refuse_taken(settings.kafka.topics, raw, option="--topic", own=settings.kafka.topics.raw)
    refuse_taken(settings.kafka.topics, target, option="--into", own=settings.kafka.topics.enriched)
    name = group_name(settings.worker.group, raw, target, begin, end, *sorted(entities)) if group is None else group
    first, last = _point(begin), Point() if end == "now" else _point(end)
    if _is_behind(first, last):
        raise InputError(f"--from {begin} lies behind --to {end}.", remedy="Give where to begin, then where to end.")
    request = Request(raw, first, last, name, with_unlinked=unlinked)
    rules = replay_rules(settings, into=target, link=enrich.link_article, linker=enrich.LINKER, clock=time.perf_counter)
    loop = asyncio.new_event_loop()
    try:
        view = _load_catalogue(settings, loop)
        note(f"catalogue {view.version}; progress is kept in group {name}")
        touched = Touched(entities, view) if len(entities) > 0 else None
        if touched is not None:
            note_enriched(settings.kafka, request.begin, touched)
            note(f"{counted(touched.articles, 'article has', 'articles have')} these entities already")
        most = max(rules.enriched_limit, rules.dead_limit)
        sender = ProducerSender(settings.kafka, most=most, timeout=settings.worker.deliver_timeout)
        try:
            with end_on_sigterm():
                _follow(
                    replay_history(
                        settings.kafka,
                        request,
                        rules,
                        view,
                        deliver=blocking(loop.run_until_complete, Courier(sender, rules, now=now)),
                        now=now,
                        pace=Pace(rate),
                        sleep=time.sleep,
                        touched=touched,
                        restart=restart,
                    )
                )
        finally:
            sender.close()
    finally:
        loop.close()


def _point(text: str) -> Point:
    from streams.kafka.spans import Point  # noqa: PLC0415 - see `command`
    from streams.replay.moments import parse_moment  # noqa: PLC0415

    if text.isascii() and text.isdigit() and len(text) < 19:
        return Point(offset=int(text))
    return Point(timestamp=parse_moment(text, now=time.time_ns() // 1_000_000))


def _is_behind(first: Point, last: Point) -> bool:
    """Whether the two can be compared, and a stretch between them would end before it begins."""
    if first.offset is not None and last.offset is not None:
        return first.offset > last.offset
    return first.timestamp is not None and last.timestamp is not None and first.timestamp > last.timestamp


def _load_catalogue(settings: Settings, loop: asyncio.AbstractEventLoop) -> OverlayView:
    """Return the catalogue as it is now; the whole run links with it."""
    from streams.catalog.feed import CatalogFeed  # noqa: PLC0415 - see `command`

    feed = CatalogFeed(settings.redis, settings.worker.data_dir / "catalog")
    loop.run_until_complete(feed.start())
    try:
        return feed.view
    finally:
        loop.run_until_complete(feed.stop())


def _follow(steps: Iterator[Progress]) -> None:
    """Carry the replay out, and say now and then how far it is."""
    first = next(steps)
    if first.left == 0:
        again = "this replay was done before; --restart does it again" if first.is_resumed else "no record is there"
        note(f"nothing to do: {again}")
        return
    if not first.is_kept:
        note("this broker keeps no progress of a replay: a call that is interrupted, or given again, begins anew")
    note(f"{'going on' if first.is_resumed else 'beginning'}, at most {counted(first.left, 'record', 'records')} left")
    last, said = first, time.monotonic()
    for last in steps:
        if time.monotonic() - said > _SAY_EVERY:
            said = time.monotonic()
            note(f"{last.left} left; read {last.read}, linked {last.linked}, dead letters {last.dead}")
    click.echo(f"read {last.read}, linked {last.linked}, dead letters {last.dead}")
