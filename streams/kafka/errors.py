"""Kafka's errors, those of kafka-python and of aiokafka alike, as errors of this package.

Both libraries name an error of the protocol almost alike (``OutOfOrderSequenceNumber`` and
``OutOfOrderSequenceNumberError``), so the table goes by name. A test holds every error class of both
libraries against it: an error that a new version adds fails the test until somebody has decided about it.
"""

from __future__ import annotations

from typing import Final

from streams.errors import (
    BrokerError,
    BrokerUnavailableError,
    DeliveryError,
    PermissionRefusedError,
    RecordTooLargeError,
    TopicError,
)

__all__ = ["ERROR_NAMES", "error_class", "error_name", "translate"]

_TOPIC: Final = """
    UnknownTopicOrPartition InvalidTopic TopicAlreadyExists InvalidPartitions InvalidReplicationFactor
    InvalidReplicationAssignment InvalidConfiguration PolicyViolation TopicDeletionDisabled
    InconsistentTopicId UnknownTopicId
"""
_PERMISSION: Final = """
    Authorization AuthenticationFailed AuthenticationMethodNotSupported ClusterAuthorizationFailed
    DelegationTokenAuthDisabled DelegationTokenAuthorizationFailed DelegationTokenExpired DelegationTokenNotFound
    DelegationTokenOwnerMismatch DelegationTokenRequestNotAllowed GroupAuthorizationFailed IllegalSaslState
    InvalidPrincipalType PrincipalDeserializationFailure SaslAuthenticationFailed SecurityDisabled
    TopicAuthorizationFailed TransactionalIdAuthorizationFailed UnacceptableCredential UnsupportedSaslMechanism
"""
_TOO_LARGE: Final = "MessageSizeTooLarge RecordListTooLarge RecordTooLarge"

# A record that the broker refuses for what it is, or a producer whose numbering the broker no longer follows.
_DELIVERY: Final = """
    ConcurrentTransactions CorruptRecord DuplicateSequenceNumber InvalidProducerEpoch
    InvalidProducerIdMapping InvalidRecord InvalidRecordState InvalidTimestamp
    InvalidTransactionTimeout InvalidTxnState OperationNotAttempted OutOfOrderSequenceNumber ProducerClosed
    ProducerFenced TransactionAbortable TransactionAborted TransactionCoordinatorFenced TransactionalIdNotFound
    UnknownProducerId UnsupportedForMessageFormat
"""
_UNAVAILABLE: Final = """
    BrokerNotAvailable Cancelled CoordinatorLoadInProgress CoordinatorNotAvailable CorrelationId ElectionNotNeeded
    EligibleLeadersNotAvailable FencedLeaderEpoch FetchSessionIdNotFound FetchSessionTopicId
    GroupCoordinatorNotAvailable GroupLoadInProgress InvalidFetchSessionEpoch InvalidMetadata
    InvalidShareSessionEpoch KafkaConnection KafkaProtocol KafkaStorage KafkaTimeout KafkaUnavailable
    LeaderNotAvailable ListenerNotFound MetadataEmptyBrokerList NetworkException NoBrokersAvailable NodeNotReady
    NotController NotCoordinator NotCoordinatorForGroup NotEnoughReplicas NotEnoughReplicasAfterAppend
    NotLeaderForPartition OffsetNotAvailable PreferredLeaderNotAvailable RebalanceInProgress ReplicaNotAvailable
    RequestTimedOut Retriable ShareSessionNotFound StaleMetadata ThrottlingQuotaExceeded TooManyInFlightRequests
    UnknownLeaderEpoch UnstableOffsetCommit
"""
_OTHER: Final = """
    BrokerIdNotRegistered BrokerResponse CommitFailed DuplicateBrokerRegistration DuplicateResource DuplicateVoter
    FeatureUpdateFailed FencedInstanceId FencedMemberEpoch FencedStateEpoch GroupIdNotFound GroupMaxSizeReached
    GroupSubscribedToTopic IllegalArgument IllegalGeneration IllegalState IncompatibleBrokerVersion
    InconsistentClusterId InconsistentGroupProtocol InconsistentVoterSet IneligibleReplica InvalidCommitOffsetSize
    InvalidFetchRequest InvalidGroupId InvalidReceive InvalidRegistration InvalidRequest InvalidRequiredAcks
    InvalidSessionTimeout InvalidUpdateVersion InvalidVoterKey Kafka KafkaConfiguration LogDirNotFound LogTruncation
    MemberIdRequired
    MismatchedEndpointType NewLeaderElected No NoOffsetForPartition NoReassignmentInProgress NonEmptyGroup
    OffsetMetadataTooLarge OffsetMovedToTieredStorage OffsetOutOfRange PositionOutOfRange QuotaViolation
    ReassignmentInProgress ResourceNotFound SnapshotNotFound StaleBrokerEpoch StaleControllerEpoch
    StaleLeaderEpochCode StaleMemberEpoch TelemetryTooLarge Unknown UnknownBrokerId UnknownControllerId
    UnknownMemberId UnknownSubscriptionId UnrecognizedBrokerVersion UnreleasedInstanceId UnsupportedAssignor
    UnsupportedCodec UnsupportedCompressionType UnsupportedEndpointType UnsupportedVersion VoterNotFound
"""

ERROR_NAMES: Final[dict[str, type[BrokerError]]] = {
    name: error
    for error, names in (
        (TopicError, _TOPIC),
        (PermissionRefusedError, _PERMISSION),
        (RecordTooLargeError, _TOO_LARGE),
        (DeliveryError, _DELIVERY),
        (BrokerUnavailableError, _UNAVAILABLE),
        (BrokerError, _OTHER),
    )
    for name in names.split()
}
"""Our class by the name of theirs, without ``Error`` or ``Exception`` at its end."""

_REMEDIES: Final[dict[type[BrokerError], str]] = {
    TopicError: "See what `wasl topics check` says.",
    PermissionRefusedError: "Give this user the right to do it, or correct WASL_KAFKA_SASL_*.",
    RecordTooLargeError: "Raise max.message.bytes of the topic.",
    DeliveryError: "Compare the record with the topic's settings, such as message.timestamp.* and cleanup.policy.",
    BrokerUnavailableError: "See that the brokers of WASL_KAFKA_BOOTSTRAP run and can be reached from here.",
}

_LOOK: Final = "Look for the reason in the log of the broker."


def error_name(theirs: type[BaseException]) -> str:
    """Return the name by which the table knows a library's error."""
    name = theirs.__name__
    return name.removesuffix("Error") if name.endswith("Error") else name.removesuffix("Exception")


def error_class(error: BaseException) -> type[BrokerError]:
    """Return which of our errors a library's error is: the nearest of its bases that the table knows."""
    for base in type(error).__mro__:
        known = ERROR_NAMES.get(error_name(base))
        if known is not None:
            return known
    # No answer from the network is not always wrapped by the libraries.
    return BrokerUnavailableError if isinstance(error, (OSError, TimeoutError)) else BrokerError


def translate(error: BaseException, *, doing: str) -> BrokerError:
    """Return our error for a library's error.

    Args:
        error: What the library raised.
        doing: What was being done, for the message: ``writing to articles.enriched``.
    """
    if isinstance(error, BrokerError):
        return error
    known = error_class(error)
    said = str(error) or type(error).__name__
    return known(f"Kafka refused {doing}: {said}.", remedy=_REMEDIES.get(known, _LOOK))
