"""The names of an entity, and how the names of two become one's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from streams.events.entity import Alias, Entity
from streams.linking.fold import fold_text, surface_hash, trim_name
from streams.linking.transliterate import arabic_readings
from streams.linking.variants import glued_key, variant_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.records import Record

__all__ = ["NO_SURFACE", "FormUse", "Name", "folded_names", "forms_of", "is_indexed", "names_of", "unite"]

# Han ideographs and Hangul syllables: one of them can be a whole name (韩, 日, 딱), one letter hardly.
_ONE_IS_A_NAME = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0x20000, 0x323B0))


# Arabic translates the titles of these rather than writing them as they are heard.
_TRANSLATED = frozenset({"work", "event"})

# What companies write out and newspapers do not.
_ABBREVIATED = {"Company": "Co", "Corporation": "Corp", "Incorporated": "Inc", "Limited": "Ltd"}
# A label that says behind a comma what nobody adds in prose: Washington, D.C., and Apple, Inc.
_QUALIFIED = re.compile(r"(.+?),\s+(?:(?:[A-Z]\.){2,}|Inc\.?|Ltd\.?|LLC|L\.?P\.?)")

# What is named by words made up of others, which some write as two and some as one: OpenAI, سوفت بنك.
_COINED = frozenset({"organization", "product"})
_INNER_CAPITAL = re.compile(r"([A-Z][a-z]{2,})([A-Z](?:[a-z]{2,}|[A-Z]+))")
_POSSESSIVES = ("'s", "’s")

NO_SURFACE = 0
"""Surface hash of a form that is nobody's spelling."""


class Name(NamedTuple):
    """A name of an entity; a tuple, since a catalogue has millions.

    Attributes:
        text: The name as the catalogue writes it.
        language: Its language tag.
        seen: How often it was seen meaning this entity; 0 where nobody counted.
        is_label: Whether it is the preferred name in its language.
    """

    text: str
    language: str
    seen: int
    is_label: bool


class FormUse(NamedTuple):
    """One way in which an entity uses a form: a posting before its entity has a number."""

    form: str
    surface_hash: int
    language: str
    seen: int
    is_label: bool


def names_of(entity: Entity) -> list[Name]:
    """Return every name of ``entity``, labels first, in the entity's own order."""
    names = [Name(text, language, 0, True) for language, text in entity.labels.items()]
    for language, aliases in entity.aliases.items():
        names += [Name(alias.text, language, alias.count or 0, False) for alias in aliases]
    return names


def is_indexed(form: str) -> bool:
    """Whether texts are searched for ``form``.

    A form that folds to nothing is not, nor one of a single code point, which would be found everywhere,
    unless it is a Han ideograph or a Hangul syllable.
    """
    return len(form) > 1 or (len(form) == 1 and any(low <= ord(form) < high for low, high in _ONE_IS_A_NAME))


def forms_of(entity: Entity) -> list[FormUse]:
    """Return how ``entity`` uses the forms that texts are searched for on its behalf, in a fixed order.

    The same spelling in the same language is one use: its counts are added, and it is a label if one is. Beside the
    folded names stand their variant keys, which are nobody's spelling, and companies with their legal form as
    newspapers abbreviate it. A name is as good as a label where the label adds an abbreviation behind a comma alone.
    """
    folded: dict[str, tuple[str, int]] = {}
    # Whoever has an Arabic name is found by it and its variants.
    heard = entity.type not in _TRANSLATED and "ar" not in entity.labels and "ar" not in entity.aliases
    uses: dict[tuple[str, int, str], tuple[int, bool]] = {}
    names = names_of(entity)
    if entity.type == "organization":
        names += _abbreviated(names)
    is_coined = entity.type in _COINED
    if is_coined:
        names += _split(names)
    plain = {
        (found[1], name.language) for name in names if name.is_label and (found := _QUALIFIED.fullmatch(name.text))
    }
    for text, language, seen, is_preferred in names:
        is_label = is_preferred or (text, language) in plain
        known = folded.get(text)
        if known is None:
            trimmed = trim_name(text)
            known = folded[text] = (fold_text(trimmed), surface_hash(trimmed))
        keys = [(*known, language)]
        variants = (variant_key(known[0], language), glued_key(known[0]) if is_coined else None)
        keys += [(key, NO_SURFACE, language) for key in variants if key is not None]
        if is_preferred and entity.type == "organization" and text.endswith(_POSSESSIVES):
            # Moody's is called so, and not Moody.
            keys.append((fold_text(text), surface_hash(text), language))
        if is_label and heard:
            keys += [(key, NO_SURFACE, language) for key in _heard(known[0], entity.type)]
        for key in keys:
            before = uses.get(key)
            uses[key] = (seen, is_label) if before is None else (seen + before[0], is_label or before[1])
    return [FormUse(*key, *uses[key]) for key in sorted(uses) if is_indexed(key[0])]


