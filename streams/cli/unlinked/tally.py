"""Counting unlinked names over many articles."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streams.events.unlinked import UnlinkedName

__all__ = ["MissingName", "NameTally"]


class MissingName:
    """A name that the catalogue lacks, and what articles tell of it.

    Attributes:
        name_key: The folded name.
        names: How often each spelling heads an article's mentions.
        types: How often each type was guessed.
        languages: How often in articles of each language.
        articles: Number of articles.
        mentions: Number of mentions in them.
        first_seen: Time of the first, RFC 3339.
        last_seen: Time of the last.
        context: The words around the last.
        article_id: The article of the last.
    """

    __slots__ = (
        "article_id",
        "articles",
        "context",
        "first_seen",
        "languages",
        "last_seen",
        "mentions",
        "name_key",
        "names",
        "types",
    )

    def __init__(self, first: UnlinkedName) -> None:
        self.name_key = first.name_key
        self.names: Counter[str] = Counter()
        self.types: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.articles = self.mentions = 0
        self.first_seen = self.last_seen = first.seen_at
        self.context, self.article_id = first.context, first.article_id

    @property
    def name(self) -> str:
        """The most frequent spelling."""
        return _most(self.names)

    @property
    def type(self) -> str:
        """The most frequent guess."""
        return _most(self.types)

    def add(self, name: UnlinkedName) -> None:
        """Count what one article says."""
        self.names[name.name] += 1
        self.types[name.type] += 1
        self.languages[name.language] += 1
        self.articles += 1
        self.mentions += name.mention_count
        self.first_seen = min(self.first_seen, name.seen_at)
        if name.seen_at >= self.last_seen:
            self.last_seen, self.context, self.article_id = name.seen_at, name.context, name.article_id

    def document(self) -> dict[str, Any]:
        """Return it as JSON, for programs."""
        return {
            "name_key": self.name_key,
            "name": self.name,
            "names": dict(sorted(self.names.items())),
            "type": self.type,
            "languages": dict(sorted(self.languages.items())),
            "articles": self.articles,
            "mentions": self.mentions,
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
            "context": self.context,
            "article_id": self.article_id,
        }


class NameTally:
    """Counts names, each once for an article however often the article was linked.

    Memory: about 1 kB for each name that is not in the catalogue, and 100 bytes for each article that mentions it.
    """

    def __init__(self) -> None:
        self._names: dict[str, MissingName] = {}
        self._seen: set[tuple[str, str]] = set()

    def add(self, name: UnlinkedName) -> None:
        """Count a name in an article, unless that was counted."""
        at = (name.name_key, name.article_id)
        if at in self._seen:
            return
        self._seen.add(at)
        found = self._names.get(name.name_key)
        if found is None:
            found = self._names[name.name_key] = MissingName(name)
        found.add(name)

    def top(self) -> list[MissingName]:
        """Return the names, those in most articles first."""
        return sorted(self._names.values(), key=lambda name: (-name.articles, -name.mentions, name.name_key))


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda item: (-counts[item], item))
