"""The page's server: static files, JSON, and one stream of server-sent events.

Whatever reads articles or the catalogue is open to this machine alone, and asks for the token elsewhere; whatever
changes the catalogue always asks for it. `streams.web.guard` has the rules.

Length: the table of everything that can be asked for, and a few lines for each.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from aiohttp import hdrs, web

from streams.errors import (
    ConflictError,
    EditError,
    EventError,
    MergeError,
    StoreUnavailableError,
    UnknownEntityError,
    WaslError,
)
from streams.listen import bound_port, listen
from streams.web import guard
from streams.web.answers import json_answer, problem, request_object
from streams.web.editor import ACTIONS
from streams.web.files import load_files

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from streams.settings import MonitorSettings
    from streams.web.board import Board
    from streams.web.editor import Editor
    from streams.web.live import Live
    from streams.web.playground import Playground
    from streams.web.versions import Versions

__all__ = ["Server", "build_app"]

_LOG: Final = logging.getLogger(__name__)
_BEAT: Final = 10.0  # seconds without an event, after which a comment says that the line is up
_API: Final = "/api/"
_VERSIONS: Final = "/api/versions"
_ASKING: Final = 4  # requests that wait for the catalogue's store at once; others wait for them
_STATUS: Final = (
    (UnknownEntityError, 404),
    (ConflictError, 409),
    (MergeError, 409),
    (EditError, 409),
    (StoreUnavailableError, 503),
    (EventError, 422),
)


class Server:
    """The server of one page.

    Args:
        monitor: Where to listen, and the token.
        board: What is shown.
        live: Keeps it fresh.
        editor: The catalogue's store.
        versions: The versions that it keeps.
        playground: The box in which texts are tried.
        is_open: Whether everybody may read, although the page leaves this machine.
        version: Version of Wasl.
    """

    def __init__(
        self,
        monitor: MonitorSettings,
        *,
        board: Board,
        live: Live,
        editor: Editor,
        versions: Versions,
        playground: Playground,
        is_open: bool = False,
        version: str = "",
    ) -> None:
        self._monitor = monitor
        self._board, self._live, self._editor, self._playground = board, live, editor, playground
        self._versions = versions
        self._publishing: asyncio.Task[None] | None = None
        self._names = guard.known_names(monitor)
        self._reads_freely = guard.is_loopback(monitor.host) or is_open
        self._version = version
        self._files = load_files()
        self._asking = asyncio.Semaphore(_ASKING)
        self._runner: web.AppRunner | None = None

    async def start(self) -> int:
        """Listen, and return the port.

        Raises:
            SettingsError: The address cannot be listened on.
        """
        self._runner = await listen(
            build_app(self),
            host=self._monitor.host,
            port=self._monitor.port,
            what="The monitor page",
            remedy="Set WASL_MONITOR_PORT to a free port, or to 0 to have one picked.",
        )
        return bound_port(self._runner)

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def routes(self) -> list[web.RouteDef]:
        """What can be asked for."""
        return [
            web.get("/healthz", self._healthz),
            web.get("/api/hello", self._hello),
            web.get("/api/stream", self._stream),
            web.get(r"/api/articles/{number:\d{1,12}}", self._article),
            web.post("/api/link", self._link),
            web.get("/api/search", self._search),
            web.get("/api/entities/{id}", self._card),
            web.put("/api/entities/{id}", self._change),
            web.post(f"/api/entities/{{id}}/{{action:{'|'.join(ACTIONS[1:])}}}", self._change),
            web.get(_VERSIONS, self._listed),
            web.get(f"{_VERSIONS}/diff", self._differences),
            web.post(f"{_VERSIONS}/rollback", self._switch),
            web.post(f"{_VERSIONS}/{{build}}/promote", self._switch),
            web.get("/", self._file),
            web.get("/{name}", self._file),
        ]

    @property
    def most_bytes(self) -> int:
        """Largest body of a request."""
        return 4 * self._monitor.max_text + 200_000

    @web.middleware
    async def check(self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Any:
        """Apply the rules of `streams.web.guard`."""
        if not guard.is_known_host(request.headers.get(hdrs.HOST), self._names):
            return problem(
                421,
                "monitor.host",
                "This page is not served under that name.",
                "Ask for it by address, or name it in WASL_MONITOR_NAMES.",
            )
        refused = self._refused(request) if request.path.startswith(_API) else None
        return await handler(request) if refused is None else refused

    @web.middleware
    async def explain(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Any:
        """Turn errors into answers that programs and people can read."""
        try:
            return await handler(request)
        except WaslError as exc:
            status = next((status for kind, status in _STATUS if isinstance(exc, kind)), 500)
            return problem(503 if exc.retriable else status, exc.code, exc.message, exc.remedy)
        except web.HTTPRequestEntityTooLarge:
            return problem(413, "monitor.size", f"A request has at most {self.most_bytes} bytes.", "Send less.")
        except web.HTTPException as exc:
            return problem(exc.status, "monitor.http", f"{exc.reason}.", "")

    def _refused(self, request: web.Request) -> web.Response | None:
        headers = request.headers
        own = guard.is_own_origin(headers.get(hdrs.ORIGIN), headers.get("Sec-Fetch-Site"), headers.get(hdrs.HOST))
        if not own:
            return problem(403, "monitor.origin", "Another site may not ask for this.", "")
        has_token = guard.is_token(headers.get(hdrs.AUTHORIZATION), self._monitor.token)
        is_change = request.method not in {"GET", "HEAD"} and request.path != "/api/link"
        # To compare two versions is to read both whole: nothing for everybody.
        is_change = is_change or request.path.startswith(_VERSIONS)
        if is_change and self._monitor.token == "":
            return problem(
                403,
                "monitor.read_only",
                "The catalogue cannot be changed here: no token is set.",
                "Start the monitor with WASL_MONITOR_TOKEN.",
            )
        if not has_token and (is_change or not self._reads_freely or hdrs.AUTHORIZATION in headers):
            return problem(401, "monitor.token", "The token is missing or wrong.", "Give the one that was set.")
        if request.method in {"POST", "PUT"} and request.content_type != "application/json":
            return problem(415, "monitor.type", "Only application/json is taken.", "")
        return None

    async def _healthz(self, _: web.Request) -> web.Response:
        return json_answer({"status": "ok"})

    async def _hello(self, request: web.Request) -> web.Response:
        return json_answer(
            {
                "version": self._version,
                "max_text": self._monitor.max_text,
                "editable": self._monitor.token != "",
                "has_token": guard.is_token(request.headers.get(hdrs.AUTHORIZATION), self._monitor.token),
            }
        )

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        page = self._live.open_page()
        if page is None:
            return problem(503, "monitor.pages", "Too many pages are open.", "Close one.")
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
        )
        try:
            await response.prepare(request)
            while True:
                try:
                    data = await asyncio.wait_for(page.get(), _BEAT)
                except asyncio.TimeoutError:
                    data = b": beat\n\n"
                if data is None:
                    break
                await response.write(data)
        except ConnectionError:
            # The page was closed.
            pass
        finally:
            self._live.close_page(page)
        return response

    async def _article(self, request: web.Request) -> web.Response:
        document = self._board.article(int(request.match_info["number"]))
        if document is None:
            return problem(404, "monitor.article", "This article is no longer kept here.", "Look at a later one.")
        return json_answer(document)

    async def _link(self, request: web.Request) -> web.Response:
        return json_answer(await self._playground.link(await request_object(request)))

    async def _search(self, request: web.Request) -> web.Response:
        return json_answer(await self._stored(self._editor.search, request.query.get("q", "")))

    async def _card(self, request: web.Request) -> web.Response:
        return json_answer(await self._stored(self._editor.card, request.match_info["id"]))

    async def _stored(self, work: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
        async with self._asking:
            return await asyncio.to_thread(work, *given)

    async def _change(self, request: web.Request) -> web.Response:
        action = request.match_info.get("action", "set")
        source = await request_object(request)
        done = await self._stored(self._editor.change, action, request.match_info["id"], source)
        _LOG.info(
            "catalogue changed on the page",
            extra={"action": action, "entity_id": done["entity_id"], "sequence": done["sequence"]},
        )
        return json_answer(done)

    async def _listed(self, _: web.Request) -> web.Response:
        return json_answer(await self._stored(self._versions.listed))

    async def _differences(self, request: web.Request) -> web.Response:
        asked = (request.query.get("first", "live"), request.query.get("second", "live"))
        return json_answer(await self._stored(self._versions.differences, *asked))

    async def _switch(self, request: web.Request) -> web.Response:
        source = await request_object(request)
        done = await self._stored(self._versions.switch, request.match_info.get("build"), source)
        _LOG.info("catalogue switched on the page", extra={"build": done["build"], "sequence": done["sequence"]})
        # Nobody waits for it: with many names it takes a minute.
        self._publishing = asyncio.create_task(asyncio.to_thread(self._versions.publish), name="publish snapshot")
        return json_answer(done)

    async def _file(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info.get("name", "index.html"))
        if file is None:
            raise web.HTTPNotFound
        packed = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "")
        headers = {
            hdrs.CONTENT_TYPE: file.kind,
            hdrs.CACHE_CONTROL: "no-cache",
            hdrs.ETAG: file.tag,
            hdrs.VARY: hdrs.ACCEPT_ENCODING,
        }
        if request.headers.get(hdrs.IF_NONE_MATCH) == file.tag:
            return web.Response(status=304, headers=headers)
        if packed:
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return web.Response(body=file.packed if packed else file.plain, headers=headers)


def build_app(server: Server) -> web.Application:
    """Return the application of a server, with every rule applied."""
    app = web.Application(middlewares=[server.explain, server.check], client_max_size=server.most_bytes)
    app.add_routes(server.routes)
    app.on_response_prepare.append(_protect)
    return app


async def _protect(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(guard.HEADERS)
