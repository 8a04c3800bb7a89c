"""What `make help` lists is made, whatever files and folders there are."""

from __future__ import annotations

import re
from pathlib import Path

_TEXT = (Path(__file__).resolve().parents[2] / "Makefile").read_text(encoding="utf-8")


def test_no_file_stands_for_a_target() -> None:
    listed = set(re.findall(r"^([a-z]+):.*## ", _TEXT, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.*)$", _TEXT, re.MULTILINE)
    assert {"audit", "check"} <= listed
    assert listed - set(phony.split()) == set()
