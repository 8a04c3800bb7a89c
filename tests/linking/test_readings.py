"""What is kept of a view goes when the view goes."""

from __future__ import annotations

import gc
import weakref

import pytest

from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.catalog.starter import read_starter
from streams.events.article import RawArticle
from streams.linking.enrich import link_article

_ARTICLE = RawArticle("a", "Nvidia", "Jensen Huang of Nvidia spoke in Cairo. Huang met people of Nvidia and Apple.")


@pytest.fixture(scope="module")
def records():
    return [Record(entity.id, entity) for entity in read_starter()[:200]]


def test_a_view_that_articles_were_linked_with_can_go(records):
    view = OverlayView(view_of(records)).with_records(records[:1])
    for number in range(3):
        changed = view.with_records([records[number]])
        assert len(link_article(_ARTICLE, changed).mentions) > 0
        gone = weakref.ref(changed)
        del changed
        gc.collect()
        assert gone() is None


def test_what_was_worked_out_for_one_view_is_not_used_for_another(records):
    view = OverlayView(view_of(records))
    before = link_article(_ARTICLE, view)
    [nvidia] = {mention.entity_id for mention in before.mentions if mention.surface == "Nvidia"}
    without = view.with_records([Record(nvidia, redirect=records[0].id)])
    after = link_article(_ARTICLE, without)
    assert nvidia not in {mention.entity_id for mention in after.mentions}
    assert link_article(_ARTICLE, view) == before
