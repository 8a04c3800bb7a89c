"""The catalogue edited on the page in a real Chromium, with the token alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from streams.events.entity import Entity
from tests.support.web import ENTITIES, TOKEN, Monitor, go

if TYPE_CHECKING:
    import pytest


def test_the_catalogue_is_searched_and_edited_with_the_token_alone(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address)
    go(page, "catalogue")
    page.fill("#search-text", "إنفيديا")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    assert page.locator(".hit b").all_inner_texts() == ["Nvidia"]
    page.click(".hit")
    page.wait_for_selector("#card[open] .names")
    assert page.locator("#card button >> text=Edit").count() == 0
    page.keyboard.press("Escape")

    page.fill("#edit-token", "a wrong token, of course")
    page.click("text=Unlock")
    page.wait_for_selector("#edit-lock .said:not(:empty)")
    _unlock(page)

    page.click(".hit")
    page.click("#card button >> text=Edit")
    page.fill("#edit-description", "designs chips")
    page.click("text=Add a name")
    page.fill("#edit tbody tr:last-child td:nth-child(2) input", "نفيديا")
    page.fill("#edit-author", "Amal")
    page.fill("#edit-reason", "a spelling that papers use")
    page.click("#edit button >> text=Save")
    page.wait_for_selector("#edit .state.good")
    changed = monitor.store.get("Q182477")
    assert changed is not None
    assert changed.description == "designs chips"
    assert [alias.text for alias in changed.aliases["ar"]] == ["نفيديا"]
    assert [(alias.text, alias.count) for alias in changed.aliases["en"]] == [("NVIDIA Corp", 7)]
    [entry, *_] = monitor.store.log(limit=1)
    assert (entry.note.author, entry.note.reason) == ("Amal", "a spelling that papers use")

    page.click("text=New entity")
    page.fill("#edit-id", "local:qalamoun")
    page.fill("#edit tbody tr:last-child td:nth-child(2) input", "Qalamoun")
    page.fill("#edit-reason", "it is in the news")
    page.click("#edit button >> text=Save")
    page.wait_for_selector("#edit .state.good")
    assert monitor.store.find("Qalamoun") == ("local:qalamoun",)
    page.click("#edit-lock button >> text=Lock")
    assert page.locator("#new-entity").is_hidden()


def _unlocked(page: Any) -> None:
    go(page, "catalogue")
    _unlock(page)


def _unlock(page: Any) -> None:
    page.fill("#edit-token", TOKEN)
    page.click("text=Unlock")
    page.wait_for_selector("text=Editing is unlocked")


def _editing(page: Any, entity_id: str) -> None:
    """Open the form of an entity, with everything beside its record unfolded."""
    page.wait_for_selector("#card", state="hidden")
    page.evaluate(f"location.hash = 'entity/{entity_id}'")
    page.click("#card[open] button >> text=Edit")
    page.fill("#edit-author", "Amal")
    page.fill("#edit-reason", "a test of it")
    page.click(".more-edits > summary")


def _done(page: Any) -> None:
    page.wait_for_selector("#edit .state.good")


def test_names_are_blocked_boosted_and_split_with_the_token(monitor: Monitor, open_page: Any) -> None:
    page = open_page(monitor.address)
    _unlocked(page)
    _editing(page, "Q182477")
    # Enter in a field of a group presses its button, and does not save the form around it.
    page.fill("#block-name", "NVIDIA Corp")
    page.keyboard.press("Enter")
    _done(page)
    record = monitor.store.record("Q182477")
    assert record is not None
    assert record.marks.blocked == ("nvidia corp",)
    assert [entry.action for entry in monitor.store.log(limit=1)] == ["block"]

    _editing(page, "Q182477")
    page.click("[aria-label='Unblock nvidia corp']")
    _done(page)
    _editing(page, "Q182477")
    page.click("#edit button >> text=Set")  # without a figure nothing is sent
    assert page.locator("#boost-prior").evaluate("field => field.matches(':focus')")
    page.fill("#boost-prior", "0.8")
    page.click("#edit button >> text=Set")
    _done(page)
    _editing(page, "Q182477")
    page.fill("#boost-name", "إنفيديا")
    page.fill("#boost-count", "500")
    page.click("#edit fieldset button >> text=Boost")
    _done(page)
    record = monitor.store.record("Q182477")
    assert record is not None
    assert (record.marks.blocked, record.marks.prior, list(record.marks.counts.values())) == ((), 0.8, [500])
    page.evaluate("location.hash = 'entity/Q182477'")
    page.wait_for_selector("#card[open] >> text=What editors say")
    assert "×500" in page.locator("#card").inner_text()
    page.keyboard.press("Escape")

    _editing(page, "Q182477")
    page.click("#edit button >> text=Split")
    assert page.locator("#split-into").evaluate("field => field.matches(':focus')")
    page.fill("#split-into", "local:nvidia-corp")
    page.click("#edit button >> text=Split")
    page.wait_for_selector("#edit .said:not(:empty)")
    assert "no name" in page.locator("#edit .said").inner_text()
    page.check("#edit label:has-text('NVIDIA Corp') input")
    page.select_option("#split-type", "product")
    page.click("#edit button >> text=Split")
    _done(page)
    apart = monitor.store.get("local:nvidia-corp")
    assert apart is not None
    assert (apart.type, monitor.store.find("NVIDIA Corp")) == ("product", ("local:nvidia-corp",))
    [entry] = monitor.store.log(limit=1)
    assert (entry.action, entry.note.author, entry.note.reason) == ("split", "Amal", "a test of it")


def test_versions_are_compared_promoted_and_rolled_back_with_the_token(monitor: Monitor, open_page: Any) -> None:
    kept = [entity for entity in ENTITIES if entity.id != "Q3692"]
    staged = monitor.store.put_many(
        [*kept, Entity("local:new", "person", {"ar": "جديد"})], replace=True, stage=True
    ).build
    live = next(info.build for info in monitor.store.versions() if info.state == "live")
    page = open_page(monitor.address)
    go(page, "catalogue")
    assert page.locator("#versions").is_hidden()
    _unlocked(page)
    page.wait_for_selector("#versions-list table")
    page.click(f"[aria-label='Compare {staged} with what is live']")
    page.wait_for_selector("#versions-diff table")
    assert "1 added" in page.locator("#versions-body [role=status]").inner_text()
    assert "جديد" in page.locator("#versions-diff").inner_text()
    page.click(f"[aria-label='Promote {staged}']")  # nobody said who and why
    assert monitor.store.get("local:new") is None
    page.fill("#version-author", "Amal")
    page.fill("#version-reason", "the list of this quarter")
    page.click(f"[aria-label='Promote {staged}']")
    expect(page.locator("#versions-body [role=status]")).to_contain_text(f"Build {staged} is live")
    assert monitor.store.get("local:new") is not None
    assert monitor.published.wait(5)
    page.click("text=Roll back")
    expect(page.locator("#versions-body [role=status]")).to_contain_text(f"Build {live} is live")
    assert monitor.store.find("الرياض") == ("Q3692",)
    [back, forth] = monitor.store.log(limit=2)
    assert [(each.action, each.note.author) for each in (back, forth)] == [("rollback", "Amal"), ("promote", "Amal")]
    page.click("#edit-lock button >> text=Lock")
    assert page.locator("#versions").is_hidden()
    assert page.locator("#versions-body").inner_text() == ""


def test_half_a_build_is_offered_neither_to_compare_nor_to_promote(
    monitor: Monitor, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    [live] = monitor.store.versions()
    states = {"9": "removing", "8": "building", "7": "staged"}
    listed = [*(replace(live, build=build, state=state) for build, state in states.items()), live]
    monkeypatch.setattr(monitor.store, "versions", lambda: listed)
    page = open_page(monitor.address)
    go(page, "catalogue")
    _unlocked(page)
    page.wait_for_selector("#versions-list table")
    offered = {
        state: page.locator("#versions-list tr", has_text=state).locator("button").all_inner_texts()
        for state in states.values()
    }
    assert offered == {"removing": [], "building": [], "staged": ["Compare", "Promote"]}
