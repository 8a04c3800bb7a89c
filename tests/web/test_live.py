from __future__ import annotations

import asyncio
import json

import pytest

from streams.errors import BrokerUnavailableError
from streams.web.board import Board
from streams.web.live import PAGES, Live, frame
from streams.web.memory import MemoryCatalog, MemoryLag, MemoryTail, MemoryWorkers
from streams.web.ports import Arrived
from tests.support.web import GROUP, NOW, dead, lag


@pytest.fixture
async def live():
    made = Live(
        Board(GROUP),
        lag=MemoryLag(lag(NOW)),
        tail=MemoryTail(),
        workers=MemoryWorkers(),
        catalog=MemoryCatalog(),
        clock=lambda: NOW,
        every=0.01,
        backoff=0.01,
    )
    yield made
    await made.stop()


def _read(data):
    event, document = data.decode().rstrip().split("\n")
    return event.removeprefix("event: "), json.loads(document.removeprefix("data: "))


def test_an_event_is_one_line_whatever_its_text_holds():
    assert _read(frame("live", {"text": "a\n\nevent: evil\r\u2028b"})) == (
        "live",
        {"text": "a\n\nevent: evil\r\u2028b"},
    )
    assert frame("x", "\n").count(b"\n") == 3


async def test_a_page_gets_all_there_is_and_then_what_changes(live):
    live.start()
    page = live.open_page()
    assert _read(await page.get())[0] == "whole"
    live._tail.waiting.append(Arrived(dead=(dead("event.invalid"),)))
    while True:
        event, document = _read(await asyncio.wait_for(page.get(), 5))
        if document["dead"]["total"] == 1 and document["sample"] is not None:
            break
    assert event == "live"
    assert document["sample"][1] == 10


async def test_an_error_is_shown_and_forgotten(live):
    live._lag.error = BrokerUnavailableError("Away.", remedy="Wait.")
    live.start()
    page = live.open_page()
    while [notice["source"] for notice in _read(await asyncio.wait_for(page.get(), 5))[1]["notices"]] != ["lag"]:
        pass


async def test_a_kafka_that_hangs_is_named_before_its_client_gives_up_and_forgotten_when_it_answers(live):
    answers = asyncio.Event()

    class Hanging(MemoryLag):
        async def observe(self):
            await answers.wait()
            return await super().observe()

    live._lag = Hanging(lag(NOW))
    live._patience = 0.05
    live.start()
    page = live.open_page()
    while (notices := _read(await asyncio.wait_for(page.get(), 5))[1]["notices"]) == []:
        pass
    assert [(notice["source"], notice["code"]) for notice in notices] == [("lag", "broker.unavailable")]
    assert notices[0]["message"].startswith("Kafka has not answered for 0.05 s")
    answers.set()
    while _read(await asyncio.wait_for(page.get(), 5))[1]["notices"] != []:
        pass


async def test_an_answer_in_time_is_no_silence(live):
    live._patience = 0.3
    live.start()
    page = live.open_page()
    deadline = asyncio.get_running_loop().time() + 0.6
    while asyncio.get_running_loop().time() < deadline:
        assert _read(await asyncio.wait_for(page.get(), 5))[1]["notices"] == []


async def test_a_page_that_does_not_read_is_let_go(live):
    live.start()
    page = live.open_page()
    while page in live._pages:  # noqa: ASYNC110 - nothing says when it is let go
        await asyncio.sleep(0.01)
    while (data := page.get_nowait()) is not None:
        assert _read(data)[0] in {"whole", "live"}
    assert page.empty()


async def test_pages_are_bounded_and_end_with_the_server(live):
    pages = [live.open_page() for _ in range(PAGES)]
    assert live.open_page() is None
    live.close_page(pages[0])
    assert live.open_page() is not None
    await live.stop()
    assert _read(pages[1].get_nowait())[0] == "whole"
    assert pages[1].get_nowait() is None
