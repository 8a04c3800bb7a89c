from __future__ import annotations

import pytest

from bench.__main__ import LEVELS, main
from bench.inputs import stream
from bench.instructions import read_perf
from bench.rows import Row
from bench.stages import Stages
from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.catalog.starter import read_starter
from streams.linking.enrich import link_article


def test_a_run_writes_its_record_and_ends_with_a_line_a_target(tmp_path, capsys, monkeypatch):
    def broken(config):
        yield Row("fold", f"quick: {config.quick}", {"median_us": 1.0})
        raise OSError("the disk is on fire")

    def linked(config):
        yield Row("link", "seed, 1,000,000 aliases", {"per_second": 4_000.0})

    for name in [*LEVELS]:
        monkeypatch.delitem(LEVELS, name)
    monkeypatch.setitem(LEVELS, "fold", broken)
    monkeypatch.setitem(LEVELS, "link", linked)
    given = ["--quick", "--date", "2024-06-07", "--results", str(tmp_path)]
    code = main(given)
    assert code == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("target ")
    judged = [line for line in lines if line.startswith("target ")]
    assert all(line.split()[2] in {"met", "missed", "not-measured"} for line in judged)
    assert any("missed no figure" in line for line in judged)
    assert any("link-5m not-measured (" in line for line in judged)
    main([*given, "--only", "fold", "--only", "link"])
    asked = [line for line in capsys.readouterr().out.splitlines() if line.startswith("target ")]
    assert len(asked) > 0
    assert asked == [line for line in judged if "no figure" not in line and "not-measured" not in line]
    text = (tmp_path / "2024-06-07.md").read_text(encoding="utf-8")
    assert "quick: True" in text
    assert "| seconds | fold 0, link 0 |" in text
    assert "the disk is on fire" in text


def test_an_unknown_level_or_date_is_refused(capsys):
    for arguments in (["--only", "warp"], ["--date", "yesterday"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "warp" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123456,,instructions:u,1000,100.00,,\n", 123456),
        ("warning\n42,,instructions:u,1,100.00,,", 42),
        ("<not supported>,,instructions:u,0,100.00,,\n", None),
        ("", None),
    ],
)
def test_counts_are_read_from_what_perf_prints(text, expected):
    assert read_perf(text) == expected


def test_the_stages_are_those_of_linking_and_can_be_called_again():
    article = next(iter(stream(1)))
    view = view_of(Record(entity.id, entity) for entity in read_starter())
    stages = Stages(article, view, "ar")
    for _ in range(2):
        assert set(stages.run()) >= {"words, tag", "names", "decide", "unlinked"}
        chosen = [decision.span.surface for decision in stages.decisions if decision.chosen]
        linked = [mention.surface for mention in link_article(article, view).mentions if mention.entity_id is not None]
        assert len(linked) > 0
        assert chosen == linked
    assert {part: len(call()) for part, call in stages.within().items() if part != "antecedents"} == dict.fromkeys(
        ("fold", "junk", "words"), 2
    )
