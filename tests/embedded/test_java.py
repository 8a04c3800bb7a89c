"""Only a Java that can run Apache Kafka is taken."""

from __future__ import annotations

import pytest

from streams.embedded.java import Java, find_java
from streams.errors import EmbeddedServerError


@pytest.fixture
def home_of(tmp_path):
    """Make a Java installation whose ``java -version`` runs the given shell words."""

    def make(words):
        program = tmp_path / "bin" / "java"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{words}\n")
        program.chmod(0o755)
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', "17.0.15"),
        ('java version "21" 2023-09-19 LTS', "21"),
        ('openjdk version "25-ea" 2025-09-16', "25-ea"),
    ],
)
def test_a_new_enough_java_is_taken(home_of, line, version):
    home = home_of(f"echo '{line}' >&2")
    assert find_java(home) == Java(str(home / "bin" / "java"), version)


@pytest.mark.parametrize("version", ["1.8.0_402", "11.0.22", "16.0.2"])
def test_an_old_java_is_refused(home_of, version):
    with pytest.raises(EmbeddedServerError, match=f"is Java {version}, and Apache Kafka 4 needs 17"):
        find_java(home_of(f"""echo 'openjdk version "{version}"' >&2"""))


def test_a_stub_that_only_offers_an_installation_is_refused(home_of):
    with pytest.raises(EmbeddedServerError, match=r"does not tell its version \(status 1\)"):
        find_java(home_of("echo 'Unable to locate a Java Runtime' >&2; exit 1"))


def test_a_program_that_cannot_run_is_refused(home_of):
    home = home_of("")
    (home / "bin" / "java").write_text("#!/no/such/shell\n")
    with pytest.raises(EmbeddedServerError, match="does not run"):
        find_java(home)


def test_no_java_is_an_error_with_a_remedy(tmp_path, monkeypatch):
    with pytest.raises(EmbeddedServerError, match=r"no Java in JAVA_HOME=.*Install a Java runtime"):
        find_java(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EmbeddedServerError, match="no Java on the search path"):
        find_java()
