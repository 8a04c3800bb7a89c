"""The documentation builds as a site, with every page in its navigation."""

from __future__ import annotations

import re
import subprocess
import sys
from urllib.parse import unquote

import pytest

from tests.docs.pages import NAMES
from tests.ops.deployment import OPS, ROOT

HTML = ROOT / ".cache" / "site" / "html"


@pytest.fixture(scope="module")
def front() -> str:
    """The first page of a site that was just built."""
    done = subprocess.run([sys.executable, OPS / "make_site.py"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return (HTML / "index.html").read_text(encoding="utf-8")


def test_every_page_is_in_the_navigation(front: str) -> None:
    linked = set(re.findall(r'href="([^"#:]+\.html)"', front)) | {"index.html"}
    pages = {name.replace("README.md", "index.md").replace(".md", ".html") for name in NAMES}
    assert pages - linked == set()


def test_the_site_loads_nothing_from_elsewhere(front: str) -> None:
    assert re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?://[^"]+"', front) == []


@pytest.mark.usefixtures("front")
def test_no_link_leads_nowhere() -> None:
    lost = []
    for page in HTML.rglob("*.html"):
        if page.name == "404.html":  # its links are those of a server's root
            continue
        for link in re.findall(r'(?:href|src)="([^"#:?]+)["#?]', page.read_text(encoding="utf-8")):
            target = page.parent / unquote(link)
            if not (target / "index.html" if target.is_dir() else target).exists():
                lost.append(f"{page.relative_to(HTML)}: {link}")
    assert lost == []
