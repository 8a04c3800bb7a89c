"""Faults of workers: killed, frozen, asked to end, coming and going."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Final

from chaos.faults.fault import Fault
from chaos.world import SESSION

if TYPE_CHECKING:
    from chaos.world import World

__all__ = ["FAULTS"]


def _some(world: World) -> int:
    running = world.crew.alive()
    return world.random.choice(running) if len(running) > 0 else 0


def _kill(world: World) -> None:
    world.crew.send(_some(world), signal.SIGKILL)


def _kill_all(world: World) -> None:
    for number in world.crew.alive():
        world.crew.send(number, signal.SIGKILL)


def _freeze(world: World) -> None:
    number = world.notes["frozen"] = _some(world)
    world.crew.send(number, signal.SIGSTOP)


def _thaw(world: World) -> None:
    world.crew.send(world.notes["frozen"], signal.SIGCONT)


def _ask(world: World) -> None:
    number = _some(world)
    count = len(world.crew.ended_since(0))
    world.crew.send(number, signal.SIGTERM)
    world.notes["asked"] = (number, count)


def _asked(world: World) -> None:
    number, count = world.notes["asked"]
    codes = [ended.code for ended in world.crew.ended_since(0)[count:] if ended.number == number]
    world.facts["sigterm_codes"] = codes


def _storm(world: World) -> None:
    over = world.notes["storm over"] = threading.Event()

    def blow() -> None:
        extra: list[int] = []
        while not over.wait(1.5):
            if len(extra) < 2:
                extra.append(world.crew.add())
            else:
                world.crew.dismiss(extra.pop(0))
        for number in extra:
            world.crew.dismiss(number)

    thread = world.notes["storm"] = threading.Thread(target=blow, name="storm", daemon=True)
    thread.start()


def _calm(world: World) -> None:
    world.notes["storm over"].set()
    world.notes["storm"].join(10)


FAULTS: Final = (
    Fault("worker-killed", "SIGKILL to a worker", _kill),
    Fault("workers-killed", "SIGKILL to all workers at once", _kill_all),
    Fault(
        "worker-frozen",
        "SIGSTOP past the session timeout, then SIGCONT: a zombie that delivers and commits",
        _freeze,
        _thaw,
        hold=SESSION + 2.5,
        hides_changes=True,
    ),
    Fault("worker-asked", "SIGTERM in the middle of a batch", _ask, _asked, hold=3.0),
    Fault("rebalance-storm", "workers join and leave every second and a half", _storm, _calm, hold=9.0),
)
