"""Requests and answers in JSON, as every part of the page's server reads and writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import hdrs, web

from streams.events import read

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

__all__ = ["json_answer", "problem", "request_object"]


async def request_object(request: Request) -> dict[str, Any]:
    """Return the JSON object that a request holds.

    Raises:
        EventError: It holds none.
    """
    return read.decode_object(await request.read(), "request")


def json_answer(document: Any, *, status: int = 200) -> Response:
    """Return an answer that nobody keeps."""
    return web.Response(
        body=orjson.dumps(document),
        status=status,
        headers={hdrs.CONTENT_TYPE: "application/json; charset=utf-8", hdrs.CACHE_CONTROL: "no-store"},
    )


def problem(status: int, code: str, message: str, remedy: str) -> Response:
    """Return an answer that says what is wrong and what to do."""
    return json_answer({"error": {"code": code, "message": message, "remedy": remedy}}, status=status)
