"""Lays the documentation out as MkDocs wants it, and builds the site: ``make site``.

Pages are copied below one folder with the paths that they have in the repository, so that their links to each other
hold; what they link to in the repository comes along, so that no link of the site leads nowhere.
What is listed in the navigation is found, not written down: a page that is added is on the site.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["ROOT", "configuration", "main", "stage"]

ROOT: Final = Path(__file__).resolve().parents[1]
_SITE: Final = ROOT / ".cache" / "site"
_SECTIONS: Final = {
    "How to": ("docs/how-to/*.md",),
    "Reference": ("docs/reference/*.md", "schemas/README.md"),
    "Operations": ("docs/operations/*.md", "docs/operations/**/*.md"),
    "Explanation": (
        "ARCHITECTURE.md",
        "docs/explanation/*.md",
        "docs/decisions/*.md",
        "docs/results/*.md",
        "bench/results/*.md",
        "streams/evaluate/*.md",
        "CONTRIBUTING.md",
    ),
}
_LINK: Final = re.compile(r"\[([^\]]*)\]\(([^)\s#:]+)(?:#[^)\s]*)?\)")
_KEPT: Final = (".md", ".png", ".svg", ".json", ".py", ".java", ".mjs")


def stage(target: Path) -> list[Path]:
    """Copy the pages, and what they show, below ``target``; return the pages, relative to it."""
    shutil.rmtree(target, ignore_errors=True)
    found = [*ROOT.glob("*.md"), ROOT / "LICENSE", ROOT / "schemas" / "README.md", ROOT / "schemas" / "asyncapi.json"]
    found += [path for path in (ROOT / "docs").rglob("*") if path.is_file() and path.suffix in _KEPT]
    staged: set[Path] = set()
    while len(found) > 0:
        path = found.pop()
        if path in staged:
            continue
        staged.add(path)
        copy = target / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            text = path.read_text(encoding="utf-8")
            copy.write_text(_without_folders(text, beside=path), encoding="utf-8")
            linked = ((path.parent / link).resolve() for _, link in _LINK.findall(text))
            found += [each for each in linked if each.is_file() and each.is_relative_to(ROOT)]
        else:
            shutil.copy(path, copy)
    return sorted(path.relative_to(ROOT) for path in staged if path.suffix == ".md")


def _without_folders(text: str, *, beside: Path) -> str:
    """Return a page with the words alone where a link leads to a folder: a site has nothing to show there."""
    return _LINK.sub(lambda link: link[1] if (beside.parent / link[2]).is_dir() else link[0], text)


def configuration(pages: list[Path]) -> dict[str, Any]:
    """Return mkdocs.yml with every page in the navigation."""
    # The file names classes of no Python: the safe loader reads all of it.
    config: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    nav = []
    for entry in config["nav"]:
        (title, target), *_ = entry.items()
        if target == []:
            target = list(
                dict.fromkeys(
                    str(page)
                    for pattern in _SECTIONS[title]
                    for page in pages
                    if (ROOT / page) in set(ROOT.glob(pattern))
                )
            )
        nav.append({title: target})
    for name in ("docs_dir", "site_dir"):
        config[name] = str(ROOT / config[name])
    return {**config, "nav": nav}


def main() -> None:
    """Build the site."""
    config = configuration(stage(_SITE / "source"))
    path = _SITE / "mkdocs.yml"
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(path)],
        check=True,
        # Material's notice of its successor is for whoever chooses the tool, not for whoever builds the site.
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )


if __name__ == "__main__":
    main()
