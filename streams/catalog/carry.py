"""What goes over to another build when it goes live: what editors did since it was cut off.

The rule: whatever an editor has touched since stays as it is in the live catalogue, and is merged with nothing that it
was not merged with there; everything else is as in the build. So no correction and no name is lost to a promotion or a
rollback, and a redirect stays one for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.catalog.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.catalog.apply import Records

__all__ = ["carried"]


def carried(touched: Iterable[str], *, live: Records, target: Records) -> list[Record]:
    """Return the records of ``live`` that are to be laid down on ``target``.

    Args:
        touched: Ids of the records that editors changed since ``target`` was cut off.
        live: The live catalogue.
        target: The build that goes live.
    """
    records: dict[str, Record] = {}
    waiting = sorted(set(touched))
    while len(waiting) > 0:
        entity_id = waiting.pop()
        record = live.record(entity_id)
        if record is None or entity_id in records:
            continue
        records[entity_id] = record
        # What the build merged into something that stays as it is would be nowhere; what it merged elsewhere together
        # with that would resolve to another.
        around = {*target.merged_into(entity_id), *live.merged_into(entity_id)}
        waiting += [gone for gone in sorted(around) if _is_led_elsewhere(live.record(gone), target.record(gone))]
        if record.redirect is not None:
            # A redirect must lead to an entity, and an import that is taken back may have brought that.
            there = target.record(record.redirect)
            waiting += [record.redirect] if there is None or there.entity is None else []
            # What the build brought and merged into this follows it: a redirect leads on in one step.
            for gone in target.merged_into(entity_id):
                if live.record(gone) is None:
                    records[gone] = Record(gone, redirect=record.redirect)
    return [records[entity_id] for entity_id in sorted(records)]


def _is_led_elsewhere(stays: Record | None, there: Record | None) -> bool:
    """Whether a build redirects an id that is live itself, or that redirects to another."""
    return stays is not None and there is not None and there.redirect is not None and there.redirect != stays.redirect