def _split(names: list[Name]) -> list[Name]:
    """Return the names of one word with a capital in the middle, as those write them who put a space there: Open AI."""
    return [
        Name(f"{found[1]} {found[2]}", name.language, 0, False)
        for name in names
        if (found := _INNER_CAPITAL.fullmatch(name.text)) is not None
    ]


def _abbreviated(names: list[Name]) -> list[Name]:
    """Return the names that end with a legal form that is written out, with it abbreviated: Arden Motor Co."""
    found = []
    for name in names:
        head, _, last = name.text.rpartition(" ")
        if head != "" and last in _ABBREVIATED:
            found.append(Name(f"{head} {_ABBREVIATED[last]}", name.language, 0, False))
    return found


def _heard(folded: str, type_: str) -> list[str]:
    """Return the variant keys that a Latin name may have when it is written in Arabic as it is heard."""
    # Each reading is one form more: of people, whose names are most often heard and least often translated, there are
    # several.
    readings = arabic_readings(folded) if type_ == "person" else arabic_readings(folded, most=1)
    keys = (variant_key(reading, "ar") for reading in readings)
    return [key for key in dict.fromkeys(keys) if key is not None]


def unite(first: Entity, second: Entity, *, counts: Callable[[int, int], int]) -> Entity:
    """Return ``first`` with the names of ``second`` as well, and its other fields where ``first`` has none.

    A label of ``second`` fills a language that ``first`` has no label in, and is an alias elsewhere.

    Args:
        first: Gives id, type, and every field that it has.
        second: Gives what is missing.
        counts: How two counts of the same name become one.
    """
    labels = dict(first.labels)
    aliases = {language: {_key(alias.text): alias for alias in names} for language, names in first.aliases.items()}
    for name in names_of(second):
        if name.is_label and name.language not in labels:
            labels[name.language] = name.text
            continue
        if name.seen == 0 and labels.get(name.language) == name.text:
            continue
        _add(aliases.setdefault(name.language, {}), name, counts)
    both = {first.id, second.id}
    return replace(
        first,
        labels=labels,
        aliases={language: tuple(names.values()) for language, names in aliases.items() if len(names) > 0},
        description=second.description if first.description is None else first.description,
        prior=second.prior if first.prior is None else first.prior,
        related=tuple(other for other in dict.fromkeys(first.related + second.related) if other not in both),
        external_ids={**second.external_ids, **first.external_ids},
        demonyms={**second.demonyms, **first.demonyms},
    )


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _add(names: dict[str, Alias], name: Name, counts: Callable[[int, int], int]) -> None:
    known = names.get(_key(name.text))
    if known is None:
        names[_key(name.text)] = Alias(name.text, name.seen if name.seen > 0 else None)
    elif name.seen > 0:
        count = name.seen if known.count is None else counts(known.count, name.seen)
        names[_key(name.text)] = replace(known, count=count)


def folded_names(record: Record | None) -> frozenset[str]:
    """Return the folded names under which a store finds ``record``; none where it is not to be linked."""
    if record is None or record.live is None:
        return frozenset()
    return frozenset(map(fold_text, {name.text for name in names_of(record.live)})) - {""}
