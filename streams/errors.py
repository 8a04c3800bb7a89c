"""Every error that Wasl raises.

::

    WaslError
    ├── SettingsError               settings.invalid          an environment variable or option has no valid value
    ├── EventError
    │   ├── DecodeError             event.undecodable         the bytes are not the JSON that the event asks for
    │   ├── SchemaError             event.invalid             the JSON breaks a rule of the event's schema
    │   └── OversizeError           event.oversize            the record or one of its texts is over a limit
    ├── LinkingError                linking.poison            linking failed on this article; it would fail again
    ├── CatalogError
    │   ├── EntityError             catalog.entity_invalid    a catalogue line breaks a rule of the entity format
    │   ├── UnknownEntityError      catalog.unknown_entity    no entity has this id
    │   ├── MergeError              catalog.merge_refused     the merge would make a loop or lose an id
    │   ├── EditError               catalog.edit_refused      the edit does not fit what the catalogue holds
    │   ├── ConflictError           catalog.conflict          somebody else changed the entity in the meantime
    │   ├── SnapshotError           catalog.snapshot          a snapshot is missing, half-written or corrupt
    │   ├── StoreUnavailableError   catalog.unavailable       Redis cannot be reached just now
    │   └── EmptyStoreError         catalog.empty             Redis answers, and holds no catalogue
    ├── BrokerError
    │   ├── BrokerUnavailableError  broker.unavailable        Kafka cannot be reached just now
    │   ├── TopicError              broker.topic              a topic is missing or has the wrong shape
    │   ├── PermissionRefusedError  broker.permission         the broker does not let this user do that
    │   ├── RecordTooLargeError     broker.record_too_large   the broker refuses a record of this size
    │   └── DeliveryError           broker.delivery           a record could not be delivered
    ├── StallError                  worker.stalled            there is lag, and commits no longer move
    ├── EmbeddedServerError         embedded.server           an embedded server is missing or did not start
    └── InputError                  cli.input                 a file or option given on the command line is unusable

``code`` is stable and fit for a metric label; ``stage`` says where the error happened; ``retriable`` says
whether the same call can succeed later without anybody changing anything.
"""

from __future__ import annotations

from typing import ClassVar, Literal

__all__ = [
    "BrokerError",
    "BrokerUnavailableError",
    "CatalogError",
    "ConflictError",
    "DecodeError",
    "DeliveryError",
    "EditError",
    "EmbeddedServerError",
    "EmptyStoreError",
    "EntityError",
    "EventError",
    "InputError",
    "LinkingError",
    "MergeError",
    "OversizeError",
    "PermissionRefusedError",
    "RecordTooLargeError",
    "SchemaError",
    "SettingsError",
    "SnapshotError",
    "Stage",
    "StallError",
    "StoreUnavailableError",
    "TopicError",
    "UnknownEntityError",
    "WaslError",
]

Stage = Literal["starting", "receiving", "processing", "sending"]


class WaslError(Exception):
    """Base of all errors of this package.

    Args:
        message: What was wrong: the input, the rule and the limit that was passed.
        remedy: What the reader can do about it, one sentence; empty where nothing can be done.
    """

    code: ClassVar[str] = "wasl"
    stage: ClassVar[Stage] = "processing"
    retriable: ClassVar[bool] = False

    def __init__(self, message: str, *, remedy: str = "") -> None:
        # What other libraries say, at the end of a message, has a full stop of its own or has none.
        if message.endswith("..") and not message.endswith("..."):
            message = message[:-1]
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}" if self.remedy != "" else self.message


class SettingsError(WaslError):
    """An environment variable or option has no valid value."""

    code = "settings.invalid"
    stage = "starting"


class EventError(WaslError):
    """An event could not be read."""

    code = "event"
    stage = "receiving"


class DecodeError(EventError):
    """The bytes are not the JSON that the event asks for."""

    code = "event.undecodable"


class SchemaError(EventError):
    """The JSON breaks a rule of the event's schema."""

    code = "event.invalid"


class OversizeError(EventError):
    """The record, or one of its texts, is over a limit."""

    code = "event.oversize"


class LinkingError(WaslError):
    """Linking failed on this article, and would fail again."""

    code = "linking.poison"


class CatalogError(WaslError):
    """The catalogue refused or could not do something."""

    code = "catalog"


class EntityError(CatalogError):
    """A catalogue line breaks a rule of the entity format."""

    code = "catalog.entity_invalid"


class UnknownEntityError(CatalogError):
    """No entity has this id."""

    code = "catalog.unknown_entity"


class MergeError(CatalogError):
    """The merge would make a loop or lose an id."""

    code = "catalog.merge_refused"


class EditError(CatalogError):
    """The edit does not fit what the catalogue holds."""

    code = "catalog.edit_refused"


class ConflictError(CatalogError):
    """Somebody else changed the entity in the meantime."""

    code = "catalog.conflict"


class SnapshotError(CatalogError):
    """A snapshot is missing, half-written or corrupt."""

    code = "catalog.snapshot"


class StoreUnavailableError(CatalogError):
    """Redis cannot be reached just now."""

    code = "catalog.unavailable"
    retriable = True


class EmptyStoreError(CatalogError):
    """Redis answers, and holds no catalogue."""

    code = "catalog.empty"


class BrokerError(WaslError):
    """Kafka refused or could not do something."""

    code = "broker"
    stage = "sending"


class BrokerUnavailableError(BrokerError):
    """Kafka cannot be reached just now."""

    code = "broker.unavailable"
    retriable = True


class TopicError(BrokerError):
    """A topic is missing or has the wrong shape."""

    code = "broker.topic"


class PermissionRefusedError(BrokerError):
    """The broker does not let this user do that."""

    code = "broker.permission"


class RecordTooLargeError(BrokerError):
    """The broker refuses a record of this size."""

    code = "broker.record_too_large"


class DeliveryError(BrokerError):
    """A record could not be delivered."""

    code = "broker.delivery"


class StallError(WaslError):
    """There is lag, and commits no longer move."""

    code = "worker.stalled"


class EmbeddedServerError(WaslError):
    """An embedded server is missing or did not start."""

    code = "embedded.server"
    stage = "starting"


class InputError(WaslError):
    """A file or option given on the command line is unusable."""

    code = "cli.input"
    stage = "starting"
