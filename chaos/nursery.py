"""``python -m chaos.nursery``: starts workers by forking, so that none waits for its imports.

Each line of the input is the command of a worker as JSON: ``{"log": PATH, "environment": {…}}``. The answers are lines
too: ``{"pid": N}`` at once, and ``{"pid": N, "code": N}`` when it has ended. What runs is `wasl worker` all the same;
the recovery from a start takes less processor time than it would.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import sys
from typing import Any

__all__ = ["main"]


def main() -> int:
    """Serve until the input ends, and end what was started."""
    import streams.catalog.feed  # noqa: PLC0415 - what a worker imports, before it is forked
    import streams.cli.worker  # noqa: PLC0415
    import streams.linking.enrich  # noqa: PLC0415
    import streams.workers.main  # noqa: F401, PLC0415

    gc.freeze()
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        rest = b""
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if wake in ready:
                os.read(wake, 1_024)
                _bury(children)
            if sys.stdin.fileno() in ready:
                read = os.read(sys.stdin.fileno(), 65_536)
                if read == b"":
                    break
                *lines, rest = (rest + read).split(b"\n")
                for line in lines:
                    children.add(_born(json.loads(line), (wake, woken)))
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    return 0


def _bury(children: set[int]) -> None:
    for pid in list(children):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found == pid:
            children.discard(pid)
            _say({"pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _born(wanted: dict[str, Any], own: tuple[int, int]) -> int:
    pid = os.fork()
    if pid > 0:
        _say({"pid": pid})
        return pid
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for each in own:
            os.close(each)
        log = os.open(wanted["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        for name in [name for name in os.environ if name.startswith("WASL_")]:
            del os.environ[name]
        os.environ.update(wanted["environment"])
        code = _work()
    finally:
        os._exit(code)


def _work() -> int:
    from streams.cli.root import main as wasl  # noqa: PLC0415 - see above

    sys.argv = ["wasl", "worker", "--processes", "1"]
    try:
        wasl()
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    except BaseException:  # noqa: BLE001 - as the interpreter would
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def _say(what: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
