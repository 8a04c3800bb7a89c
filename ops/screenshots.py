"""Screenshots of the monitor page for the documentation: ``make screenshots``.

It starts a stack of its own as `wasl up` does, sends the demonstration articles for a while, opens the page in a
headless Chromium, and writes docs/images/monitor-*.png. It also says how long the page took to load.

With ``--grafana ADDRESS`` it takes the dashboards of a Grafana that runs, and writes docs/images/grafana-*.png;
``ops/smoke.sh --screenshots`` calls it so.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from kafka import KafkaProducer
from playwright.sync_api import sync_playwright

from streams.embedded.state import read_state

_ROOT: Final = Path(__file__).resolve().parents[1]
_IMAGES: Final = _ROOT / "docs" / "images"
_DASHBOARDS: Final = _ROOT / "ops" / "grafana" / "dashboards"
_RATE: Final = 3.0  # articles a second, about 10,000 an hour
_FLOWS_FOR: Final = 75.0
_LOADS: Final = 5
_TOKEN: Final = "shown-in-no-picture"
_NEW: Final = {
    "id": "local:rahal-robotics",
    "type": "organization",
    "labels": {"en": "Rahal Robotics", "ar": "رحال للروبوتات"},
}


def main(arguments: list[str] | None = None) -> int:
    """Make the screenshots, and return the exit code."""
    parser = argparse.ArgumentParser(description="Make the screenshots of the documentation.")
    parser.add_argument("--grafana", metavar="ADDRESS", help="a Grafana that runs, instead of the monitor page")
    given = parser.parse_args(arguments)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("No Chromium is installed; on Debian: apt-get install chromium\n")
        return 1
    if given.grafana is not None:
        _shoot_grafana(chromium, given.grafana)
        return 0
    home = Path(tempfile.mkdtemp(prefix="wasl-screenshots-"))
    env = {name: value for name, value in os.environ.items() if not name.startswith("WASL_")}
    env |= {"WASL_HOME": str(home), "WASL_MONITOR_TOKEN": _TOKEN, "WASL_CATALOG_AUTHOR": "Amal"}
    subprocess.run([sys.executable, "-m", "streams", "up", "--detach"], env=env, check=True)
    try:
        state = read_state(home)
        if state is None:
            return 1
        page = next(process.port for process in state.processes if process.name == "monitor")
        ended = threading.Event()
        feeder = threading.Thread(target=_feed, args=(state.bootstrap_servers, ended))
        feeder.start()
        try:
            _stage(home / "next.jsonl", env)
            time.sleep(_FLOWS_FOR)
            _shoot(chromium, f"http://127.0.0.1:{page}/")
        finally:
            ended.set()
            feeder.join()
    finally:
        subprocess.run([sys.executable, "-m", "streams", "down"], env=env, check=True)
        shutil.rmtree(home)
    return 0


def _stage(path: Path, env: dict[str, str]) -> None:
    """Import the catalogue with a change and an entity more, beside the one that is live."""
    wasl = [sys.executable, "-m", "streams", "catalog"]
    subprocess.run([*wasl, "export", str(path)], env=env, check=True)
    text = path.read_text(encoding="utf-8").replace("American chip designer", "Designer")
    path.write_text(f"{text}{json.dumps(_NEW)}\n", encoding="utf-8")
    subprocess.run([*wasl, "import", str(path), "--stage"], env=env, check=True)


def _feed(bootstrap_servers: str, ended: threading.Event) -> None:
    """Send articles at a steady rate, and now and then a record that is none."""
    lines = files("streams.embedded.demo").joinpath("articles.jsonl").read_text(encoding="utf-8").splitlines()
    producer = KafkaProducer(bootstrap_servers=bootstrap_servers)
    began = time.monotonic()
    for number, line in enumerate(itertools.cycle(lines)):
        if ended.wait(max(0.0, began + number / _RATE - time.monotonic())):
            break
        article: dict[str, Any] = json.loads(line)
        article["article_id"] += f"-{number}"
        producer.send("articles.raw", json.dumps(article).encode(), key=article["article_id"].encode())
        if number % 60 == 30:
            producer.send("articles.raw", b'{"article_id": "a-1", "title": 5}', key=b"a-1")
        if number % 90 == 40:
            producer.send("articles.raw", b"<html>502 Bad Gateway</html>", key=b"a-2")
    producer.close()


def _shoot(chromium: str, address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        seconds = sorted(_load(browser, address) for _ in range(_LOADS))
        sys.stdout.write(
            f"From request to live values: median {seconds[_LOADS // 2]:.2f} s, worst {seconds[-1]:.2f} s\n"
        )
        for name, scheme, size, view, prepare in (
            ("overview", "light", (1280, 860), "overview", None),
            ("overview-dark", "dark", (1280, 860), "overview", None),
            ("articles", "light", (1280, 860), "articles", _both_directions),
            ("try", "light", (1280, 1000), "try", _try_arabic),
            ("catalogue", "dark", (1280, 760), "entity/Q182477", None),
            ("phone", "light", (390, 844), "articles", _arabic_first),
            ("edit", "light", (1280, 1960), "catalogue", _open_form),
            ("versions", "dark", (1280, 640), "catalogue", _compare),
        ):
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="en-GB"
            )
            page = context.new_page()
            page.goto(f"{address}#{view}")
            page.wait_for_selector("body[data-live]")
            page.wait_for_timeout(1_500)
            if prepare is not None:
                prepare(page)
            page.screenshot(path=_IMAGES / f"monitor-{name}.png")
            context.close()
        browser.close()


def _shoot_grafana(chromium: str, address: str) -> None:
    """Take every dashboard whole, as somebody sees it who has not signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in sorted(_DASHBOARDS.glob("*.json")):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address}/d/wasl-{path.stem}?kiosk&from=now-15m", wait_until="networkidle")
            page.wait_for_timeout(2_000)
            page.screenshot(path=_IMAGES / f"grafana-{path.stem}.png")
            page.close()
        browser.close()


def _load(browser: Any, address: str) -> float:
    """Return the seconds from the request until live values are shown, in a browser that has nothing cached."""
    context = browser.new_context()
    page = context.new_page()
    began = time.monotonic()
    page.goto(address)
    page.wait_for_selector("body[data-live]")
    passed = time.monotonic() - began
    context.close()
    return passed


def _both_directions(page: Any) -> None:
    """Until the latest two articles run in two directions."""
    page.wait_for_function(
        "() => { const [one, other] = document.querySelectorAll('#articles article h2');"
        " return one?.dir !== undefined && other !== undefined && one.dir !== other.dir; }"
    )


def _arabic_first(page: Any) -> None:
    page.wait_for_selector("#articles article:first-child h2[lang=ar]")


def _try_arabic(page: Any) -> None:
    page.click("[data-sample=ar]")
    page.wait_for_selector(".why")
    page.click(".why:nth-child(1) summary")


def _unlock(page: Any) -> None:
    page.fill("#edit-token", _TOKEN)
    page.click("text=Unlock")
    page.wait_for_selector("text=Editing is unlocked")


def _open_form(page: Any) -> None:
    """The form of an entity, with everything beside its record unfolded."""
    _unlock(page)
    page.evaluate("location.hash = 'entity/Q182477'")
    page.click("#card[open] button >> text=Edit")
    page.click(".more-edits > summary")
    page.evaluate("scrollTo(0, 0)")


def _compare(page: Any) -> None:
    _unlock(page)
    page.click("#versions-list button >> text=Compare >> nth=0")
    page.wait_for_selector("#versions-diff table")


if __name__ == "__main__":
    sys.exit(main())
