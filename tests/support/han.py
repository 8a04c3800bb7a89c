"""Makes the table of traditional and simplified characters of Chinese anew, from OpenCC's.

``python -m tests.support.han`` writes it.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import opencc

__all__ = ["make_table"]

_LAST_OF_PLANE = 0xFFFF
_IDEOGRAPHS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))


def make_table() -> str:
    """Return each traditional character of the basic plane, and below it what it is in simplified writing."""
    convert = opencc.OpenCC("t2s").convert
    simple = {char: convert(char) for low, high in _IDEOGRAPHS for char in map(chr, range(low, high))}
    # One character that is simplified is simplified once more: 薴, 苧, 苎.
    pairs = {
        char: simple.get(other, other)
        for char, other in simple.items()
        if other != char and ord(simple.get(other, other)) <= _LAST_OF_PLANE
    }
    return "".join(pairs) + "\n" + "".join(pairs.values()) + "\n"


if __name__ == "__main__":
    Path(str(files("streams.linking").joinpath("han.txt"))).write_text(make_table(), encoding="utf-8")
