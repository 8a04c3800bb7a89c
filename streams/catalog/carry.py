"""What goes over to another build when it goes live: what editors did since it was cut off.

The rule: whatever an editor has touched since stays as it is in the live catalogue; everything else is as in the
build. So no correction is lost to a promotion or a rollback, and a redirect stays one for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.catalog.apply import Records
    from streams.catalog.records import Record

__all__ = ["carried"]


def carried(touched: Iterable[str], *, live: Records, target: Records) -> list[Record]:
    """Return the records of ``live`` that are to be laid down on ``target``.

    Args:
        touched: Ids of the records that editors changed since ``target`` was cut off.
        live: The live catalogue.
        target: The build that goes live.
    """
    records: dict[str, Record] = {}
    for entity_id in sorted(set(touched)):
        record = live.record(entity_id)
        if record is not None:
            records[entity_id] = record
    for record in list(records.values()):
        # A redirect must lead to an entity, and an import that is taken back may have brought that.
        if record.redirect is None or record.redirect in records:
            continue
        there = target.record(record.redirect)
        stays = live.record(record.redirect)
        if (there is None or there.entity is None) and stays is not None:
            records[stays.id] = stays
    return [records[entity_id] for entity_id in sorted(records)]
