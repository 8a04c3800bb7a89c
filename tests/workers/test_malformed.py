"""Records that are no articles: each comes to one dead letter that says why, and holds up nothing."""

from __future__ import annotations

import gzip
import json

from tests.support.bench import article

GOOD = {"article_id": "x", "title": "t", "body": "b"}


def changed(**fields):
    return json.dumps({**GOOD, **fields}).encode()


def without(name):
    return json.dumps({key: value for key, value in GOOD.items() if key != name}).encode()


def nested(depth):
    return b'{"article_id":"x","title":"t","body":"b","extra":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


# (what it is, the value, code, what the reason must say)
MALFORMED = [
    ("empty", b"", "event.undecodable", "empty (0 bytes)"),
    ("blanks", b"  \n ", "event.undecodable", "not valid JSON"),
    ("zero bytes", b"\0\0\0\0", "event.undecodable", "\\x00"),
    ("not UTF-8", b'{"article_id":"\xff\xfe","title":"t","body":"b"}', "event.undecodable", "UTF-8"),
    ("Windows-1256", '{"title":"القاهرة"}'.encode("cp1256"), "event.undecodable", "UTF-8"),
    ("UTF-16", json.dumps(GOOD).encode("utf-16"), "event.undecodable", "\\xff\\xfe"),
    ("byte order mark", b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), "event.undecodable", "\\xef\\xbb\\xbf"),
    ("array", b"[1, 2]", "event.undecodable", "JSON list"),
    ("string", b'"article"', "event.undecodable", "JSON string"),
    ("number", b"42", "event.undecodable", "JSON number"),
    ("null", b"null", "event.undecodable", "JSON null"),
    ("true", b"true", "event.undecodable", "true/false"),
    ("NaN", b'{"article_id":"x","title":"t","body":"b","revision":NaN}', "event.undecodable", "not valid JSON"),
    ("Infinity", b'{"article_id":"i","title":"t","body":"b","revision":Infinity}', "event.undecodable", "not valid"),
    ("truncated", b'{"article_id":"x","title":"t","bo', "event.undecodable", "not valid JSON"),
    ("two objects", b'{"article_id":"x"}{"article_id":"y"}', "event.undecodable", "not valid JSON"),
    ("JSON lines", b'{"article_id":"1"}\n{"article_id":"2"}\n', "event.undecodable", "not valid JSON"),
    ("trailing comma", b'{"article_id":"x","title":"t",}', "event.undecodable", "not valid JSON"),
    ("single quotes", b"{'article_id':'x'}", "event.undecodable", "not valid JSON"),
    ("comment", b'/* */ {"article_id":"x"}', "event.undecodable", "not valid JSON"),
    ("control character", b'{"article_id":"x\x01"}', "event.undecodable", "control character"),
    ("lone surrogate", b'{"article_id":"x","title":"\\ud800","body":"b"}', "event.undecodable", "surrogate"),
    ("low surrogate", b'{"article_id":"x","title":"t","body":"\\udc00b"}', "event.undecodable", "not valid JSON"),
    ("gzip", gzip.compress(json.dumps(GOOD).encode(), mtime=0), "event.undecodable", "\\x1f\\x8b"),
    ("Avro", b"\0\0\0\0\x01\x02x\x02t\x02b", "event.undecodable", "\\x00\\x00\\x00\\x00\\x01"),
    ("XML", b"<article><title>t</title></article>", "event.undecodable", "<article>"),
    ("too deep", nested(40), "event.undecodable", "more than 32 levels"),
    ("far too deep", nested(2_000), "event.undecodable", "depth limit"),
    ("no article_id", without("article_id"), "event.invalid", "no article_id: it is missing"),
    ("no title", without("title"), "event.invalid", "no title: it is missing"),
    ("no body", without("body"), "event.invalid", "no body: it is missing"),
    ("null article_id", changed(article_id=None), "event.invalid", "no article_id: it is null"),
    ("null title", changed(title=None), "event.invalid", "no title: it is null"),
    ("null body", changed(body=None), "event.invalid", "no body: it is null"),
    ("empty article_id", changed(article_id=""), "event.invalid", "article_id has 0 characters"),
    ("number article_id", changed(article_id=7), "event.invalid", "article_id is a number"),
    ("list title", changed(title=["t"]), "event.invalid", "title is a list"),
    ("object body", changed(body={"text": "b"}), "event.invalid", "body is a object"),
    ("true body", changed(body=True), "event.invalid", "body is a true/false value"),
    ("long article_id", changed(article_id="x" * 513), "event.invalid", "article_id has 513 characters"),
    ("long title", changed(title="t" * 10_001), "event.oversize", "10001 characters"),
    ("unknown field", changed(langauge="en"), "event.invalid", "'langauge'"),
    ("true revision", changed(revision=True), "event.invalid", "revision is a true/false value"),
    ("text revision", changed(revision="2"), "event.invalid", "revision is a string"),
    ("fraction revision", changed(revision=1.5), "event.invalid", "revision is a number, not a whole number"),
    ("negative revision", changed(revision=-1), "event.invalid", "revision is -1"),
    ("huge revision", changed(revision=2**60), "event.invalid", "revision is 115292150460684697"),
    ("beyond 64 bits", changed(revision=10**30), "event.invalid", "revision is 1"),
    ("bad language", changed(language="english language"), "event.invalid", "'english language'"),
    ("number language", changed(language=1), "event.invalid", "language is a number"),
    ("date without time", changed(published_at="2026-13-01T00:00:00Z"), "event.invalid", "'2026-13-01T00:00:00Z'"),
    ("time without zone", changed(published_at="2026-01-01T00:00:00"), "event.invalid", "RFC 3339"),
    ("number time", changed(published_at=1_700_000_000), "event.invalid", "published_at is a number"),
    ("text source", changed(source="reuters"), "event.invalid", "source is a string"),
    ("unknown in source", changed(source={"title": "r"}), "event.invalid", "'title'"),
    ("text authors", changed(authors="A. Writer"), "event.invalid", "authors is a string"),
    ("number author", changed(authors=["A", 7]), "event.invalid", "authors[1] is a number"),
    ("many authors", changed(authors=["A"] * 201), "event.invalid", "authors has 201 items"),
    ("list extra", changed(extra=[1]), "event.invalid", "extra is a list"),
    ("long url", changed(url="u" * 4_001), "event.invalid", "url has 4001 characters"),
    ("number url", changed(url=80), "event.invalid", "url is a number"),
    ("oversize", changed(body="b" * 200_000), "event.oversize", "at most 200000 are allowed"),
    ("poison", changed(body="POISON"), "linking.poison", "ZeroDivisionError"),
    ("too large once enriched", changed(article_id="h", body="HUGE"), "event.oversize", "with its mentions"),
]


def test_each_malformed_record_is_one_dead_letter(bench):
    from streams.kafka.producer import Record

    records = []
    for number, (_, value, _, _) in enumerate(MALFORMED):
        records += [article(number), Record(value, key=f"bad {number}".encode())]
    bench.create()
    bench.produce(records)
    worker = bench.start(WASL_COMPRESSION="gzip")
    bench.until_committed(len(records))
    assert worker.terminate()[0] == 0

    report = bench.check()
    assert report.problems == []
    assert len(report.enriched) == len(MALFORMED)
    assert len(report.dead) == len(MALFORMED)
    letters = {letter.origin.key: letter for letter in report.dead_letters()}
    for number, (kind, value, code, said) in enumerate(MALFORMED):
        letter = letters[f"bad {number}".encode()]
        assert (letter.origin.value, letter.failure.code) == (value, code), kind
        assert said in letter.failure.message, kind
        assert letter.failure.remedy != "", kind
        assert letter.attempts == 1
    assert len({letter.failure.message for letter in letters.values()}) == len(letters), "a reason came twice"
