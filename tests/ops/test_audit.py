"""The audit tells three ends apart: something is wrong, nothing is known, and nobody was asked."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_PATH = Path(__file__).resolve().parents[2] / "ops" / "audit.py"
_SPEC = importlib.util.spec_from_file_location("audit", _PATH)
audit = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(audit)

_GOOD = {"name": "click", "version": "8.1", "vulns": []}
_BAD = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}, {"id": "CVE-2"}]}
_UNKNOWN = {"name": "kafka", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def test_a_known_vulnerability_fails_whoever_else_was_not_audited():
    code, said = audit.judge({"dependencies": [_GOOD, _BAD, _UNKNOWN]})
    assert code == 1
    assert "old 1.0: PYSEC-1, CVE-2 (mended in 1.1)" in said


def test_nothing_known_is_told_from_nobody_asked():
    assert audit.judge({"dependencies": [_GOOD, _UNKNOWN]}) == (0, "nothing is known against 1 packages; 1 not audited")
    code, said = audit.judge({"dependencies": [_UNKNOWN, _UNKNOWN]})
    assert (code, "did not answer: none of 2" in said) == (0, True)
    assert audit.judge({"dependencies": [_UNKNOWN]}, require=True)[0] == 1
    assert audit.judge({"dependencies": []}, require=True)[0] == 1
