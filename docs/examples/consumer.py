"""Prints what news says of some entities; in a clone of Wasl, `pip install .`, then run it as the usage below says."""

from __future__ import annotations

import sys

from streams.client import Wanted, read_articles

if len(sys.argv) < 3:
    sys.exit("usage: python docs/examples/consumer.py BROKERS ENTITY..., such as localhost:9092 Q182477")
brokers, *entities = sys.argv[1:]
with read_articles(
    brokers,
    topic="articles.enriched",
    group="example-python",
    wanted=Wanted(entities=entities),
    # What is no enriched article is named and passed over; without this the reading would end there.
    on_broken=lambda error, _: print(error.message, file=sys.stderr),
    idle=10,
) as articles:
    for received in articles:
        found = [entity.name for entity in received.article.entities if entity.entity_id in entities]
        print(received.article.article.article_id, *found, sep="\t")
