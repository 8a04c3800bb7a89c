"""The root of the command tree: its table of verbs, and what an error looks like."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from streams import __version__
from streams.cli.group import LazyCommand, LazyGroup
from streams.errors import InputError, WaslError
from streams.native import form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["HINTS", "INTERRUPTED", "UNREAD", "ReportedError", "cli", "main"]

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells have it: 128 and the number of SIGINT."""

UNREAD: Final = 141
"""Exit code where who read the output went away, as shells have it: 128 and the number of SIGPIPE."""

HINTS: Final = "streams.cli.hints"
"""Where the context of click keeps what a command knows of an error beforehand: a sentence for each code."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _verb(name: str, summary: str) -> LazyCommand:
    return LazyCommand(f"streams.cli.{name}", "command", summary)


_VERBS: Final = {
    "demo": _verb("demo", "Show it all at work: broker, worker, Redis and a few articles."),
    "up": _verb("up", "Start the embedded broker, Redis, the topics, a worker and the monitor page."),
    "down": _verb("down", "Stop what `wasl up` started."),
    "link": _verb("link", "Link the names in a file, without a broker."),
    "evaluate": _verb("evaluate", "Measure links on texts in which people marked what names mean."),
    "produce": _verb("produce", "Send articles to the topic of raw articles."),
    "consume": _verb("consume", "Print enriched articles as they arrive."),
    "monitor": _verb("monitor", "Serve the monitor page, until SIGTERM or Ctrl-C."),
    "dlq": _verb("dlq.group", "Look at dead letters, and act on them."),
    "replay": _verb("replay", "Link a stretch of history anew."),
    "follow": _verb("follow", "Print the articles that mention an entity as they arrive, until Ctrl-C."),
    "catalog": _verb("catalog.group", "Look into the catalogue, and change it while workers run."),
    "unlinked": _verb("unlinked.group", "Look at the names that articles mention and the catalogue lacks."),
    "lag": _verb("lag", "Show how far consumer groups are behind."),
    "worker": _verb("worker", "Run a worker on each core, or as many as you say."),
    "topics": _verb("topics", "Create or check the topics."),
    "settings": _verb("settings", "Show every setting and its value."),
}


class ReportedError(click.ClickException):
    """An expected error, as people see it: what was wrong, what to do, and no traceback.

    Args:
        error: What happened.
        hint: What else can be done about it here, one sentence or none.
    """

    exit_code = 1

    def __init__(self, error: WaslError, *, hint: str = "") -> None:
        super().__init__(error.message)
        self.error = error
        self.remedy = f"{error.remedy} {hint}".strip()

    def show(self, file: Any = None) -> None:
        """Print the error and its remedy to standard error."""
        from streams.cli.terminal import takes_colour  # noqa: PLC0415 - `wasl --help` has no errors to show

        # What a message quotes may be no text, as names of files may not be.
        target = click.get_text_stream("stderr", errors="backslashreplace") if file is None else file
        label = click.style("error:", fg="red", bold=True)
        click.echo(f"{label} {self.error.message}", file=target, color=takes_colour(target))
        if self.remedy != "":
            click.echo(f"  {self.remedy}", file=target)


class _Root(LazyGroup):
    def make_context(self, *args: Any, **options: Any) -> click.Context:
        with _errors_told({}):  # help is printed here
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        with _errors_told(ctx.meta):
            return super().invoke(ctx)


@contextmanager
def _errors_told(known: Mapping[str, Any]) -> Iterator[None]:
    """Turn what is expected to go wrong into what click prints and the code with which it exits.

    Args:
        known: What the command has noted, under `HINTS` among others.
    """
    try:
        yield
    except WaslError as exc:
        raise ReportedError(exc, hint=known.get(HINTS, {}).get(exc.code, "")) from exc
    except KeyboardInterrupt as exc:
        raise click.exceptions.Exit(INTERRUPTED) from exc
    except OSError as exc:
        if exc.errno == errno.EPIPE:
            raise click.exceptions.Exit(UNREAD) from exc
        # Every other one is a fault of ours and keeps its traceback, unless there is no room for the output.
        if exc.errno not in _FULL:
            raise
        raise ReportedError(_unwritten(exc)) from exc


def _unwritten(exc: OSError) -> InputError:
    what = "The output" if exc.filename is None else os.fsdecode(exc.filename)
    return InputError(f"{what} cannot be written: {exc.strerror}.", remedy="Make room there, or write it elsewhere.")


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"wasl, version {__version__} (linking is {form()})")
        ctx.exit()


@click.group(
    cls=_Root,
    lazy=_VERBS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Settings come from the environment; `wasl settings` lists them.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print the version, and whether linking is compiled.",
)
def cli() -> None:
    """Wasl links the names in news articles to the entities that they mean.

    Articles come from Kafka and go back to it enriched; the catalogue is in Redis and may change at any time.
    """


def main() -> None:
    """Run ``wasl`` with the arguments of the process, and exit."""
    _prepare_streams()
    try:
        cli(prog_name="wasl")
    except SystemExit as exc:
        sys.exit(_written(exc.code))


def _prepare_streams() -> None:
    """Open what the caller has closed, and have output in UTF-8: a locale's own encoding may not hold an article."""
    # Python has None there, and the first file or socket that is opened would take the number over.
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for as long as the process runs
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=stream.errors)


def _written(code: str | int | None) -> str | int | None:
    """Write what output is left, and return the exit code: Python's own last attempt could only complain."""
    failed = _flush(1, sys.__stdout__)
    _flush(2, sys.__stderr__)
    if failed is None or code not in {None, 0}:
        return code
    if failed.errno == errno.EPIPE:
        return UNREAD
    ReportedError(_unwritten(failed)).show()
    return ReportedError.exit_code


def _flush(number: int, stream: TextIO | None) -> OSError | None:
    if stream is None:
        return None
    try:
        stream.flush()
    except OSError as exc:
        # What cannot be written now cannot be written either when Python ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
        return exc
    return None
