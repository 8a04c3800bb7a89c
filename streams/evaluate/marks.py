"""A notation in which people mark texts, and from which gold files are made: offsets are right by construction.

::

    # own-en-01 en
    = A headline, which is context and is not scored
    Shares of [[Meta|Q380|ambiguous]] rose, a [[gap|NIL|trap]] closed, and an [[apple|Q89?]] fell{U+200F}.

A line with ``#`` begins a document: its id and its language. ``=`` gives its title; all other lines are its text, blank
ones between documents left out. A mark is ``[[surface|id|phenomena]]``: alternatives stand after ``/``, ``?`` makes it
optional, ``NIL`` says that no entity of the catalogue is meant, and phenomena are separated by commas.
``{U+200F}`` is a character that would not be seen.

``python -m streams.evaluate.marks FILE.txt …`` writes ``FILE.jsonl`` beside each.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from streams.errors import InputError

__all__ = ["compile_marks", "main"]

_MARK: Final = re.compile(r"\[\[([^|\]]+)\|([^|\]]+)(?:\|([^|\]]+))?\]\]")
_UNSEEN: Final = re.compile(r"\{U\+([0-9A-F]{4,6})\}")
_HEAD: Final = re.compile(r"# (\S+) ([A-Za-z-]{2,35})")
_NIL: Final = "NIL"
_OPTIONAL: Final = "?"


def compile_marks(source: str, name: str) -> list[dict[str, Any]]:
    """Return the documents of a marked text, as a gold file holds them.

    Args:
        source: The marked text.
        name: What to call it in messages.

    Raises:
        InputError: A line breaks the notation; the message begins with ``file:line``.
    """
    documents: list[dict[str, Any]] = []
    for number, line in enumerate(source.splitlines(), start=1):
        where = f"{name}:{number}"
        if line.startswith("# "):
            head = _HEAD.fullmatch(line)
            if head is None:
                raise InputError(f"{where}: {line!r} is no head.", remedy="Write # ID LANGUAGE.")
            documents.append({"id": head[1], "language": head[2], "title": "", "text": "", "gold": []})
        elif len(documents) == 0:
            if line.strip() != "":
                raise InputError(f"{where}: Text stands before the first head.", remedy="Write # ID LANGUAGE first.")
        elif line.startswith("= "):
            documents[-1]["title"] = _seen(line[2:])
        elif line != "":
            _add(documents[-1], line, where)
    return documents


def main() -> None:
    """Write a gold file beside each file that is named."""
    for given in sys.argv[1:]:
        path = Path(given)
        lines = [
            json.dumps(document, ensure_ascii=False) + "\n"
            for document in compile_marks(path.read_text(encoding="utf-8"), given)
        ]
        path.with_suffix(".jsonl").write_text("".join(lines), encoding="utf-8")


def _add(document: dict[str, Any], line: str, where: str) -> None:
    text = f"{document['text']}\n" if document["text"] != "" else ""
    done = 0
    for mark in _MARK.finditer(line):
        text += _seen(line[done : mark.start()])
        surface, ids = _seen(mark[1]), mark[2].removesuffix(_OPTIONAL).split("/")
        entry: dict[str, Any] = {
            "start": len(text),
            "end": len(text) + len(surface),
            "surface": surface,
            "entity_id": None if ids == [_NIL] else ids[0],
            "named": True,
            "optional": mark[2].endswith(_OPTIONAL),
            "coref": False,
            "phenomena": [] if mark[3] is None else mark[3].split(","),
        }
        if len(ids) > 1:
            entry["also_accepted"] = ids[1:]
        document["gold"].append(entry)
        text += surface
        done = mark.end()
    text += _seen(line[done:])
    document["text"] = text
    if "[[" in text or "]]" in text or "{U+" in text:
        raise InputError(
            f"{where}: A mark or a character is not closed, or is not of the form that it should have.",
            remedy="Write [[surface|id]], [[surface|id|phenomenon,phenomenon]] or {U+200F}.",
        )


def _seen(text: str) -> str:
    return _UNSEEN.sub(lambda found: chr(int(found[1], 16)), text)


if __name__ == "__main__":
    main()
