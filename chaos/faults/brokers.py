"""Faults of brokers and of the way to them."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Final

from chaos.faults.fault import Fault
from chaos.world import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaos.proxy import TcpProxy
    from chaos.world import World

__all__ = ["FAULTS"]


def _killed(world: World) -> None:
    world.cluster.servers[0].kill()


def _stopped(world: World) -> None:
    world.cluster.servers[0].stop()


def _started(world: World) -> None:
    for server in world.cluster.servers:
        if not server.running:
            server.start()


def _paused(world: World) -> None:
    for server in world.cluster.servers:
        server.pause()


def _resumed(world: World) -> None:
    for server in world.cluster.servers:
        server.resume()


def _on_the_way(act: Callable[[TcpProxy], None]) -> Callable[[World], None]:
    def inject(world: World) -> None:
        for proxy in world.cluster.proxies:
            act(proxy)

    return inject


def _mended(world: World) -> None:
    for proxy in world.cluster.proxies:
        proxy.release()


def _resetting(world: World) -> None:
    over = world.notes["resets over"] = threading.Event()

    def reset() -> None:
        while not over.wait(0.1 + 0.5 * world.random.random()):
            for proxy in world.cluster.proxies:
                proxy.reset()

    thread = world.notes["resets"] = threading.Thread(target=reset, name="resets", daemon=True)
    thread.start()


def _reset(world: World) -> None:
    world.notes["resets over"].set()
    world.notes["resets"].join(5)


def _coordinator(world: World) -> int | None:
    """Return the number of the broker with the group's coordinator; None where nobody says so just now."""
    with contextlib.suppress(Exception), world.admin() as admin:
        [topic] = admin.describe_topics(["__consumer_offsets"])
        leader = int(topic["partitions"][0]["leader_id"])
        return leader if leader >= 0 else None
    return None


def _lost(world: World) -> None:
    until(lambda: _coordinator(world) is not None, within=20, what="the group has a coordinator")
    number = world.notes["lost broker"] = _coordinator(world) or 0
    world.cluster.servers[number].kill()
    world.facts["coordinator_was"] = number


def _back(world: World) -> None:
    if "lost broker" not in world.notes:
        return
    number = world.notes["lost broker"]
    if not world.cluster.servers[number].running:
        until(lambda: _coordinator(world) not in {None, number}, within=20, what="the coordinator moves")
        world.facts["coordinator_is"] = _coordinator(world)
        world.cluster.servers[number].start()


FAULTS: Final = (
    Fault("broker-killed", "SIGKILL to the broker, started again", _killed, _started, hold=1.0, alone=True),
    Fault(
        "broker-restarted",
        "the broker stopped in an orderly way, started again",
        _stopped,
        _started,
        hold=0.5,
        alone=True,
    ),
    Fault(
        "broker-paused", "SIGSTOP to the broker for 5 s: connections stay, nothing answers", _paused, _resumed, hold=5.0
    ),
    Fault(
        "broker-deaf",
        "nothing from workers reaches the broker for 5 s",
        _on_the_way(lambda proxy: proxy.hold(up=True)),
        _mended,
        hold=5.0,
    ),
    Fault(
        "broker-mute",
        "nothing from the broker reaches workers for 5 s",
        _on_the_way(lambda proxy: proxy.hold(down=True)),
        _mended,
        hold=5.0,
    ),
    Fault(
        "broker-cut-off",
        "neither direction for 5 s",
        _on_the_way(lambda proxy: proxy.hold(up=True, down=True)),
        _mended,
        hold=5.0,
    ),
    Fault(
        "broker-refusing",
        "every connection of workers is reset for 5 s",
        _on_the_way(lambda proxy: proxy.refuse()),
        _mended,
        hold=5.0,
    ),
    Fault(
        "broker-slow",
        "each piece between workers and broker takes 150 ms longer for 5 s",
        _on_the_way(lambda proxy: proxy.slow(0.15)),
        _mended,
        hold=5.0,
    ),
    Fault("broker-resetting", "all connections are reset every 0.1 to 0.6 s, for 5 s", _resetting, _reset, hold=5.0),
    Fault(
        "broker-lost",
        "of three brokers, the one with the group's coordinator killed; it moves; started again after 6 s",
        _lost,
        _back,
        hold=6.0,
        nodes=3,
    ),
)
