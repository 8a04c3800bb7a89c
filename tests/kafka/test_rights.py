"""Rights that are missing are named, with the command that gives them."""

from __future__ import annotations

import pytest
from kafka import errors

from streams.errors import BrokerError, PermissionRefusedError
from streams.kafka.admin import FoundTopic
from streams.kafka.rights import allowed_operations, group_operations, missing_rights, refuse_unseen
from streams.settings import KafkaSettings

_KAFKA = KafkaSettings(sasl_username="wasl-worker")
_NEEDS = ("Write", "DescribeConfigs")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ({"authorized_operations": ["READ", "DESCRIBE", "DESCRIBE_CONFIGS"]}, {"Read", "Describe", "DescribeConfigs"}),
        ({"authorized_operations": None}, None),
        ({"authorized_operations": []}, None),
        ({}, None),
    ],
    ids=["said", "not said", "nothing", "an old protocol"],
)
def test_what_is_allowed_is_read_from_a_description(description, expected):
    assert allowed_operations(description) == expected


class _Admin:
    def __init__(self, answer):
        self._answer = answer

    def describe_groups(self, groups):
        if isinstance(self._answer, Exception):
            raise self._answer
        return dict.fromkeys(groups, self._answer)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"authorized_operations": ["READ"], "error": None}, {"Read"}),
        ({"authorized_operations": None, "error": "[Error 69] GroupIdNotFoundError"}, None),
        (errors.GroupAuthorizationFailedError("wasl-linker"), set()),
        (errors.CoordinatorNotAvailableError(), None),
        (ValueError("15 is not a valid ACLOperation"), None),
    ],
    ids=["there", "not there", "not to be seen", "no coordinator yet", "nonsense"],
)
def test_a_group_is_asked_about(answer, expected):
    assert group_operations(_Admin(answer), "wasl-linker") == expected


def test_another_refusal_is_raised():
    with pytest.raises(BrokerError):
        group_operations(_Admin(errors.InvalidGroupIdError("?")), "?")


def _missing(allowed, group=None, kafka=_KAFKA):
    topic = FoundTopic("articles.enriched", 1, allowed=allowed)
    return missing_rights(kafka, [(topic, _NEEDS)], ("wasl-linker", group))


@pytest.mark.parametrize("allowed", [None, frozenset((*_NEEDS, "Describe"))], ids=["not said", "enough"])
def test_nothing_is_missing(allowed):
    assert _missing(allowed) == []


def test_each_right_that_is_missing_is_named_with_the_command_that_gives_it():
    [(message, remedy)] = _missing(frozenset({"Describe", "DescribeConfigs"}))
    assert message == "wasl-worker has no right to Write on the topic articles.enriched"
    assert "--allow-principal User:wasl-worker --operation Write --topic articles.enriched`" in remedy
    assert len(_missing(frozenset({"Describe"}))) == 2


def test_a_group_must_be_read():
    [(message, remedy)] = _missing(None, frozenset({"Describe"}))
    assert message == "wasl-worker has no right to Read on the group wasl-linker"
    assert "--operation Read --group wasl-linker`" in remedy


def test_a_user_without_a_name_is_not_given_one():
    [(message, remedy)] = _missing(None, frozenset(), KafkaSettings())
    assert message.startswith("This user has")
    assert "User:…" in remedy


def test_topics_that_may_not_be_seen_are_named():
    refuse_unseen([{"name": "a", "error_code": 0}, {"name": "b", "error_code": 3}])
    with pytest.raises(PermissionRefusedError, match="no right at all on a, c") as caught:
        refuse_unseen([{"name": name, "error_code": code} for name, code in (("c", 29), ("b", 0), ("a", 29))])
    assert "--topic a`" in caught.value.remedy
