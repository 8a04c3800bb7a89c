"""The page in a real Chromium: what it weighs, what axe finds, and its theme."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support.web import SECTIONS, TOKEN, Monitor, fed, go

MOST_BYTES = 150_000
MOST_SECONDS = 1.0


def test_the_page_is_light_and_asks_for_nothing_else(monitor: Monitor, open_page: Any, chromium: Any) -> None:
    context = chromium.new_context()
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    sizes: list[float] = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(fed(monitor).address)
    page.wait_for_selector("body[data-live]")
    for section in SECTIONS:
        go(page, section)
    assert len(sizes) >= 12
    assert sum(sizes) < MOST_BYTES
    # As the files are, unpacked, it is light too.
    from streams.web.files import load_files

    assert sum(len(file.plain) for file in load_files().values()) < MOST_BYTES
    context.close()


def test_live_values_cost_less_than_a_second_of_processor_time(monitor: Monitor, chromium: Any) -> None:
    """All threads of the page, without a cache. By the clock it depends on what else a machine does: `make
    screenshots` measures that, and docs/how-to/monitor.md has it.
    """
    context = chromium.new_context()
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(monitor.address)
    page.wait_for_selector("body[data-live]")
    spent = {each["name"]: each["value"] for each in client.send("Performance.getMetrics")["metrics"]}
    context.close()
    assert 0 < spent["ProcessTime"] < MOST_SECONDS


def _findings(page: Any) -> list[str]:
    """What axe finds in both colour schemes."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # Of all rules, those about contrast alone depend on the scheme.
        only = (
            "" if scheme == "light" else ", runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}"
        )
        response = page.evaluate(f"axe.run(document, {{resultTypes: ['violations']{only}}})")
        found += [
            f"{scheme}, {each['impact']} {each['id']}: {[node['target'] for node in each['nodes']]}"
            for each in response["violations"]
            if each["impact"] in {"serious", "critical"}
        ]
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_in_light_and_dark(monitor: Monitor, open_page: Any, width: int) -> None:
    # axe builds functions from text, which our own policy forbids to everybody.
    page = open_page(fed(monitor).address, viewport={"width": width, "height": 844}, bypass_csp=True)
    page.evaluate(Axe().axe_script)
    findings = []
    for section in SECTIONS:
        go(page, section)
        if section == "articles":
            page.wait_for_selector("#articles article")
        if section == "try":
            page.click("[data-sample=en]")
            page.wait_for_selector("#try-why .why")
            page.click("#try-why .why summary >> nth=0")
        if section == "catalogue":
            page.fill("#edit-token", TOKEN)
            page.click("text=Unlock")
            page.fill("#search-text", "nvidia")
            page.keyboard.press("Enter")
            page.wait_for_selector(".hit")
            page.wait_for_selector("#versions-list table")
            page.click(".hit >> nth=0")
            page.click("#card[open] button >> text=Edit")
            page.click(".more-edits > summary")
        findings += _findings(page)
        # Nothing is wider than the window.
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), section
    go(page, "catalogue")
    page.click(".hit >> nth=0")
    page.wait_for_selector("#card[open] .names")
    findings += _findings(page)
    assert findings == []


def test_axe_would_find_what_is_wrong(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address, bypass_csp=True)
    page.evaluate(Axe().axe_script)
    page.evaluate("document.querySelector('#h-overview').style.color = '#eee'")
    assert any("color-contrast" in found for found in _findings(page))


def test_the_theme_is_chosen_and_remembered(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address, color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    page.wait_for_selector("body[data-live]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
