"""The rules of versions, and versions in Redis that workers follow."""

from __future__ import annotations

import pytest

from streams.catalog.store import NO_NOTE, VersionInfo
from streams.catalog.versions import builds_to_keep, find_build, state_of
from streams.errors import EditError


@pytest.mark.parametrize(
    ("builds", "keep", "used", "kept"),
    [
        ({"1": ("complete", 5), "2": ("complete", 0)}, 2, (), {"1", "2"}),
        ({"1": ("complete", 5), "2": ("complete", 0)}, 1, (), {"2"}),
        ({"0": ("complete", 3), "1": ("complete", 5), "2": ("complete", 0)}, 2, (), {"1", "2"}),
        ({"0": ("complete", 3), "1": ("complete", 5), "2": ("complete", 0)}, 2, ("0",), {"0", "1", "2"}),
        # After a rollback the newest number is not the one that was live last.
        ({"1": ("complete", 5), "2": ("complete", 0), "3": ("complete", 9)}, 2, (), {"2", "3"}),
        ({"2": ("complete", 0), "3": ("staged", 0), "4": ("staged", 0)}, 2, (), {"2", "4"}),
        ({"2": ("complete", 0), "3": ("building", 0)}, 2, (), {"2"}),
        ({"1": ("removing", 5), "2": ("complete", 0)}, 2, ("1",), {"2"}),
    ],
)
def test_what_is_kept(builds: dict[str, tuple[str, int]], keep: int, used: tuple[str, ...], kept: set[str]) -> None:
    assert builds_to_keep(builds, live="2", keep=keep, used=used) == kept


def _info(build: str, version: str, state: str = "kept") -> VersionInfo:
    return VersionInfo(build, version, state, 0, 0, NO_NOTE)


def test_a_build_is_named_in_several_ways() -> None:
    known = [_info("3", "sha-abcdef012345"), _info("2", "sha-abcd99999999", "live"), _info("1", "sha-abcdef012345")]
    assert find_build("3", known) == "3"
    assert find_build("live", known) == "2"
    assert find_build("sha-abcd9", known) == "2"
    # Equal versions hold the same, so either will do.
    assert find_build("sha-abcdef012345", known) == "3"
    with pytest.raises(EditError, match="More than one version"):
        find_build("sha-abcd", known)
    for unknown in ("4", "sha-", "sha-abc", "abcd", ""):
        with pytest.raises(EditError, match="No version that is kept"):
            find_build(unknown, known)


@pytest.mark.parametrize(
    ("state", "message"), [("removing", "Build 3 is half removed"), ("building", "Build 3 is half an import")]
)
def test_half_a_build_is_no_version(state: str, message: str) -> None:
    known = [_info("3", "sha-abcdef012345", state), _info("2", "sha-99999999", "live"), _info("1", "sha-abcdef012345")]
    assert find_build("sha-abcdef012345", known) == "1"
    with pytest.raises(EditError, match=message):
        find_build("3", known)
    with pytest.raises(EditError, match="No version that is kept"):
        find_build("sha-abcdef012345", known[:2])


def test_states() -> None:
    assert state_of("2", "complete", live="2", before="1") == "live"
    assert state_of("1", "complete", live="2", before="1") == "previous"
    assert state_of("0", "complete", live="2", before="1") == "kept"
    assert state_of("3", "staged", live="2", before="1") == "staged"
