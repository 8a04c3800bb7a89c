"""What a broker is told is what Java reads."""

from __future__ import annotations

import pytest

from streams.embedded import kraft as module


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain", "plain"),
        ("a\\b\nc", "a\\\\b\\nc"),
        ("é", "\\u00e9"),
        ("وصل", "\\u0648\\u0635\\u0644"),
        ("😀", "\\ud83d\\ude00"),
    ],
)
def test_properties_are_written_as_java_reads_them(tmp_path, text, escaped):
    path = tmp_path / "server.properties"
    module._write_properties(path, {"key": text})
    assert path.read_text(encoding="ascii") == f"key={escaped}\n"
    assert path.stat().st_mode & 0o077 == 0, "others may not read what may hold passwords"
