"""Redis with TLS and users: what the examples in ops/security allow is enough, and no more than is needed."""

from __future__ import annotations

import asyncio
import re
import shutil

import pytest
from redis.exceptions import NoPermissionError, ResponseError

from streams.catalog.feed import CatalogFeed
from streams.catalog.publish import publish
from streams.catalog.redis_ import RedisStore, connect
from streams.errors import CatalogError, WaslError
from streams.events.change import CatalogChange
from streams.events.entity import Entity
from streams.settings import RedisSettings
from streams.web.editor import Editor
from streams.web.versions import Versions
from tests.security.conftest import ROOT

_USERS = (ROOT / "ops" / "security" / "redis-users.acl").read_text(encoding="utf-8")
_WORKER_COMMANDS = re.findall(r"\+(\w+)", next(line for line in _USERS.splitlines() if "wasl-worker" in line))

_FORBIDDEN = {
    "wasl-worker": ("SET wasl:x 1", "DEL wasl:live", "GET other", "KEYS *", "CONFIG GET *", "FLUSHALL"),
    "wasl-editor": ("SET other 1", "GET other", "KEYS *", "CONFIG GET *", "ACL LIST", "FLUSHALL"),
}


def _entity(number):
    return Entity(f"Q{number}", "person", {"en": f"Somebody Number {number}"})


def _set(number):
    return CatalogChange("set", f"Q{number}", entity=_entity(number))


def _fill(url):
    client = connect(RedisSettings(url))
    store = RedisStore(client)
    try:
        store.put_many([_entity(1), _entity(2), _entity(3)])
        publish(store)
        store.apply(_set(4))
        store.apply(CatalogChange("merge", "Q2", into="Q1"))
        store.apply(CatalogChange("retire", "Q3"))
        assert store.stats().entities > 0
        assert len(store.search("Somebody")) > 0
        assert store.find("Somebody Number 1") == ("Q1",)
    finally:
        client.close()


async def _until(condition):
    for _ in range(200):
        if condition():
            return True
        await asyncio.sleep(0.02)
    return False


async def _work(worker, editor, folder, number):
    """All that a worker does with Redis: start by a snapshot, follow, go on from a local copy, start by compiling."""
    client = connect(RedisSettings(editor))
    store = RedisStore(client)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        store.put_many([_entity(1), _entity(2)])
        publish(store)
        for step in range(3):
            feed = CatalogFeed(RedisSettings(worker), folder, poll=0.1, timeout=2)
            await feed.start()
            try:
                if not feed.is_live:
                    return False
                entity_id = f"Q{number + step}"
                store.apply(_set(number + step))
                if not await _until(lambda feed=feed, entity_id=entity_id: feed.view.entity(entity_id) is not None):
                    return False
            finally:
                await feed.stop()
            store.apply(_set(number + 10 + step))
            if step == 1:
                client.unlink(store.keys.snapshots)
                shutil.rmtree(folder)
    except WaslError:
        return False
    else:
        return True
    finally:
        client.close()


async def test_a_worker_and_an_editor_work_by_tls_with_their_own_rights(secured_redis, tmp_path):
    redis = secured_redis()
    _fill(redis.url("wasl-editor"))
    assert await _work(redis.url("wasl-worker"), redis.url("wasl-editor"), tmp_path / "copy", 100)
    for user, commands in _FORBIDDEN.items():
        client = connect(RedisSettings(redis.url(user)))
        try:
            for command in commands:
                with pytest.raises((NoPermissionError, ResponseError)):
                    client.execute_command(*command.split())
        finally:
            client.close()


def test_the_page_shows_and_edits_with_the_rights_of_an_editor(secured_redis):
    redis = secured_redis()
    _fill(redis.url("wasl-editor"))
    admin, client = (connect(RedisSettings(redis.url(user))) for user in ("admin", "wasl-editor"))
    store, clock, signed = RedisStore(client), lambda: "2026-11-23T10:00:00Z", {"author": "Amal", "reason": "a test"}
    editor, versions = Editor(store, clock=clock), Versions(store, clock=clock, publish=lambda: publish(store))
    try:
        admin.execute_command("ACL", "LOG", "RESET")
        assert editor.search("Somebody")["hits"] != []
        assert editor.stats().entities > 0
        card = editor.card("Q4")
        editor.change("retire", "Q4", {**signed, "revision": card["revision"]})
        assert editor.latest()[0]["action"] == "retire"
        staged = store.put_many([_entity(7)], stage=True).build
        live = next(each["build"] for each in versions.listed()["versions"] if each["state"] == "live")
        versions.differences(live, staged)
        versions.switch(staged, signed)
        versions.publish()
        assert editor.card("Q7")["name"] == "Somebody Number 7"
        assert admin.execute_command("ACL", "LOG") == []
    finally:
        admin.close()
        client.close()


async def test_every_right_of_a_worker_is_needed(secured_redis, tmp_path):
    redis = secured_redis()
    admin = connect(RedisSettings(redis.url("admin")))
    # The feed tries for long; what it lacks shows at once in the log of refusals.
    needed = {}
    try:
        for at, command in enumerate(_WORKER_COMMANDS):
            admin.execute_command("ACL", "SETUSER", "wasl-worker", f"-{command}")
            admin.execute_command("ACL", "LOG", "RESET")
            work = _work(redis.url("wasl-worker"), redis.url("wasl-editor"), tmp_path / "copy", 1_000 + 100 * at)
            task = asyncio.ensure_future(work)
            await _until(lambda task=task: task.done() or len(admin.execute_command("ACL", "LOG")) > 0)
            needed[command] = len(admin.execute_command("ACL", "LOG")) > 0
            admin.execute_command("ACL", "SETUSER", "wasl-worker", f"+{command}")
            await task
    finally:
        admin.close()
    assert [command for command, is_needed in needed.items() if not is_needed] == []


@pytest.mark.parametrize("wrong", ["password", "user", "authority", "no TLS"])
def test_who_is_not_let_in_is_told_so_and_no_secret_is_shown(secured_redis, stranger, wrong):
    redis = secured_redis()
    url = {
        "password": redis.url("wasl-worker", password="wrong-secret-3"),
        "user": redis.url("nobody", password="wrong-secret-3"),
        "authority": redis.url("wasl-worker", ca=stranger.ca.cert),
        "no TLS": redis.url("wasl-worker").replace("rediss://", "redis://").partition("?")[0],
    }[wrong]
    client = connect(RedisSettings(url), timeout=1)
    try:
        with pytest.raises(CatalogError) as caught:
            RedisStore(client).stats()
    finally:
        client.close()
    said = f"{caught.value} {caught.value!r} {RedisSettings(url)!r}"
    assert "secret" not in said


def test_a_server_that_asks_for_certificates_gets_ours(secured_redis, authority):
    redis = secured_redis(client_certs=True)
    _fill(redis.url("wasl-editor", pair=authority.issue("editor")))
    client = connect(RedisSettings(redis.url("wasl-editor")), timeout=1)
    try:
        with pytest.raises(CatalogError):
            RedisStore(client).stats()
    finally:
        client.close()
