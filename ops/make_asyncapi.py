"""Writes ``schemas/asyncapi.json``: the topics of Wasl as an AsyncAPI 3.0 document.

Everything in it comes from the code and the schemas: names and settings of topics from `streams.kafka.topics`, event
types from `streams.events`, payloads by reference to the newest schema of each event, examples from beside it.
Source: AsyncAPI 3.0.0, with the Kafka bindings 0.5.0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from streams import __version__
from streams.events import article, dead, enriched, unlinked
from streams.kafka.topics import declared_topics
from streams.settings import Settings

__all__ = ["document", "main"]

_SCHEMAS: Final = Path(__file__).resolve().parents[1] / "schemas"
_BINDING: Final = "0.5.0"
_EVENTS: Final = (
    (
        "rawArticle",
        "raw-article",
        article.CE_TYPE,
        "receive",
        "Raw articles: what producers write and Wasl links.",
        "Any; articles of one key keep their order, so the article's id is a good one.",
        "every-field",
    ),
    (
        "enrichedArticle",
        "enriched-article",
        enriched.CE_TYPE,
        "send",
        "Enriched articles: the article as received, with its mentions linked.",
        "The raw article's key.",
        "every-field",
    ),
    (
        "deadLetter",
        "dead-letter",
        dead.CE_TYPE,
        "send",
        "Dead letters: records that could not be processed, whole, with the reason and the remedy.",
        "The raw article's key.",
        "undecodable",
    ),
    (
        "unlinkedName",
        "unlinked-name",
        unlinked.CE_TYPE,
        "send",
        "Unlinked names: what articles mention and the catalogue lacks.",
        "The folded name, UTF-8.",
        "person",
    ),
)
_HEADERS: Final = {
    "ce_specversion": "Version of CloudEvents.",
    "ce_id": "Equal for duplicates: leave out an event whose id has been seen.",
    "ce_source": "URI reference of the producer.",
    "ce_type": "Kind and major version of the event.",
    "ce_time": "RFC 3339.",
    "ce_subject": "Id of the article.",
    "ce_causationid": "The record or event from which this one was made.",
    "content-type": "application/json; charset=utf-8",
}


def document() -> dict[str, Any]:
    """Return the document."""
    specs = declared_topics(Settings.from_env({}))
    messages, channels, operations = {}, {}, {}
    for spec, (name, folder, ce_type, action, summary, key, example) in zip(specs, _EVENTS, strict=True):
        channels[name] = {
            "address": spec.name,
            "title": spec.name,
            "description": summary,
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
            "bindings": {
                "kafka": {
                    "topic": spec.name,
                    "partitions": spec.partitions,
                    "topicConfiguration": {
                        "cleanup.policy": [spec.configs["cleanup.policy"]],
                        "retention.ms": int(spec.configs["retention.ms"]),
                        "max.message.bytes": int(spec.configs["max.message.bytes"]),
                    },
                    "bindingVersion": _BINDING,
                }
            },
        }
        operations[f"{action}{name[0].upper()}{name[1:]}"] = {
            "action": action,
            "channel": {"$ref": f"#/channels/{name}"},
            "summary": summary,
            "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        }
        messages[name] = _message(name, folder, ce_type, summary, key, example, is_ours=action == "send")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Wasl",
            "version": __version__,
            "description": (
                "Entity linking for news streams. Actions are Wasl's own: it receives raw articles and sends the rest."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "localhost:9092",
                "protocol": "kafka",
                "description": "Brokers are named by WASL_KAFKA_BOOTSTRAP, topics by WASL_TOPIC_*.",
            }
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _message(
    name: str, folder: str, ce_type: str, summary: str, key: str, example: str, *, is_ours: bool
) -> dict[str, Any]:
    newest = max(_SCHEMAS.joinpath(folder).glob("*.json"), key=_version)
    payload = json.loads((_SCHEMAS / folder / "examples" / "valid" / f"{example}.json").read_text(encoding="utf-8"))
    properties: dict[str, Any] = {
        header: {"type": "string", "description": meaning} for header, meaning in _HEADERS.items()
    }
    properties["ce_type"]["const"] = ce_type
    headers: dict[str, Any] = {"type": "object", "properties": properties}
    if is_ours:
        headers["required"] = ["ce_specversion", "ce_id", "ce_source", "ce_type", "content-type"]
    return {
        "name": ce_type,
        "title": name,
        "summary": summary,
        "contentType": "application/json",
        "headers": headers,
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"{folder}/{newest.name}"},
        },
        "bindings": {"kafka": {"key": {"type": "string", "description": key}, "bindingVersion": _BINDING}},
        "examples": [{"name": example, "payload": payload}],
    }


def _version(path: Path) -> tuple[int, ...]:
    return tuple(map(int, path.stem.split(".")))


def main() -> None:
    """Write the document."""
    text = json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
    (_SCHEMAS / "asyncapi.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
