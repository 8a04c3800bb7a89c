"""Run a worker with the fake linker, as a process of its own: ``python tests/support/worker.py``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from streams.errors import WaslError
from streams.log import configure_logging
from streams.settings import Settings
from streams.workers.main import run_workers
from streams.workers.static import StaticCatalog
from tests.support.linker import LINKER, FakeView, fake_link


def main() -> int:
    settings = Settings.from_env()
    configure_logging(settings.log_level, is_human=False)
    catalog = StaticCatalog(FakeView(), is_live="--stale" not in sys.argv)
    try:
        return run_workers(
            settings, catalog=catalog, processes=settings.worker.processes or 1, link=fake_link, linker=LINKER
        )
    except WaslError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
