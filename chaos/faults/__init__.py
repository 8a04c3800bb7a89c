"""All faults, by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chaos.faults import brokers, machine, stores, topics, workers
from chaos.faults.fault import Fault

__all__ = ["FAULTS", "Fault"]

_KINDS: Final = {
    "worker": workers.FAULTS,
    "broker": brokers.FAULTS,
    "topic": topics.FAULTS,
    "store": stores.FAULTS,
    "machine": machine.FAULTS,
}

FAULTS: Final[dict[str, Fault]] = {
    fault.name: replace(fault, kind=kind) for kind, faults in _KINDS.items() for fault in faults
}
