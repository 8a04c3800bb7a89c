"""Every error of both libraries has one of ours, decided on by somebody."""

from __future__ import annotations

import inspect

import aiokafka.errors
import kafka.errors
import pytest

from streams.errors import (
    BrokerError,
    BrokerUnavailableError,
    DeliveryError,
    PermissionRefusedError,
    RecordTooLargeError,
    TopicError,
)
from streams.kafka.errors import ERROR_NAMES, error_class, error_name, translate


def classes(module):
    return sorted(
        (
            found
            for name, found in vars(module).items()
            if inspect.isclass(found) and issubclass(found, module.KafkaError) and found.__name__ == name
        ),
        key=lambda found: found.__name__,
    )


LIBRARIES = [kafka.errors, aiokafka.errors]
ALL = [found for module in LIBRARIES for found in classes(module)]


@pytest.mark.parametrize("found", ALL, ids=lambda found: f"{found.__module__}.{found.__name__}")
def test_every_error_of_the_libraries_stands_in_the_table(found):
    assert error_name(found) in ERROR_NAMES


def test_the_table_names_nothing_that_is_not_there():
    assert set(ERROR_NAMES) - {error_name(found) for found in ALL} == set()


@pytest.mark.parametrize("found", [one for one in ALL if one.retriable is True], ids=lambda found: found.__name__)
def test_what_the_libraries_would_try_again_is_unavailable_or_a_missing_topic(found):
    ours = ERROR_NAMES[error_name(found)]
    assert ours.retriable or ours in {TopicError, DeliveryError}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (kafka.errors.UnknownTopicOrPartitionError(), TopicError),
        (aiokafka.errors.UnknownTopicOrPartitionError(), TopicError),
        (kafka.errors.MessageSizeTooLargeError(), RecordTooLargeError),
        (kafka.errors.TopicAuthorizationFailedError(), PermissionRefusedError),
        (aiokafka.errors.OutOfOrderSequenceNumber(), DeliveryError),
        (kafka.errors.KafkaTimeoutError("late"), BrokerUnavailableError),
        (aiokafka.errors.UnsupportedCodecError(), BrokerError),
        (ConnectionRefusedError(), BrokerUnavailableError),
        (TimeoutError(), BrokerUnavailableError),
        (ValueError("no Kafka error at all"), BrokerError),
    ],
    ids=lambda error: getattr(error, "__name__", type(error).__name__),
)
def test_errors_are_translated(theirs, ours):
    assert error_class(theirs) is ours


def test_an_error_of_a_newer_library_goes_by_its_base():
    class BrandNewError(kafka.errors.InvalidMetadataError):
        pass

    assert error_class(BrandNewError()) is BrokerUnavailableError


def test_the_message_says_what_was_done_and_what_to_do():
    error = translate(kafka.errors.UnknownTopicOrPartitionError("here"), doing="to write to articles.raw")
    assert str(error).startswith("Kafka refused to write to articles.raw: ")
    assert "wasl topics check" in error.remedy


def test_our_own_errors_stay_what_they_are():
    error = TopicError("Topic x does not exist.")
    assert translate(error, doing="anything") is error
