"""``wasl topics``: create or check the topics."""

from __future__ import annotations

import sys

import click

from streams.cli.connect import find_settings, verbose_option
from streams.cli.terminal import counted

__all__ = ["command"]


@click.group("topics")
def command() -> None:
    """Create or check the topics.

    They are those of raw articles, enriched articles, dead letters and unlinked names.
    """


@command.command("create")
@click.option(
    "--partitions",
    type=click.IntRange(1, 10_000),
    default=8,
    show_default=True,
    help="Partitions of the raw and the enriched topic: the most workers that can share the work.",
)
@click.option(
    "--replication",
    type=click.IntRange(1, 100),
    help="Copies of each partition; the broker's own default where not given.",
)
@verbose_option
def _create(partitions: int, replication: int | None, verbose: bool) -> None:
    """Create the topics that are missing; those that exist stay as they are."""
    from streams.kafka import admin as kafka_admin  # noqa: PLC0415 - help must not wait for Kafka
    from streams.kafka.topics import declared_topics  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    specs = declared_topics(settings, partitions=partitions)
    with kafka_admin.open_admin(settings.kafka) as admin:
        copies = -1 if replication is None else replication
        created = set(kafka_admin.create_topics(admin, specs, replication=copies))
        found = kafka_admin.count_partitions(admin, [spec.name for spec in specs if spec.name not in created])
    for spec in specs:
        said = counted(found.get(spec.name, spec.partitions), "partition", "partitions")
        click.echo(f"{spec.name}: {'created' if spec.name in created else 'exists'}, {said}")


@command.command("check")
@verbose_option
def _check(verbose: bool) -> None:
    """Check that the topics exist and can hold what workers write; the exit code is 1 where they cannot."""
    from streams.kafka.admin import describe_topics, open_admin  # noqa: PLC0415 - see `_create`
    from streams.kafka.problems import find_problems  # noqa: PLC0415 - likewise
    from streams.kafka.topics import declared_topics  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    names = [spec.name for spec in declared_topics(settings)]
    with open_admin(settings.kafka) as admin:
        found = describe_topics(admin, names)
    problems = find_problems(settings.kafka.topics, found)
    for name in names:
        if name in found:
            click.echo(f"{name}: {counted(found[name].partitions, 'partition', 'partitions')}")
    for problem in problems:
        click.echo(f"{'error' if problem.fatal else 'warning'}: {problem.message}\n  {problem.remedy}", err=True)
    if any(problem.fatal for problem in problems):
        sys.exit(1)
