from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from bench.catalogues import compiled, generated, grown, names_in
from bench.names import invent
from streams.catalog.snapshot import open_snapshot
from streams.catalog.starter import read_starter
from streams.events.entity import entity_document, parse_entity


@pytest.mark.parametrize("aliases", [1_000, 20_000])
def test_a_catalogue_has_the_names_that_were_asked_for(aliases):
    found = list(names_in(generated(aliases)))
    # The last entity may bring a few more.
    assert aliases <= len(found) < aliases + 60


def test_a_catalogue_is_always_the_same_and_begins_with_the_starter():
    made = list(generated(15_000))
    assert made == list(generated(15_000))
    starter = read_starter()
    assert made[: len(starter)] == starter
    assert len({entity.id for entity in made}) == len(made)


def test_invented_entities_keep_the_rules_of_the_format():
    made = list(generated(15_000))
    assert [parse_entity(entity_document(entity)) for entity in made[-500:]] == made[-500:]


def test_invented_names_are_as_long_and_as_mixed_as_real_ones():
    random = Random(1)
    made = [invent(random) for _ in range(5_000)]
    latin = [name for one in made for name in one.latin]
    arabic = [name for one in made for name in one.arabic]
    assert 0.1 < len(arabic) / (len(latin) + len(arabic)) < 0.4
    words = [len(name.split()) for name in latin]
    assert 0.2 < words.count(1) / len(words) < 0.6
    assert 0.02 < sum(count > 3 for count in words) / len(words) < 0.3
    assert 8 < sum(map(len, latin)) / len(latin) < 20
    # Names are rarely shared, but some are.
    assert 0.9 < len(set(latin)) / len(latin) < 1


def test_a_compiled_catalogue_is_kept_and_compiled_anew_for_other_content(tmp_path):
    path = compiled("generated", 500, cache=tmp_path)
    written = path.stat().st_mtime_ns
    assert compiled("generated", 500, cache=tmp_path) == path
    assert path.stat().st_mtime_ns == written
    other = compiled("generated", 9_000, cache=tmp_path)
    assert open_snapshot(other).header.entities > open_snapshot(path).header.entities
    stale = path.with_name("generated-500-000000000000.snapshot")
    path.rename(stale)
    assert compiled("generated", 500, cache=tmp_path).exists()
    assert not stale.exists()


def test_the_grown_catalogue_goes_on_past_the_real_names(shared_dir):
    starter = read_starter()
    made = list(islice(grown(5_000), 1_000))
    assert [entity.id for entity in made] == [entity.id for entity in starter[: len(made)]]
