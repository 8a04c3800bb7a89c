"""A page, and a browser for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.web import Monitor, find_chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    made = Monitor()
    yield made
    made.close()


# Of the module, not of the session: Playwright's loop counts as running in this thread for as long as it is open, and
# no other test could have one.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One headless Chromium for the tests of a module, none of which may be asynchronous."""
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Root, as which CI runs, has no sandbox; the pages are ours.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


class Seen:
    """What a page did beside what it shows."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.bytes = 0


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open an address as a browser that reaches nothing else; dialogs, errors and refused scripts fail the test."""
    contexts = []
    seen = Seen()

    def opened(address: str, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.seen = seen
        page.on("dialog", lambda dialog: (seen.problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: seen.problems.append(f"error: {error}"))
        page.on("console", lambda said: seen.problems.append(said.text) if said.type == "error" else None)

        def route(route: Any) -> None:
            seen.requests.append(route.request.url)
            if route.request.url.startswith(address):
                route.continue_()
            else:
                route.abort()

        context.route("**/*", route)
        page.goto(address)
        page.wait_for_selector("body[data-live]")
        return page

    yield opened
    for context in contexts:
        context.close()
    outside = [url for url in seen.requests if not url.startswith("http://127.0.0.1:")]
    assert outside == [], "nothing may be asked for beyond the server"
    refused = ("status of 4", "status of 5")
    assert [problem for problem in seen.problems if not any(part in problem for part in refused)] == []
