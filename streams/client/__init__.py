"""Reading enriched articles from a program of your own.

`read_articles` and `read_articles_async` give the enriched articles of a consumer group one by one, duplicates left
out, those alone that mention what is wanted, and commit an article's offset once it has been handled:

    from streams.client import Wanted, read_articles

    with read_articles("localhost:9092", group="risk-desk", wanted=Wanted(entities=("Q182477",))) as articles:
        for received in articles:
            print(received.article.article.title)
"""

from __future__ import annotations

from streams.client.received import Received, Wanted
from streams.client.stream import ArticleStream, read_articles
from streams.client.stream_async import AsyncArticleStream, read_articles_async

__all__ = [
    "ArticleStream",
    "AsyncArticleStream",
    "Received",
    "Wanted",
    "read_articles",
    "read_articles_async",
]
