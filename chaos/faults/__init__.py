"""All faults, by name."""

from __future__ import annotations

from typing import Final

from chaos.faults import brokers, machine, stores, topics, workers
from chaos.faults.fault import Fault

__all__ = ["FAULTS", "Fault"]

FAULTS: Final[dict[str, Fault]] = {
    fault.name: fault for fault in (*workers.FAULTS, *brokers.FAULTS, *topics.FAULTS, *stores.FAULTS, *machine.FAULTS)
}
