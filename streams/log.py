"""Logs: one JSON object a line on stderr, or a line for people where stderr is a terminal.

Configured once, by the program's entry; modules only ever ask `logging.getLogger(__name__)`. What a caller
passes as ``extra`` becomes fields of the object. Secrets never reach a log: settings mask themselves, and what a
name says is a secret is masked here once more, as a field or inside a text. (At DEBUG, kafka-python logs the
arguments of its clients.)
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

__all__ = ["HumanFormatter", "JsonFormatter", "RepeatFilter", "configure_logging"]

_OWN_FIELDS: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}
_SECRETS: Final = ("password", "secret", "token", "credential")
_MASK: Final = "***"
# What stands behind such a name in the `repr` of a dictionary or an object, and the password of a URL.
_NAMED: Final = re.compile(
    r"""(?ixs) ( (?:password|secret|token|credential)\w* \\* ['"]? \s* [:=] \s* )
        b? (?: '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | \\+(['"]) .*? \\+\2 )"""
)
_IN_URL: Final = re.compile(r"(://[^\s:/@]*:)[^\s@]+@")
_IN_QUERY: Final = re.compile(r"(?i)([?&][^\s=&]*(?:password|secret|token)[^\s=&]*=)[^\s&'\"]+")
_MOST_REMEMBERED: Final = 1_000

# These say at INFO what only their own developers want to know.
_CHATTY: Final = ("aiokafka", "asyncio", "faust", "kafka", "mode", "aiohttp.access")


class RepeatFilter(logging.Filter):
    """Lets a library say the same thing once in a while; what was held back is counted in ``repeated``.

    aiokafka reports a broker that is away a hundred times a second.

    Args:
        every: How long the same message of the same logger is held back, in seconds.
    """

    def __init__(self, *, every: float = 10.0) -> None:
        super().__init__()
        self._every = every
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is to be written."""
        if record.name.partition(".")[0] not in _CHATTY or not isinstance(record.msg, str):
            return True
        key = (record.name, record.msg)
        since, held_back = self._said.get(key, (-self._every, 0))
        if record.created - since < self._every:
            self._said[key] = (since, held_back + 1)
            return False
        if len(self._said) >= _MOST_REMEMBERED:
            self._said.clear()
        self._said[key] = (record.created, 0)
        if held_back > 0:
            record.repeated = held_back
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a record: time, level, logger, message, the extras, and the exception where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        fields: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _readable(record.getMessage()),
        }
        fields.update(_extras(record))
        if (exception := _exception(record)) is not None:
            fields["exception"] = _readable(self.formatException(exception))
        return json.dumps(fields, default=_shown, ensure_ascii=False, separators=(",", ":"))


class HumanFormatter(logging.Formatter):
    """One line a record, the extras as ``name=value`` behind the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line, followed by its traceback where there is one."""
        extras = "".join(f" {name}={value}" for name, value in _extras(record).items())
        line = f"{_time(record)[11:19]} {record.levelname:<8}{_readable(record.getMessage())}{extras}"
        if (exception := _exception(record)) is not None:
            line = f"{line}\n{_readable(self.formatException(exception))}"
        return line


def _exception(record: logging.LogRecord) -> tuple[type[BaseException], BaseException, TracebackType | None] | None:
    # What stands there may be False, against its type: asyncio says so where it has no exception to show.
    found = record.exc_info
    return found if isinstance(found, tuple) and found[0] is not None else None


def configure_logging(level: str = "INFO", *, stream: TextIO | None = None, is_human: bool | None = None) -> None:
    """Send every log record of the process to ``stream``; calling it again replaces what was set before.

    Args:
        level: The least severe level that is shown: DEBUG, INFO, WARNING or ERROR.
        stream: Where to; stderr when None.
        is_human: Whether to write for people; when None, that is so where the stream is a terminal.
    """
    target = sys.stderr if stream is None else stream
    human = target.isatty() if is_human is None else is_human
    handler = logging.StreamHandler(target)
    handler.setFormatter(HumanFormatter() if human else JsonFormatter())
    if level != "DEBUG":
        handler.addFilter(RepeatFilter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(level if level == "DEBUG" else max(logging.WARNING, logging.root.level))


def _time(record: logging.LogRecord) -> str:
    moment = dt.datetime.fromtimestamp(record.created, tz=dt.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {
        name: _MASK if any(word in name.lower() for word in _SECRETS) else _value(value)
        for name, value in vars(record).items()
        if name not in _OWN_FIELDS and not name.startswith("_")
    }


def _value(value: Any) -> Any:
    return _readable(value) if isinstance(value, str) else value


def _shown(value: Any) -> str:
    return _readable(repr(value))


def _masked(text: str) -> str:
    named = _NAMED.sub(rf"\g<1>'{_MASK}'", text)
    return _IN_QUERY.sub(rf"\g<1>{_MASK}", _IN_URL.sub(rf"\g<1>{_MASK}@", named))


def _readable(text: str) -> str:
    # A lone surrogate, as in a file name that is not UTF-8, must not keep the line from being written.
    return _masked(text.encode("utf-8", "backslashreplace").decode("utf-8"))
