"""Listening: on a free port, on a socket, and not where something else does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, UnixConnector, web

from streams.errors import SettingsError
from streams.listen import bound_port, listen

if TYPE_CHECKING:
    from pathlib import Path


def _app() -> web.Application:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="here")

    app = web.Application()
    app.add_routes([web.get("/", answer)])
    return app


def test_a_free_port_is_picked_and_a_taken_one_is_named() -> None:
    async def run() -> None:
        first = await listen(_app(), host="127.0.0.1", port=0, what="The first", remedy="None.")
        port = bound_port(first)
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as answer:
            assert await answer.text() == "here"
        with pytest.raises(SettingsError, match=rf"The second cannot listen on 127\.0\.0\.1:{port}: .") as caught:
            await listen(_app(), host="127.0.0.1", port=port, what="The second", remedy="Take another.")
        assert caught.value.remedy == "Take another."
        await first.cleanup()

    asyncio.run(run())


def test_a_socket_is_listened_on_and_one_that_cannot_be_is_named(tmp_path: Path) -> None:
    async def run() -> None:
        path = tmp_path / "socket"
        runner = await listen(_app(), host="", port=0, socket=path, what="The endpoint", remedy="None.")
        async with ClientSession(connector=UnixConnector(str(path))) as session, session.get("http://x/") as answer:
            assert await answer.text() == "here"
        await runner.cleanup()
        with pytest.raises(SettingsError, match="away"):
            await listen(_app(), host="", port=0, socket=tmp_path / "away" / "s", what="It", remedy="None.")

    asyncio.run(run())
