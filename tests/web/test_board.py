from __future__ import annotations

from streams.errors import BrokerUnavailableError
from streams.events.article import RawArticle
from streams.web.board import ARTICLES, Board
from streams.web.ports import CatalogSeen, WorkerSeen
from tests.support.web import ARTICLE, ENTITIES, GROUP, NOW, dead, enriched, lag


def _view():
    from streams.catalog.records import Record
    from streams.catalog.snapshot import view_of

    return view_of(Record(entity.id, entity) for entity in ENTITIES)


def test_an_empty_board_knows_nothing():
    live = Board(GROUP).live()
    assert (live["sample"], live["groups"], live["workers"], live["catalog"]) == (None, [], [], None)
    assert live["dead"] == {"total": 0, "causes": []}


def test_the_lag_of_the_workers_group_is_what_is_drawn():
    board = Board(GROUP)
    board.take_lag(lag(NOW), now=NOW)
    live = board.live()
    assert live["sample"] == [NOW, 10, 4.0, 4.0, 3.0]
    assert live["groups"][0]["partitions"][0]["lag"] == 10
    board.take_lag((), now=NOW + 2)
    assert board.live()["sample"] == [NOW + 2, None, None, None, None]
    assert [row[1] for row in board.whole()["history"]["15 min"]] == [10, None]


def test_articles_are_kept_with_their_numbers_and_only_the_latest():
    board, view = Board(GROUP), _view()
    shown = board.take_enriched([enriched(ARTICLE, view)], skipped=7)
    assert shown[0]["number"] == 8
    assert shown[0]["title"][0] == ["Nvidia", 0]
    assert shown[0]["mentions"]["0"]["name"] == "Nvidia"
    assert (shown[0]["linked"], shown[0]["unlinked"]) == (6, 1)
    whole = board.article(8)
    assert whole is not None
    assert "".join(part if isinstance(part, str) else part[0] for part in whole["body"]) == ARTICLE.body
    board.take_enriched([enriched(ARTICLE, view)] * ARTICLES)
    assert board.article(8) is None
    assert len(board.whole()["articles"]) == ARTICLES


def test_a_long_body_is_cut_and_can_be_asked_for_whole():
    board = Board(GROUP)
    long = RawArticle("long", "", "word " * 400 + "Nvidia")
    [shown] = board.take_enriched([enriched(long, _view())])
    assert shown["clipped"]
    assert shown["mentions"] == {}
    [cut] = shown["body"]
    assert cut == ("word " * 84).strip()
    whole = board.article(1)
    assert whole is not None
    assert not whole["clipped"]
    assert whole["body"][-1] == ["Nvidia", 0]


def test_what_cannot_be_read_is_counted():
    board = Board(GROUP)
    assert board.take_enriched([b"{}", b"no"]) == []
    assert (board.live()["seen"], board.live()["unreadable"]) == (2, 2)
    board.take_dead([b"no"])
    assert [cause["code"] for cause in board.live()["dead"]["causes"]] == ["unreadable"]


def test_dead_letters_are_counted_by_cause_the_most_frequent_first():
    board = Board(GROUP)
    board.take_dead([dead("event.invalid", "first"), dead("event.oversize"), dead("event.invalid", "last\x1b")])
    causes = board.live()["dead"]["causes"]
    assert [(cause["code"], cause["count"]) for cause in causes] == [("event.invalid", 2), ("event.oversize", 1)]
    assert causes[0]["message"] == "last␛"
    assert causes[0]["position"] == "articles.raw 3 @ 17"


def test_causes_without_end_fill_no_memory():
    board = Board(GROUP)
    board.take_dead([dead(f"code.{number}") for number in range(300)])
    causes = board.live()["dead"]["causes"]
    assert len(causes) == 101
    assert causes[0] == {**causes[0], "code": "other", "count": 200}


def test_a_catalogue_is_in_force_since_its_version_came():
    board = Board(GROUP)
    board.take_catalog(CatalogSeen(version="a"), now=1.0)
    board.take_catalog(CatalogSeen(version="a"), now=2.0)
    assert board.live()["catalog"]["since"] == 1.0
    board.take_catalog(CatalogSeen(version="b"), now=3.0)
    assert board.live()["catalog"]["since"] == 3.0


def test_what_a_source_last_said_is_not_passed_off_as_so_now():
    board = Board(GROUP)
    seen = CatalogSeen(version="a", is_live=True, age=0.0)
    board.take_catalog(seen, now=1.0)
    board.take_lag(lag(NOW), now=NOW)
    for source in ("catalog", "lag"):
        board.take_error(source, BrokerUnavailableError("Away.", remedy="Wait."))
    live = board.live()
    assert (live["catalog"]["is_live"], live["catalog"]["age"]) == (False, None)
    assert (live["sample"], live["sizing"]) == (None, None)
    board.take_catalog(seen, now=2.0)
    board.take_lag(lag(NOW + 2), now=NOW + 2)
    assert board.live()["catalog"]["is_live"]
    assert board.live()["sample"] is not None


def test_an_error_is_shown_until_its_source_answers():
    board = Board(GROUP)
    board.take_error("workers", BrokerUnavailableError("Away.", remedy="Wait."))
    assert board.live()["notices"] == [
        {"source": "workers", "code": "broker.unavailable", "message": "Away.", "remedy": "Wait."}
    ]
    board.take_workers([WorkerSeen("w", note="\u202esays")])
    assert board.live()["notices"] == []
    assert board.live()["workers"][0]["note"] == "says"
