from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from streams.cli import local
from streams.cli.render import FSI, PDI, without_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from click.testing import Result

# Says that it is ready and never links anything.
_IDLE = """
import http.server, json, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"status": "ready", "partitions": [0]}).encode())
http.server.HTTPServer(("127.0.0.1", int(os.environ["WASL_HTTP_PORT"])), Handler).serve_forever()
"""


def demo(sandbox: Any, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        sandbox.command("demo", *args), env=sandbox.env, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_bare_demo_links_its_articles_and_leaves_nothing_behind(
    sandbox: Any, balanced: Callable[[str], bool]
) -> None:
    run = demo(sandbox)
    assert run.returncode == 0, run.stderr
    assert sandbox.processes() == []
    assert list(sandbox.temp.iterdir()) == []
    assert "\x1b" not in run.stdout
    assert balanced(run.stdout)
    assert f"{FSI}[إنفيديا → Q182477]{PDI}" in run.stdout
    assert run.stdout.count("\n── ") >= 3
    (row,) = [line for line in run.stdout.splitlines() if re.search(r"organization +Q182477 ", line)]
    assert "Nvidia / إنفيديا" in row
    assert re.search(r"first enriched event after \d+\.\d s", run.stdout)
    assert "wasl up --detach" in run.stdout
    assert [line[:4] for line in run.stderr.splitlines()] == ["1/5 ", "2/5 ", "3/5 ", "4/5 ", "5/5 "]


def test_an_article_and_a_catalogue_of_ones_own(sandbox: Any, tmp_path: Path) -> None:
    article, catalog = tmp_path / "news.jsonl", tmp_path / "catalog.jsonl"
    article.write_text(
        json.dumps({"article_id": "b", "title": "Zyx", "body": "وقالت زيكس إن أكمي تنافسها."})
        + "\n"
        + json.dumps({"article_id": "a", "title": "", "body": "Acme rose."})
        + "\n"
    )
    entity = {"id": "local:zyx", "type": "organization", "labels": {"en": "Zyx", "ar": "زيكس"}}
    catalog.write_text(json.dumps(entity) + "\n")
    run = demo(sandbox, "--article", str(article), "--catalog", str(catalog))
    assert run.returncode == 0, run.stderr
    shown = without_marks(run.stdout)
    assert shown.index("Zyx\nوقالت زيكس إن أكمي تنافسها.") < shown.index("Acme rose.")
    assert "[زيكس → local:zyx]" in run.stdout
    assert re.search(r"organization +local:zyx +2 +1$", run.stdout, re.MULTILINE)
    assert sandbox.processes() == []


def test_the_seed_article(sandbox: Any, shared_dir: Path) -> None:
    path = shared_dir / "data" / "articles" / "seed-nvidia-openai.json"
    run = demo(sandbox, "--article", str(path))
    assert run.returncode == 0, run.stderr
    for entity_id in ("Q182477", "Q21708200", "Q305177", "Q7407093"):
        assert f"→ {entity_id}]" in run.stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("at", ["1/5", "4/5"])
def test_a_signal_stops_everything(number: signal.Signals, code: int, at: str, sandbox: Any) -> None:
    with subprocess.Popen(
        sandbox.command("demo"), env=sandbox.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        seen = b""
        while at.encode() not in seen:
            assert run.stderr is not None
            byte = run.stderr.read(1)
            assert byte != b"", seen
            seen += byte
        run.send_signal(number)
        _, rest = run.communicate(timeout=60)
    assert run.returncode == code
    assert b"Traceback" not in rest
    assert sandbox.processes() == []
    assert list(sandbox.temp.iterdir()) == []


@pytest.fixture
def worker_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put another program in the worker's place."""

    def put(program: str) -> None:
        def command(_verb: str, variables: dict[str, str], *_: object, **__: object) -> Sequence[str]:
            settings = (f"{name}={value}" for name, value in variables.items())
            return ("/usr/bin/env", *settings, sys.executable, "-c", program)

        monkeypatch.setattr(local, "_command", command)

    return put


def test_a_worker_that_does_not_start_is_shown_with_its_log(
    wasl: Callable[..., Result], worker_is: Callable[[str], None]
) -> None:
    worker_is("import sys; print('no luck today'); sys.exit(3)")
    result = wasl("demo")
    assert result.exit_code == 1
    assert "4/5 worker … failed" in result.stderr
    assert "error: The worker ended with status 3" in result.stderr
    assert "no luck today" in result.stderr


def test_a_worker_that_does_nothing_is_given_up(wasl: Callable[..., Result], worker_is: Callable[[str], None]) -> None:
    worker_is(_IDLE)
    result = wasl("demo", "--timeout", "1")
    assert result.exit_code == 1
    assert "articles have not come back" in result.stderr
    assert "GET /readyz" in result.stderr


def test_a_worker_that_ends_half_way_is_shown_with_its_log(
    wasl: Callable[..., Result], worker_is: Callable[[str], None]
) -> None:
    ending = _IDLE.replace(
        "        self.wfile",
        "        import threading; threading.Timer(0.5, os._exit, (9,)).start()\n        self.wfile",
    )
    worker_is(ending)
    result = wasl("demo")
    assert result.exit_code == 1
    assert "error: The worker ended with status 9" in result.stderr


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (
            b'{"article_id": "a", "title": "", "body": ""}\n{"article_id": "b", "body": ""}\n',
            ":2: The raw article has no title",
        ),
        (b"", " holds no article"),
    ],
)
def test_a_bad_article_is_an_error_before_anything_starts(
    data: bytes, rule: str, wasl: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)
    result = wasl("demo", "--article", str(path))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {path}{rule}")
    assert "1/5" not in result.stderr
