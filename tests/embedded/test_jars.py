"""Jars come from the lock file, whole and checked, or not at all."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from streams.embedded.jars import Jar, fetch_jars, read_lock
from streams.errors import EmbeddedServerError

_SUM = "0123456789abcdef" * 4


class _Repository(ThreadingHTTPServer):
    """A Maven repository on loopback: bodies by path, and what to answer first instead of them."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies = {}
        self.failures = {}
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_port}/maven2"

    def offer(self, name, body):
        jar = Jar("org.example", name, "1.0", hashlib.sha256(body).hexdigest())
        self.bodies[f"/maven2/{jar.path}"] = body
        return jar


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        failures = self.server.failures.get(self.path, [])
        failure = failures.pop(0) if len(failures) > 0 else None
        body = self.server.bodies.get(self.path, b"")
        status = 404 if self.path not in self.server.bodies else 200
        self.send_response(failure if isinstance(failure, int) else status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:3] if failure == "cut" else body)

    def log_message(self, *args):
        pass


@pytest.fixture
def repository():
    with _Repository() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def maven(tmp_path):
    """A stand-in for ``mvn``: puts the files of a folder where it is told to, or fails."""
    program = tmp_path / "mvn"
    (tmp_path / "brought").mkdir()
    program.write_text(
        "#!/bin/sh\n"
        'for word in "$@"; do case "$word" in -DoutputDirectory=*) out=${word#*=};; esac; done\n'
        f'[ -e "{tmp_path}/fails" ] && echo "no such artifact" && exit 1\n'
        f'mkdir -p "$out" && cp {tmp_path}/brought/* "$out"\n'
    )
    program.chmod(0o755)
    return program


def test_a_lock_names_jars():
    text = f"# comment\n\norg.apache.kafka:kafka_2.13:4.4.0 {_SUM}\na.b:c-d:1.0-M1 {_SUM}\n"
    assert read_lock(text) == (
        Jar("org.apache.kafka", "kafka_2.13", "4.4.0", _SUM),
        Jar("a.b", "c-d", "1.0-M1", _SUM),
    )


def test_a_jars_path_is_mavens():
    jar = Jar("org.apache.kafka", "kafka_2.13", "4.4.0", _SUM)
    assert jar.path == "org/apache/kafka/kafka_2.13/4.4.0/kafka_2.13-4.4.0.jar"


@pytest.mark.parametrize(
    "line",
    [
        "a:b:1",
        f"a:b {_SUM}",
        f"a:b:1:2 {_SUM}",
        f"a:b:1 {_SUM[:-1]}",
        f"a:b:1 {_SUM.upper()}",
        f"a/b:c:1 {_SUM}",
        f"a:<b>:1 {_SUM}",
        f"a:b:1 {_SUM} more",
    ],
)
def test_a_line_of_another_form_is_refused_by_its_number(line):
    with pytest.raises(EmbeddedServerError, match="Line 2 of the lock file"):
        read_lock(f"# head\n{line}\n")


def test_an_empty_lock_is_refused():
    with pytest.raises(EmbeddedServerError, match="names no jar"):
        read_lock("# nothing\n")


def test_jars_are_fetched_once(repository, tmp_path):
    jars = tuple(repository.offer(f"jar{n}", b"body %d" % n) for n in range(20))
    paths = fetch_jars(jars, tmp_path / "cache", base_url=repository.url)
    assert [path.read_bytes() for path in paths] == [b"body %d" % n for n in range(20)]
    assert len(repository.asked) == 20
    assert fetch_jars(jars, tmp_path / "cache", base_url=repository.url) == paths
    assert len(repository.asked) == 20


def test_a_wrong_checksum_is_refused_and_leaves_nothing(repository, tmp_path, maven):
    jar = repository.offer("good", b"right")
    repository.bodies[f"/maven2/{jar.path}"] = b"wrong"
    with pytest.raises(EmbeddedServerError, match=f"(?s)good-1.0.jar from http.*{jar.sha256} is asked for"):
        fetch_jars((jar,), tmp_path / "cache", base_url=repository.url, maven=str(maven))
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("failure", [500, 503, "cut"])
def test_what_may_pass_is_tried_again(repository, tmp_path, failure):
    jar = repository.offer("shaky", b"in the end")
    repository.failures[f"/maven2/{jar.path}"] = [failure, failure]
    (path,) = fetch_jars((jar,), tmp_path, base_url=repository.url)
    assert path.read_bytes() == b"in the end"


