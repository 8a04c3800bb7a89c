"""What is answered to whom."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from streams.settings import MonitorSettings
from streams.web.editor import Editor
from streams.web.guard import HEADERS
from streams.web.live import PAGES
from tests.support.web import ARTICLE, TOKEN, Monitor

_BEARER = {"Authorization": f"Bearer {TOKEN}"}
_JSON = {"Content-Type": "application/json"}


def ask(monitor: Monitor, method: str, path: str, *, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", monitor.port, timeout=10)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection.request(method, path, data, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    raw = answer.read()
    connection.close()
    is_json = answer.headers.get_content_type() == "application/json"
    return answer.status, answer.headers, json.loads(raw) if is_json else raw


def code(answer: tuple[int, Any, Any]) -> tuple[int, str]:
    return answer[0], answer[2]["error"]["code"]


def edit(**changes: Any) -> dict[str, Any]:
    return {"author": "Amal", "reason": "a test", "revision": "none", **changes}


NEW = {"id": "local:new", "type": "person", "labels": {"en": "New Person"}}


@pytest.fixture
def away():
    """A page that is served beyond its own machine; only its rules differ, it still listens on loopback."""
    made = Monitor(settings=MonitorSettings(host="0.0.0.0", port=0, token=TOKEN))
    yield made
    made.close()


@pytest.fixture
def read_only():
    made = Monitor(settings=MonitorSettings(port=0))
    yield made
    made.close()


@pytest.mark.parametrize(
    "path", ["/", "/app.js", "/api/hello", "/api/entities/Q404", "/nowhere", "/api/nowhere", "/healthz"]
)
def test_every_answer_is_protected(monitor, path):
    _, headers, _ = ask(monitor, "GET", path)
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "Set-Cookie" not in headers
    assert headers["Server"] == "wasl"


def test_another_name_for_this_machine_is_not_answered_to(monitor):
    for path in ("/", "/api/stream", "/api/hello"):
        assert code(ask(monitor, "GET", path, Host="evil.example")) == (421, "monitor.host")
    assert ask(monitor, "GET", "/api/hello", Host="localhost:1")[0] == 200


def test_another_site_is_refused(monitor):
    assert code(ask(monitor, "GET", "/api/hello", Origin="http://evil.example"))[1] == "monitor.origin"
    assert code(ask(monitor, "GET", "/api/search?q=a", Sec_Fetch_Site="cross-site"))[1] == "monitor.origin"
    answer = ask(monitor, "POST", "/api/link", body={"text": "x"}, Origin="null", **_JSON)
    assert code(answer) == (403, "monitor.origin")
    # A link to the page from elsewhere opens it.
    assert ask(monitor, "GET", "/", Sec_Fetch_Site="cross-site")[0] == 200


def test_a_form_of_another_site_cannot_speak_json(monitor):
    answer = ask(monitor, "POST", "/api/link", body=b'{"text":"x"}', Content_Type="text/plain")
    assert code(answer) == (415, "monitor.type")


def test_here_reading_is_free_and_changing_asks_for_the_token(monitor):
    assert ask(monitor, "GET", "/api/search?q=nvidia")[0] == 200
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = ask(monitor, "PUT", "/api/entities/local:new", body=edit(entity=NEW), **_JSON, **headers)
        assert code(answer) == (401, "monitor.token")
    for path in ("retire", "merge", "split", "block", "unblock", "boost"):
        answer = ask(monitor, "POST", f"/api/entities/Q3692/{path}", body=edit(into="Q182477"), **_JSON)
        assert code(answer) == (401, "monitor.token")
    assert monitor.store.record("local:new") is None
    answer = ask(monitor, "PUT", "/api/entities/local:new", body=edit(entity=NEW), **_JSON, **_BEARER)
    assert answer[0] == 200
    assert monitor.store.get("local:new") is not None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/versions"),
        ("GET", "/api/versions/diff?first=live&second=1"),
        ("POST", "/api/versions/rollback"),
        ("POST", "/api/versions/1/promote"),
    ],
)
def test_versions_are_for_those_who_have_the_token(monitor, read_only, method, path):
    body = {"author": "Amal", "reason": "why not"}
    assert code(ask(monitor, method, path, body=body, **_JSON)) == (401, "monitor.token")
    assert code(ask(read_only, method, path, body=body, **_JSON)) == (403, "monitor.read_only")
    # With it, there is nothing to go back to, and nothing to compare with.
    status, _, answer = ask(monitor, method, path, body=body, **_JSON, **_BEARER)
    assert (status, answer.get("error", {}).get("code")) in {(200, None), (409, "catalog.edit_refused")}


def test_an_edit_takes_the_fields_of_its_action_and_no_others(monitor):
    revision = ask(monitor, "GET", "/api/entities/Q3692")[2]["revision"]
    for action, own in (("block", {}), ("block", {"alias": "x", "count": 3}), ("split", {"into": "local:x"})):
        body = edit(revision=revision, **own)
        answer = ask(monitor, "POST", f"/api/entities/Q3692/{action}", body=body, **_JSON, **_BEARER)
        assert code(answer) == (422, "event.invalid"), action
    body = edit(revision=revision, alias="Riyadh")
    assert ask(monitor, "POST", "/api/entities/Q3692/block", body=body, **_JSON, **_BEARER)[0] == 200
    assert ask(monitor, "GET", "/api/entities/Q3692")[2]["marks"] == {"blocked": ["riyadh"]}
    answer = ask(monitor, "POST", "/api/entities/Q3692/unblock", body=body, **_JSON, **_BEARER)
    assert code(answer) == (409, "catalog.conflict")
    assert ask(monitor, "POST", "/api/entities/Q3692/delete", body=body, **_JSON, **_BEARER)[0] in {404, 405}


def test_beyond_this_machine_everything_asks_for_the_token(away):
    for path in ("/api/hello", "/api/stream", "/api/search?q=a", "/api/entities/Q182477", "/api/articles/1"):
        assert code(ask(away, "GET", path)) == (401, "monitor.token")
    assert code(ask(away, "POST", "/api/link", body={"text": "x"}, **_JSON)) == (401, "monitor.token")
    assert ask(away, "GET", "/api/hello", **_BEARER)[2]["has_token"] is True
    assert ask(away, "GET", "/")[0] == 200  # the page itself holds nothing


def test_without_a_token_nothing_can_be_changed(read_only):
    answer = ask(read_only, "PUT", "/api/entities/local:new", body=edit(entity=NEW), Authorization="Bearer ", **_JSON)
    assert code(answer) == (403, "monitor.read_only")
    assert ask(read_only, "GET", "/api/hello")[2]["editable"] is False


def test_an_edit_on_something_else_than_what_is_there_is_refused(monitor):
    _, _, card = ask(monitor, "GET", "/api/entities/Q3692")
    changed = {**card["document"], "description": "capital"}
    body = edit(entity=changed, revision=card["revision"])
    assert ask(monitor, "PUT", "/api/entities/Q3692", body=body, **_JSON, **_BEARER)[0] == 200
    assert code(ask(monitor, "PUT", "/api/entities/Q3692", body=body, **_JSON, **_BEARER)) == (409, "catalog.conflict")
    again = ask(monitor, "GET", "/api/entities/Q3692")[2]
    assert again["description"] == "capital"
    body = edit(into="Q182477", revision=again["revision"])
    assert ask(monitor, "POST", "/api/entities/Q3692/merge", body=body, **_JSON, **_BEARER)[0] == 200
    merged = ask(monitor, "GET", "/api/entities/Q3692")[2]
    assert (merged["id"], merged["asked"]) == ("Q182477", "Q3692")
    [latest, *_] = Editor(monitor.store, clock=str).latest()
    assert [latest[name] for name in ("action", "entity_id", "into")] == ["merge", "Q3692", "Q182477"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"no json", 422, "event.undecodable"),
        (b"[]", 422, None),
        (b'{"a": ' * 2_000, 422, None),
        (edit(), 422, "event.invalid"),
        (edit(entity={"id": "local:other", "type": "person", "labels": {"en": "x"}}), 422, "event.invalid"),
        (edit(entity={**NEW, "id": "javascript:alert(1)"}), 422, "event.invalid"),
        ({**edit(entity=NEW), "author": ""}, 422, "event.invalid"),
        ({**edit(entity=NEW), "sneaky": 1}, 422, "event.invalid"),
        (b'{"a":"' + b"x" * 400_000 + b'"}', 413, "monitor.size"),
    ],
)
def test_a_wrong_request_is_named_and_changes_nothing(monitor, body, status, said):
    before = monitor.store.version()
    answer = ask(monitor, "PUT", "/api/entities/local:new", body=body, **_JSON, **_BEARER)
    assert answer[0] == status
    assert said is None or answer[2]["error"]["code"] == said
    assert monitor.store.version() == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/entities/Q404", 404),
        ("/api/entities/%3Cscript%3E", 422),
        ("/api/entities/..%2f..%2fetc", 422),
        ("/api/articles/999", 404),
        ("/api/search?q=", 422),
        ("/api/search?q=" + "x" * 201, 422),
        ("/..%2fserver.py", 404),
        ("/__init__.py", 404),
    ],
)
def test_what_is_not_there_is_said(monitor, path, status):
    answer = ask(monitor, "GET", path)
    assert answer[0] == status
    assert answer[2]["error"]["message"] != ""


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "x" * 20_001},
        {"text": 5},
        {"text": "x", "language": "not a tag"},
        {"text": "x", "more": 1},
    ],
)
def test_a_text_that_is_none_is_not_linked(monitor, body):
    assert code(ask(monitor, "POST", "/api/link", body=body, **_JSON)) == (422, "event.invalid")


def test_a_text_is_linked_and_explained(monitor):
    answer = ask(monitor, "POST", "/api/link", body={"text": "Nvidia rose 🎉 إنفيديا", "language": "en"}, **_JSON)
    assert answer[2]["body"] == [["Nvidia", 0], " rose 🎉 ", ["إنفيديا", 1]]
    assert [each["entity_id"] for each in answer[2]["decisions"]] == ["Q182477", "Q182477"]
    assert answer[2]["decisions"][0]["candidates"][0]["name"] == "Nvidia"


def test_files_come_packed_and_only_when_they_changed(monitor):
    _, headers, packed = ask(monitor, "GET", "/app.js", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    plain = ask(monitor, "GET", "/app.js")[2]
    assert len(packed) < len(plain)
    assert ask(monitor, "GET", "/app.js", If_None_Match=headers["ETag"])[0] == 304


def test_the_stream_begins_with_all_there_is_and_goes_on(monitor):
    monitor.arrive(ARTICLE)
    connection = http.client.HTTPConnection("127.0.0.1", monitor.port, timeout=10)
    connection.request("GET", "/api/stream")
    answer = connection.getresponse()
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    names, documents = [], []
    while "live" not in names or ("articles" not in names and len(documents[0]["articles"]) == 0):
        line = answer.fp.readline().decode()
        if line.startswith("event: "):
            names.append(line[7:].strip())
        elif line.startswith("data: "):
            documents.append(json.loads(line[6:]))
    assert names[0] == "whole"
    assert {"history", "articles", "sample", "dead"} <= documents[0].keys()
    connection.close()


def test_no_more_pages_are_served_than_can_be(monitor):
    connections = []
    for _ in range(PAGES):
        connection = http.client.HTTPConnection("127.0.0.1", monitor.port, timeout=10)
        connection.request("GET", "/api/stream")
        assert connection.getresponse().status == 200
        connections.append(connection)
    assert code(ask(monitor, "GET", "/api/stream")) == (503, "monitor.pages")
    for connection in connections:
        connection.close()
