"""Dependency audit: ``python ops/audit.py requirements.lock …`` asks for known vulnerabilities of what is locked.

It runs pip-audit and tells three ends apart: something known is wrong (exit code 1), nothing is known to be wrong
(0), and the service of advisories did not answer for any package (0, and it says so): a machine without it must not
fail for that, and must not look as if it had asked. With ``--require`` the last is 1 as well.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

__all__ = ["judge", "main"]


def judge(document: dict, *, require: bool = False) -> tuple[int, str]:
    """Return the exit code and what to say about a report of pip-audit."""
    packages = document.get("dependencies", [])
    asked = [package for package in packages if "skip_reason" not in package]
    found = [
        f"{package['name']} {package['version']}: {', '.join(each['id'] for each in package['vulns'])}"
        + (f" (mended in {', '.join(fixed)})" if len(fixed := _fixed(package)) > 0 else "")
        for package in asked
        if len(package.get("vulns", [])) > 0
    ]
    if len(found) > 0:
        return 1, "known vulnerabilities:\n  " + "\n  ".join(found)
    if len(asked) == 0:
        code = 1 if require else 0
        return code, f"the service of advisories did not answer: none of {len(packages)} packages was audited"
    skipped = len(packages) - len(asked)
    return 0, f"nothing is known against {len(asked)} packages" + (f"; {skipped} not audited" if skipped > 0 else "")


def main() -> int:
    """Audit the lock files that are named, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("locks", nargs="+", type=Path)
    parser.add_argument("--require", action="store_true", help="fail where the service does not answer")
    given = parser.parse_args()
    worst = 0
    for lock in given.locks:
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--no-deps", "--disable-pip"]
        done = subprocess.run(
            [*command, "--format", "json", "--progress-spinner", "off", "--timeout", "15"],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        try:
            document = json.loads(done.stdout)
        except ValueError:
            # It ends without a report where it cannot even connect.
            last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
            document, note = {"dependencies": []}, f" ({last[0][:200]})"
        else:
            note = ""
        code, said = judge(document, require=given.require)
        print(f"{lock}: {said}{note}")
        worst = max(worst, code)
    return worst


def _fixed(package: dict) -> list[str]:
    return sorted({version for each in package["vulns"] for version in each.get("fix_versions", [])})


if __name__ == "__main__":
    sys.exit(main())
