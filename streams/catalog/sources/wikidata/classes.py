"""The classes of Wikidata that decide what type an entity has, and those whose members are no entities.

Every id was looked up before it was written here; the label beside it tells readers what the class is, and is used
nowhere. The last column says where the id was found with that meaning:

- ``yago``: the schema of YAGO 4.5 (yago-naga/yago-4.5, ``input-data/yago-schema.ttl``, commit cc5c25c), which maps it
  to the class of schema.org that stands for our type, or for nothing that we have a type for.
- ``dump``: items in lines of a real dump are instances of it (``P31``), and are what the label says.
- ``code``: public tables that give Wikidata classes by id and English label.

A class that is not here has the type of the nearest one above it, by subclass of (``P279``).
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["HIDDEN", "NEWSWORTHY", "ROOTS", "Root"]

NEWSWORTHY: Final = frozenset({"person", "organization", "place", "product", "work", "event"})
"""Types that are kept unless others are asked for: ``other`` is chemistry, biology, words and ideas."""


class Root(NamedTuple):
    """A class that decides.

    Attributes:
        type: Type of its instances, and of those of its subclasses.
        label: What it is, in English.
        source: Where the id was looked up; see above.
    """

    type: str
    label: str
    source: str


ROOTS: Final[dict[int, Root]] = {
    5: Root("person", "human", "yago, dump"),
    215627: Root("person", "person", "yago"),
    43229: Root("organization", "organization", "yago"),
    783794: Root("organization", "company", "yago"),
    4830453: Root("organization", "business", "yago"),
    167037: Root("organization", "corporation", "yago"),
    155076: Root("organization", "juridical person", "yago"),
    5341295: Root("organization", "educational organization", "yago"),
    2088357: Root("organization", "musical ensemble", "yago"),
    215380: Root("organization", "musical group", "code"),
    7278: Root("organization", "political party", "code"),
    4438121: Root("organization", "sports organization", "code"),
    847017: Root("organization", "sports club", "code"),
    476028: Root("organization", "association football club", "dump, code"),
    6979593: Root("organization", "national association football team", "code"),
    3918: Root("organization", "university", "code"),
    # A newspaper is a work to a librarian; in the news it says, demands and dismisses.
    11032: Root("organization", "newspaper", "yago, which calls it a work"),
    15265344: Root("organization", "broadcaster", "code"),
    17334923: Root("place", "location", "code"),
    2221906: Root("place", "geographic location", "code"),
    618123: Root("place", "geographical feature", "code"),
    56061: Root("place", "administrative territorial entity", "yago"),
    486972: Root("place", "human settlement", "yago"),
    6256: Root("place", "country", "yago, dump"),
    3624078: Root("place", "sovereign state", "dump, code"),
    515: Root("place", "city", "yago, dump"),
    5119: Root("place", "capital city", "dump, code"),
    3957: Root("place", "town", "dump, code"),
    5107: Root("place", "continent", "yago"),
    271669: Root("place", "landform", "yago"),
    15324: Root("place", "body of water", "yago"),
    8502: Root("place", "mountain", "dump, code"),
    23397: Root("place", "lake", "dump, code"),
    811979: Root("place", "architectural structure", "yago"),
    41176: Root("place", "building", "code"),
    13226383: Root("place", "facility", "code"),
    1248784: Root("place", "airport", "yago"),
    83620: Root("place", "thoroughfare", "yago"),
    6999: Root("place", "astronomical object", "yago"),
    1656682: Root("event", "event", "yago"),
    1190554: Root("event", "occurrence", "yago"),
    40231: Root("event", "public election", "yago"),
    17537576: Root("work", "creative work", "yago"),
    386724: Root("work", "work", "yago"),
    838948: Root("work", "work of art", "code"),
    571: Root("work", "book", "yago"),
    7725634: Root("work", "literary work", "code"),
    47461344: Root("work", "written work", "code"),
    11424: Root("work", "film", "yago"),
    5398426: Root("work", "television series", "yago"),
    2188189: Root("work", "musical work", "yago"),
    482994: Root("work", "album", "code"),
    7889: Root("work", "video game", "dump, code"),
    2424752: Root("product", "product", "yago"),
    431289: Root("product", "brand", "code"),
    7397: Root("product", "software", "code"),
    35127: Root("product", "website", "dump, code"),
    11446: Root("product", "ship", "code"),
    12140: Root("product", "medication", "dump, code"),
    # What would otherwise climb to one of the above, and is nothing that news is about.
    16521: Root("other", "taxon", "yago, dump"),
    7187: Root("other", "gene", "dump, code"),
    8054: Root("other", "protein", "dump, code"),
    11173: Root("other", "chemical compound", "dump, code"),
    79529: Root("other", "chemical substance", "code"),
    34770: Root("other", "language", "yago, dump"),
    41710: Root("other", "ethnic group", "code"),
    12136: Root("other", "disease", "code"),
    618779: Root("other", "award", "yago"),
    101352: Root("other", "family name", "code"),
    202444: Root("other", "given name", "code"),
    95074: Root("other", "fictional character", "code"),
    14897293: Root("other", "fictional entity", "yago"),
    12737077: Root("other", "occupation", "code"),
    4164871: Root("other", "position", "dump, code"),
    13442814: Root("other", "scholarly article", "dump, code"),
}
"""Classes that decide the type, by the number of their item."""

HIDDEN: Final[dict[int, str]] = {
    4167410: "Wikimedia disambiguation page",
    22808320: "Wikimedia human name disambiguation page",
    4167836: "Wikimedia category",
    13406463: "Wikimedia list article",
    11266439: "Wikimedia template",
    4663903: "Wikimedia portal",
    14204246: "Wikimedia project page",
    15184295: "Wikimedia module",
    17442446: "Wikimedia internal item",
    17362920: "Wikimedia duplicated page",
    11753321: "Wikimedia navigational template",
}
"""Classes whose members are pages about pages; their ids and labels stand so in public tables of such classes."""
