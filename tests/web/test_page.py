"""The page in a real Chromium: every section is used, and fed what strangers may write."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.web import ARTICLE, EVIL, HOSTILE, Monitor, dead, fed, go, lag

# --- Every section ----------------------------------------------------------------------------------------


def test_the_overview_shows_lag_throughput_workers_and_catalogue(monitor: Monitor, open_page: Any) -> None:
    page = open_page(fed(monitor).address)
    tiles = page.locator("#tiles")
    assert "Waiting\n10" in tiles.inner_text()
    assert "oldest 4 s" in tiles.inner_text()
    assert "3.0" in tiles.inner_text()
    assert "1/1" in tiles.inner_text()
    page.wait_for_selector("#chart-lag .curve", state="attached")
    assert page.locator("#chart-lag svg").get_attribute("aria-label").startswith("Lag, articles that wait, from ")
    assert "waiting: now 10, at most 10" in page.locator("#chart-lag svg").get_attribute("aria-label")
    page.click("#chart-flow summary")
    page.wait_for_selector("#chart-flow table td")
    assert page.locator("#chart-flow thead").inner_text().split() == ["Time", "done", "arriving"]
    assert "127.0.0.1:6066" in page.locator("#workers").inner_text()
    expect(page.locator("#sizing")).to_contain_text("articles a second ask for 1 worker (")
    assert "8 partitions" in page.locator("#sizing").inner_text()
    page.click("text=Lag of each partition")
    assert "articles.raw 0" in page.locator("#partitions").inner_text()
    assert monitor.view.version in page.locator("#state").inner_text()
    page.click('input[name=span][value="6 h"] + span')
    page.wait_for_selector("#chart-lag .curve", state="attached")


def test_values_are_live_until_they_are_paused(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address)
    monitor.lag.groups = lag(monitor.time, committed=50, end=777)
    expect(page.locator("#tiles .value").first).to_have_text("727")
    page.click("#pause")
    assert page.get_attribute("#pause", "aria-pressed") == "true"
    monitor.lag.groups = lag(monitor.time, committed=50, end=60)
    seen = monitor.time
    page.wait_for_timeout(400)
    assert monitor.time > seen
    assert page.locator("#tiles .value").first.inner_text() == "727"
    page.click("#pause")
    expect(page.locator("#tiles .value").first).to_have_text("10")


def test_articles_are_marked_and_lead_to_the_card_of_an_entity(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address)
    go(page, "articles")
    assert "No enriched article" in page.locator("#articles").inner_text()
    monitor.arrive(ARTICLE)
    page.wait_for_selector("#articles article")
    assert page.locator("#articles .text").inner_text() == ARTICLE.body
    marks = page.locator("#articles article .m:not(.nil)").all_inner_texts()
    assert marks == ["Nvidia", "Riyadh", "Jensen Huang", "Riyadh", "Huang", "إنفيديا"]
    assert page.locator("#articles .m.nil").all_inner_texts() == ["Qalamoun Robotics"]
    assert page.locator("#articles .chip").count() == 3
    page.click("#articles .m >> text=إنفيديا")
    page.wait_for_selector("#card[open] .names")
    card = page.locator("#card").inner_text()
    assert page.locator("#card-name").inner_text() == "Nvidia"
    assert "chip designer" in card
    assert "549300S4KLFTLO7GSQ80" in card
    link = page.locator("#card a >> text=Wikidata")
    assert link.get_attribute("href") == "https://www.wikidata.org/wiki/Q182477"
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.click("#card .chip >> text=Jensen Huang")
    expect(page.locator("#card-name")).to_have_text("Jensen Huang")
    page.keyboard.press("Escape")
    page.wait_for_selector("#card", state="hidden")
    expect(page).to_have_url(f"{monitor.address}#articles")


def test_a_card_is_the_one_that_the_address_names_however_quickly_that_changes(
    monitor: Monitor, open_page: Any
) -> None:
    page = open_page(f"{monitor.address}")
    page.evaluate("location.hash = 'entity/Q182477'")
    page.wait_for_selector("#card[open] .names")
    # Browsers tell of a closed dialog later: by then the address may have been set again, to the same card.
    page.evaluate("document.querySelector('#card .close').click(), location.hash = 'entity/Q182477'")
    page.wait_for_selector("#card[open] .names")
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert page.locator("#card").is_visible()
    expect(page).to_have_url(f"{monitor.address}#entity/Q182477")
    page.evaluate("document.querySelector('#card .close').click()")
    expect(page).to_have_url(f"{monitor.address}#overview")
    # An answer that comes late is not shown in another card.
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/api/entities/Q182477", hold)
    page.evaluate("location.hash = 'entity/Q182477'")
    page.wait_for_selector("#card[open] >> text=Looking it up")
    page.evaluate("location.hash = 'entity/Q3692'")
    expect(page.locator("#card-name")).to_have_text("Riyadh")
    with page.expect_response("**/api/entities/Q182477"):
        held[0].continue_()
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert page.locator("#card-name").inner_text() == "Riyadh"


def test_live_values_take_neither_focus_nor_selection_away(monitor: Monitor, open_page: Any) -> None:
    """Whoever reads with the keyboard or copies a line is not interrupted by what changes beside it."""
    monitor.catalog.state = replace(
        monitor.catalog.state, changes=({"sequence": 1, "action": "set", "entity_id": "Q3692"},)
    )
    page = open_page(fed(monitor).address)
    link = page.locator("#state a >> text=Q3692")
    link.focus()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#workers .mono'))")
    monitor.lag.groups = lag(monitor.time, committed=50, end=777)
    expect(page.locator("#tiles .value").first).to_have_text("727")
    expect(link).to_be_focused()
    assert page.evaluate("String(getSelection())") == "127.0.0.1:6066"


@pytest.mark.parametrize(("state", "said"), [("stalled", "Workers are stalled."), ("stopped", "Nobody reads.")])
def test_what_is_wrong_is_said_with_what_to_do_and_seen_from_the_tab(
    monitor: Monitor, open_page: Any, state: Any, said: str
) -> None:
    page = open_page(monitor.address)
    assert page.title() == "Overview · Wasl monitor"
    assert page.locator(".notice").count() == 0
    monitor.lag.groups = tuple(replace(group, state=state) for group in lag(monitor.time))
    expect(page.locator(".notice.bad")).to_contain_text(said)
    expect(page.locator("#tiles .tile.bad dt")).to_have_text("Waiting")
    # A screen reader is told once: the notice stays the same node while values go on.
    page.evaluate("window.first = document.querySelector('.notice.bad')")
    seen = monitor.time
    page.wait_for_timeout(400)
    assert monitor.time > seen
    assert page.evaluate("document.querySelector('.notice.bad') === window.first")
    assert page.title() == "⚠ Overview · Wasl monitor"
    monitor.lag.groups = lag(monitor.time)
    page.wait_for_selector(".notice", state="detached")
    assert page.title() == "Overview · Wasl monitor"


def test_workers_and_lost_records_and_a_silent_catalogue_are_said(monitor: Monitor, open_page: Any) -> None:
    groups = lag(monitor.time)
    [partition] = groups[0].partitions
    monitor.lag.groups = tuple(replace(group, partitions=(replace(partition, lost=12),)) for group in groups)
    monitor.workers.workers = tuple(
        replace(worker, is_ready=False, note="no partitions yet") for worker in monitor.workers.workers
    )
    monitor.catalog.state = replace(monitor.catalog.state, is_live=False, age=90.0)
    page = open_page(monitor.address)
    expect(page.locator(".notice")).to_have_count(3)
    assert [text.partition(".")[0] for text in page.locator(".notice").all_inner_texts()] == [
        "Records were lost",
        "A worker is not ready",
        "Changes of the catalogue do not arrive",
    ]
    assert "Kafka deleted 12" in page.locator("#notices").inner_text()
    assert "127.0.0.1:6066: no partitions yet" in page.locator("#notices").inner_text()


def test_a_store_without_a_catalogue_is_told_from_one_that_is_away(monitor: Monitor, open_page: Any) -> None:
    nothing = {"entities": 0, "retired": 0, "redirects": 0, "names": 0}
    monitor.catalog.state = replace(monitor.catalog.state, counts=nothing, by_type={}, is_live=False, age=None)
    notice = open_page(monitor.address).locator(".notice")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text("Redis holds no catalogue.")
    expect(notice).to_contain_text("Import one with `wasl catalog import`")


def test_the_lines_of_a_chart_stand_at_the_figures_beside_them(monitor: Monitor, open_page: Any) -> None:
    page = open_page(fed(monitor).address)
    page.wait_for_selector("#chart-lag .curve", state="attached")
    for chart in ("lag", "flow"):
        marks = page.locator(f"#chart-{chart} svg text[text-anchor=end][x='40']").all_text_contents()
        assert float(marks[0]) == 0
        assert len({round(float(one) - float(other), 6) for other, one in pairwise(marks)}) == 1, marks


def test_arabic_runs_from_right_to_left_and_its_letters_stay_joined(monitor: Monitor, open_page: Any) -> None:
    from streams.events.article import RawArticle

    # A headline that begins with a Latin name is an Arabic one all the same.
    monitor.arrive(RawArticle("ar", "Nvidia تبيع رقائق", "قالت الشركة لإنفيديا إن Nvidia ستبيع رقائق.", language="ar"))
    page = open_page(f"{monitor.address}")
    go(page, "articles")
    page.wait_for_selector("#articles article")
    text = page.locator("#articles .text")
    for node in (text, page.locator("#articles article h2"), page.locator("#articles article .chips")):
        assert node.evaluate("node => getComputedStyle(node).direction") == "rtl"
    # The same words without a mark are as wide: a mark that tore letters apart would change their shapes.
    widths = text.evaluate(
        """node => {
            const range = document.createRange(); range.selectNodeContents(node);
            const before = range.getBoundingClientRect().width;
            const plain = node.cloneNode(false); plain.textContent = node.textContent; node.after(plain);
            range.selectNodeContents(plain);
            return [before, range.getBoundingClientRect().width];
        }"""
    )
    assert widths[0] == pytest.approx(widths[1], abs=0.6)


def test_a_text_is_tried_and_every_decision_explained(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address)
    go(page, "try")
    page.fill("#try-text", "Jensen Huang spoke in Riyadh.")
    page.select_option("#try-language", "en")
    page.click("#try-form button.main")
    page.wait_for_selector("#try-why .why")
    assert page.locator("#try-result h2").inner_text() == "2 linked, 0 not in the catalogue"
    assert page.locator("#try-result .m").all_inner_texts() == ["Jensen Huang", "Riyadh"]
    page.click("#try-why .why summary >> nth=0")
    assert "What spoke for and against the link" in page.locator("#try-why .why >> nth=0").inner_text()
    assert "spelt exactly like a name" in page.locator("#try-why .why >> nth=0").inner_text()
    page.click("[data-sample=ar]")
    expect(page.locator("#try-result .text").first).to_have_attribute("dir", "rtl")
    page.fill("#try-text", "x" * 20_001)
    page.click("#try-form button.main")
    page.wait_for_selector("#try-form .said:not(:empty)")
    assert "20000" in page.locator("#try-form .said").inner_text().replace(",", "")


def test_dead_letters_are_counted_by_cause(monitor: Monitor, open_page: Any) -> None:
    page = open_page(fed(monitor).address)
    go(page, "dead")
    page.wait_for_selector("#dead table")
    assert page.locator("#dead tbody th .mono").all_inner_texts() == ["event.undecodable", "event.invalid"]
    assert page.locator("#dead tbody td.n").all_inner_texts() == ["2", "1"]
    assert "articles.raw 3 @ 17" in page.locator("#dead").inner_text()
    assert page.locator("#dead-badge").inner_text() == "3"


def test_all_of_it_is_reached_by_the_keyboard(monitor: Monitor, open_page: Any) -> None:
    page = open_page(fed(monitor).address)
    # The page is there before the first figures are.
    expect(page.locator("#dead-badge")).to_have_text("3")
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.value"))
    assert reached[0] == "Skip to the content"
    assert [each.partition("\n")[0].strip() for each in reached[2:7]] == [
        "Overview",
        "Articles",
        "Try it",
        "Catalogue",
        "Dead letters 3",
    ]
    assert {"Pause", "15 min"} <= set(reached)
    page.focus('nav a[href="#try"]')
    page.keyboard.press("Enter")
    expect(page.locator("#h-try")).to_be_focused()
    assert page.title() == "Try it · Wasl monitor"


def test_what_cannot_be_reached_is_said_and_the_rest_goes_on(monitor: Monitor, open_page: Any) -> None:
    from streams.errors import BrokerUnavailableError

    page = open_page(monitor.address)
    monitor.lag.error = BrokerUnavailableError("No broker answers.", remedy="Start one.")
    page.wait_for_selector(".notice")
    assert page.locator(".notice").inner_text() == "Lag No broker answers. Start one."
    monitor.lag.error = None
    page.wait_for_selector(".notice", state="detached")


def test_what_is_not_known_is_not_shown_as_well(monitor: Monitor, open_page: Any) -> None:
    from streams.errors import BrokerUnavailableError, StoreUnavailableError

    away = BrokerUnavailableError("No broker answers.", remedy="Start one.")
    page = open_page(monitor.address)
    tiles = page.locator("#tiles")
    expect(tiles).to_contain_text("oldest 4 s")
    expect(tiles).to_contain_text("changes arrive")
    monitor.lag.error = monitor.workers.error = monitor.tail.error = away
    monitor.catalog.error = StoreUnavailableError("No store answers.", remedy="Start one.")
    expect(tiles.locator(".note")).to_have_text([*["not reached"] * 3, "entities · no changes arrive", "not reached"])
    expect(tiles.locator(".tile.good")).to_have_count(0)
    expect(page.locator("#notices")).to_contain_text("Changes of the catalogue do not arrive.")
    monitor.lag.error = monitor.workers.error = monitor.tail.error = monitor.catalog.error = None
    page.wait_for_selector(".notice", state="detached")
    expect(tiles).to_contain_text("oldest 4 s")


def test_no_worker_is_asked_for_where_nobody_says_which_there_are(monitor: Monitor, open_page: Any) -> None:
    from streams.errors import BrokerUnavailableError

    monitor.workers.workers = ()
    page = open_page(monitor.address)
    expect(page.locator("#workers")).to_contain_text("Start one with `wasl worker`.")
    monitor.workers.error = BrokerUnavailableError("No broker answers.", remedy="Start one.")
    expect(page.locator("#workers")).to_have_text("Nobody says which workers there are.")


def test_a_lost_line_is_said_and_taken_up_again(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address)
    page.wait_for_selector("#line[data-state=live]")
    page.evaluate(
        """() => {
            const line = document.querySelector("#line");
            window.seen = [];
            new MutationObserver(() => window.seen.push(line.dataset.state)).observe(line, { attributes: true });
        }"""
    )
    monitor.loop.call_soon_threadsafe(lambda: [monitor_page.put_nowait(None) for monitor_page in _pages(monitor)])
    page.wait_for_function("() => window.seen.includes('lost') && window.seen.at(-1) === 'live'")


def _pages(monitor: Monitor) -> list[Any]:
    import gc

    from streams.web.live import Live

    return [page for live in gc.get_objects() if isinstance(live, Live) for page in live._pages]


# --- Strangers --------------------------------------------------------------------------------------------


def test_what_strangers_write_stays_text(monitor: Monitor, open_page: Any) -> None:
    """Hostile titles, bodies, sources, ids, labels, descriptions and reasons: no dialog, no script, no element."""
    monitor.arrive(EVIL, letters=(dead("event.invalid", HOSTILE, article_id=HOSTILE),))
    page = open_page(monitor.address)
    go(page, "articles")
    page.wait_for_selector("#articles article")
    page.click("text=Show all of it")
    page.click("#articles .m >> nth=0")
    page.wait_for_selector("#card[open] .names")
    assert page.locator("#card-name").inner_text() == HOSTILE
    assert page.locator("#card a >> text=Wikidata").count() == 0
    page.keyboard.press("Escape")
    go(page, "dead")
    page.wait_for_selector("#dead table")
    assert HOSTILE in page.locator("#dead").inner_text()
    go(page, "catalogue")
    page.fill("#search-text", "hostile")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    go(page, "try")
    page.fill("#try-title", HOSTILE)
    page.fill("#try-text", f"{HOSTILE} Hostile Corp")
    page.click("#try-form button.main")
    page.wait_for_selector("#try-why .why")
    page.click("#try-why .why summary >> nth=0")
    page.goto(f"{monitor.address}#entity/{'%3Cimg%20src%3Dx%20onerror%3Dalert(4)%3E'}")
    page.wait_for_selector("#card[open] [role=alert]")
    assert (
        page.evaluate("document.querySelectorAll('img:not([src=\"icon.svg\"]), script:not([src]), iframe').length") == 0
    )


def test_no_script_runs_that_is_not_a_file_of_ours(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address)
    ran = page.evaluate(
        """async () => {
            const script = document.createElement('script');
            try { script.textContent = 'window.ran = 1'; document.body.append(script); } catch {}
            try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.ran = 2">'); } catch {}
            await new Promise((done) => setTimeout(done, 100));
            return window.ran ?? 0;
        }"""
    )
    assert ran == 0
    page.seen.problems.clear()  # the browser has told of both
