"""Words that call to mind what an entity is, though its description puts it otherwise: *the mayor of Barcelona*.

Descriptions are mostly English and a few words long: *city in Spain*, *Spanish football club*. What stands beside a
name, in whatever language, is taken for the words of descriptions that it goes with: شوارع برشلونة, *the coach of
Barcelona*. The list is general knowledge; none was counted on a gold set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.around import Around

__all__ = ["evoked", "evokes"]

_BEFORE: Final = 3
_AFTER: Final = 2
_NOTHING: Final[frozenset[str]] = frozenset()
# What stands beside a name, and the words of descriptions that it goes with.
_GOES_WITH: Final = (
    (
        (
            "mayor mayors streets suburb suburbs outskirts downtown residents city town stadt burgermeister strassen "
            "ville maire rues ciudad alcalde calles citta sindaco strade sehri belediye prefeito ruas cidade"
        ),
        "مدينه بلديه امانه شوارع شارع احياء حي ضواحي ضاحيه سكان وسط سماء",
        "city capital town municipality",
    ),
    ("capital hauptstadt capitale baskenti", "عاصمه", "capital"),
    (
        (
            "government ambassador embassy president parliament lawmakers constitution army economy exports ministry "
            "land pays pais paese ulke"
        ),
        "دوله حكومه جمهوريه مملكه سلطنه سفير سفاره برلمان جيش اقتصاد دستور شعب منتخب رييس رييسه",
        "country sovereign republic kingdom",
    ),
    ("governor governors senator statehouse statewide voters", "ولايه", "state"),
    (
        (
            "coach manager striker midfielder defender goalkeeper winger fans goal goals match season penalties "
            "stadium squad league beat beats defeated drew draw lost trainer torwart gewinnt schlagt entrenador gana "
            "entraineur affrontent allenatore batte yendi"
        ),
        "نادي فريق مدرب لاعب مهاجم حارس مباراه هدف هدفا مشجعي جماهير دوري ملعب فاز تعادل تغلب خسر",
        "club football team",
    ),
    ("carmaker automaker cars car vehicles", "سياره سيارات", "car cars automaker carmaker automotive"),
    (
        "chipmaker chips chip semiconductors gpus",
        "رقاقه رقايق شريحه شرايح معالج معالجات",
        "chip chips semiconductor chipmaker",
    ),
    ("airline flights flight planes jets", "طيران طايره طايرات رحله رحلات", "airline aircraft aerospace"),
    ("bank lender deposits loans", "بنك مصرف ودايع قروض", "bank banking lender"),
    ("newspaper editor daily", "صحيفه جريده", "newspaper daily"),
    ("agency wire", "وكاله", "agency news"),
    ("channel broadcaster network", "قناه شبكه فضاييه", "channel broadcaster television network"),
    (
        "company firm group shares stock profit revenue",
        "شركه مجموعه اسهم سهم ارباح ايرادات",
        "company firm corporation conglomerate",
    ),
    ("astronomer telescope", "فلك فلكي فلكيه تلسكوب", "astronomer"),
    ("inventor physicist engineer", "مخترع عالم فيزيايي مهندس", "inventor physicist engineer scientist"),
    ("actor actress film movie", "ممثل ممثله فيلم", "actor actress film"),
    ("singer song album", "مغني مغنيه مطرب مطربه اغنيه البوم", "singer musician song album"),
    ("university professor universitat universite universita universidad", "جامعه", "university"),
    ("river banks basin", "نهر ضفاف حوض", "river"),
    ("island coast", "جزيره ساحل سواحل", "island"),
)
_CLITICS: Final = ("", "ال", "و", "ب", "ل", "ف", "وال", "بال", "لل", "ول", "وب")


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for latin, arabic, words in _GOES_WITH:
        told = frozenset(words.split())
        for word in (*latin.split(), *(clitic + word for word in arabic.split() for clitic in _CLITICS)):
            found[word] = found.get(word, _NOTHING) | told
    return found


_EVOKED: Final = _table()


def evoked(around: Around, before: i64, after: i64) -> list[frozenset[str]]:
    """Return the words of descriptions that go with what stands beside a name, once for each word there.

    Args:
        around: The words of the text.
        before: Number of the word before the name.
        after: Number of the word after it.
    """
    found: list[frozenset[str]] = []
    word = before
    while word >= 0 and word > before - _BEFORE:
        told = _EVOKED.get(around.word(word))
        if told is not None:
            found.append(told)
        word -= 1
    word = after
    while word < around.count and word < after + _AFTER:
        told = _EVOKED.get(around.word(word))
        if told is not None:
            found.append(told)
        word += 1
    return found


def evokes(told: Sequence[frozenset[str]], described: Sequence[str]) -> int:
    """Return how many of what `evoked` found go with a word of a description."""
    count = 0
    for words in told:
        if any(word in words for word in described):
            count += 1
    return count