def test_a_refusal_is_final_and_not_asked_for_again(repository, tmp_path):
    jar = repository.offer("missing", b"")
    repository.bodies.clear()
    with pytest.raises(EmbeddedServerError, match=r"could not be fetched: .*404.*WASL_MAVEN_URL"):
        fetch_jars((jar,), tmp_path, base_url=repository.url)
    assert len(repository.asked) == 1


def test_a_fetch_goes_on_where_it_stopped(repository, tmp_path):
    first, second = repository.offer("first", b"1"), repository.offer("second", b"2")
    repository.failures[f"/maven2/{second.path}"] = [404]
    with pytest.raises(EmbeddedServerError, match="404"):
        fetch_jars((first, second), tmp_path, base_url=repository.url)
    fetch_jars((first, second), tmp_path, base_url=repository.url)
    assert repository.asked.count(f"/maven2/{first.path}") == 1
    assert repository.asked.count(f"/maven2/{second.path}") == 2


def test_where_the_repository_refuses_maven_is_asked_for_the_rest(repository, tmp_path, maven):
    here, there = repository.offer("here", b"1"), Jar("g", "there", "2", hashlib.sha256(b"2").hexdigest())
    (tmp_path / "brought" / here.file_name).write_bytes(b"1")
    (tmp_path / "brought" / there.file_name).write_bytes(b"2")
    paths = fetch_jars((here, there), tmp_path / "cache", base_url=repository.url, maven=str(maven))
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["here-1.0.jar", "there-2.jar"]


def test_what_maven_brings_is_checked_too(repository, tmp_path, maven):
    jar = Jar("g", "there", "2", _SUM)
    (tmp_path / "brought" / jar.file_name).write_bytes(b"other")
    with pytest.raises(EmbeddedServerError, match=r"there-2\.jar from Maven has the SHA-256"):
        fetch_jars((jar,), tmp_path / "cache", base_url=repository.url, maven=str(maven))
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_maven_leaves_out_is_an_error(repository, tmp_path, maven):
    (tmp_path / "brought" / "other.jar").write_bytes(b"other")
    with pytest.raises(EmbeddedServerError, match="from Maven has the SHA-256 no file"):
        fetch_jars((Jar("g", "a", "1", _SUM),), tmp_path / "cache", base_url=repository.url, maven=str(maven))


def test_when_maven_fails_its_words_are_shown(repository, tmp_path, maven):
    (tmp_path / "fails").touch()
    with pytest.raises(EmbeddedServerError, match=r"(?s)Maven could not fetch.*no such artifact"):
        fetch_jars((Jar("g", "a", "1", _SUM),), tmp_path / "cache", base_url=repository.url, maven=str(maven))


def test_an_unreachable_repository_is_an_error(tmp_path):
    with _Repository() as closed:
        url = closed.url
    with pytest.raises(EmbeddedServerError, match="refused"):
        fetch_jars((Jar("g", "a", "1", _SUM),), tmp_path, base_url=url)


@pytest.mark.parametrize("url", ["file:///etc", "ftp://example.org", "example.org", ""])
def test_other_kinds_of_url_are_refused(tmp_path, url):
    with pytest.raises(EmbeddedServerError, match="not the URL of a Maven repository"):
        fetch_jars((Jar("g", "a", "1", _SUM),), tmp_path, base_url=url)


def test_two_fetches_at_once_both_succeed(repository, tmp_path):
    jars = tuple(repository.offer(f"jar{n}", b"%d" % n * 1000) for n in range(10))
    failures = []

    def fetch():
        try:
            fetch_jars(jars, tmp_path / "cache", base_url=repository.url)
        except EmbeddedServerError as exc:
            failures.append(exc)

    threads = [threading.Thread(target=fetch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(list((tmp_path / "cache").iterdir())) == 10
