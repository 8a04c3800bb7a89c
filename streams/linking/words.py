"""Frequent words by language: they tell languages apart, and are no names by themselves.

All are folded (`streams.linking.fold`). The lists are the commonest function words of each language, from general
knowledge of the languages; none was counted on a gold set.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CALENDAR", "FREQUENT", "STOP_FORMS", "TELLING", "stop_forms"]

FREQUENT: Final[dict[str, frozenset[str]]] = {
    "en": frozenset(
        "the of and to in a is that for it as was with be by on not he his but at are this have had from or which an "
        "they you were their one all we can her has there been if more when will would who so no said its about after "
        "into than them over also could other some any these two may then first new do she what up out only time "
        "us me my him your our how now".split()
    ),
    "de": frozenset(
        "der die das und in den von zu mit ist im fur auf sich nicht ein eine einer eines dem des auch als an es er "
        "sie wird aus bei nach wie am sind hat um war zum zur uber wurde vor einem einen so durch oder aber haben "
        "wenn nur werden bis kann mehr dass noch gegen vom seine sein wer welche welcher wo wann".split()
    ),
    "fr": frozenset(
        "le la les de des du un une et en est que qui dans pour pas au aux sur par plus avec il elle ce cette se sont "
        "son sa ses ne mais ou a ont ete leur comme tout nous vous ils entre apres aussi selon dont quel quelle".split()
    ),
    "es": frozenset(
        "el la los las de del un una y en es que por con para se no su al lo como mas pero sus le ya o este si porque "
        "esta entre cuando muy sin sobre tambien me hasta hay donde quien desde todo nos segun fue cual que".split()
    ),
    "it": frozenset(
        "il lo la i gli le di del della dei delle da dal in nel nella un una e che non per con si sono come piu anche "
        "al alla ma ha su questo sua suo tra o essere dopo stato chi quale dove quando".split()
    ),
    "pt": frozenset(
        "o a os as de do da dos das um uma e em no na nos nas que para com nao por se mais como mas ao sua seu foi ou "
        "tem sao entre tambem pela pelo apos".split()
    ),
    "tr": frozenset(
        "ve bir bu da de icin ile cok daha olarak olan gibi kadar sonra en o ne var ise mi ki her yil gore hangi "
        "nedir kim kimdir nerede oldugu ya".split()
    ),
    "nl": frozenset(
        "de het een en van in is dat op te zijn met voor niet aan er ook als bij door naar uit om hij maar nog".split()
    ),
    "ar": frozenset(
        "في من علي الي عن ان ما لا هذا هذه التي الذي كان كانت قد مع بعد قبل بين كل او ثم لم لن حيث كما ذلك تلك هو هي "
        "هم وهو وهي انه انها اي عند منذ حتي خلال غير ايضا لكن اذا عندما امام حول ضد دون نحو فقط متي اين كيف كم ليس "
        "لا نعم عليه فيه به له لها بها منها اليه عليها نفسه عام يوم".split()
    ),
    "fa": frozenset("در از به كه اين را با است براي ان يك خود تا بر هم نيز شد".split()),
}

TELLING: Final[dict[str, frozenset[str]]] = {
    "en": frozenset(
        "how did does do say says year years many most such since during until because while made make between under "
        "where why whose whom should being both each few own same too very just".split()
    ),
    "de": frozenset(
        "ich wir ihr ihre ihren ihrem ihrer dieser diese dieses diesem wurden worden waren hatte hatten konnte konnen "
        "sollte soll muss mussen sehr schon jetzt dann da weil damit ohne unter zwischen wahrend gegenuber uns mich "
        "was warum wann wieviel wie viele viel gibt gab sagte jahr jahre jahren neue neuen kein keine".split()
    ),
    "fr": frozenset(
        "elles je tu on quand comment pourquoi combien quels quelles lequel laquelle cet ces notre votre nos vos mon "
        "ma mes etait etaient sera fait faire dit avant depuis pendant sous contre chez vers sans tres encore toute "
        "toutes tous meme moins deux peut peuvent doit cela celui celle ceux".split()
    ),
    "es": frozenset(
        "cuales quienes cuanto cuantos cuanta cuantas como ha han habia ser era eran son fueron esta estan puede "
        "pueden hace hizo dijo tiene tienen desde durante contra ante bajo segun tras aunque sino asi mismo misma dos "
        "tres anos ano otro otra otros otras esos esas estos estas ese esa eso unos unas nuestro".split()
    ),
    "it": frozenset(
        "cosa come perche quanto quanti quante quali cui dei degli dello dell nello nei negli nelle sul sulla sui "
        "sulle dallo dalla dai dagli dalle agli alle era erano stata stati state hanno aveva puo possono deve fare "
        "fatto detto anni anno due tre questi queste quella quello quelli sono sia ogni molto piu gia ancora".split()
    ),
    "pt": frozenset(
        "qual quais quem quando quanto quantos quantas onde porque ele ela eles elas isto isso este esta esse essa "
        "aquele seus suas era eram foram ser estar esta estao havia ter pode podem deve feito disse anos ano dois "
        "duas muito ja ainda sobre ate desde contra durante segundo apos pelos pelas numa num".split()
    ),
    "tr": frozenset(
        "nasil nasildir neden niye nelerdir neler kac zaman tarafindan yazildi insa edildi edilen eden etti olmak "
        "olacak olmustur midir mudur musunuz misiniz genellikle bugun hala hem cunku ancak onun onu buna bunun bunlar "
        "tum butun once once dedi yer alan nerededir adli arasinda icinde icindeki uzerinde uzerine karsi yeni buyuk "
        "ilk iki son turu turleri degil oldu olup ise veya cok az kendi gun icin kisi yilinda".split()
    ),
    "nl": frozenset(
        "wie wat waar wanneer waarom hoe hoeveel welke werd worden wordt waren had hebben heeft kan kunnen zal zullen "
        "moet moeten dit deze die geen wel nu dan omdat tussen tegen onder tijdens na over jaar jaren twee nieuwe "
        "haar hun ons onze je jij wij".split()
    ),
}
"""Words that tell a language too, but may be names: they stop nothing."""

CALENDAR: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february april june july september october "
    "november december today tomorrow yesterday tonight weekend".split()
)
"""Forms that are no mention however they are written."""

_OTHERS: Final = CALENDAR | frozenset(
    "march may august mr mrs ms dr sir but yet why where while such each per via still even yes ok hey oh "
    "i am pm".split()
)

STOP_FORMS: Final = frozenset(word for words in FREQUENT.values() for word in words) | _OTHERS
"""Forms that are no mention when they stand in lower case, at the head of a sentence, or in a caseless script."""

# Months and days where they have capitals, and may be names elsewhere: Nisan.
_CALENDARS: Final = {
    "tr": frozenset(
        "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik pazartesi sali carsamba persembe "
        "cuma cumartesi pazar".split()
    )
}

_BY_LANGUAGE: Final[dict[str, frozenset[str]]] = {
    language: words | FREQUENT["en"] | _OTHERS | _CALENDARS.get(language, frozenset())
    for language, words in FREQUENT.items()
}


def stop_forms(language: str) -> frozenset[str]:
    """Return the forms that are no mention in a text in ``language``: of all languages where this one has no list.

    *Al* is a word of Spanish, and a first name in an English text.
    """
    return _BY_LANGUAGE.get(language, STOP_FORMS)
