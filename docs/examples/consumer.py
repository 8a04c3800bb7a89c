"""Prints what news says of some entities; `pip install wasl`, then `python consumer.py localhost:9092 Q182477`."""

from __future__ import annotations

import sys

from streams.client import Wanted, read_articles

brokers, *entities = sys.argv[1:]
wanted = Wanted(entities=entities)
with read_articles(brokers, topic="articles.enriched", group="example-python", wanted=wanted, idle=10) as articles:
    for received in articles:
        found = [entity.name for entity in received.article.entities if entity.entity_id in entities]
        print(received.article.article.article_id, *found, sep="\t")
