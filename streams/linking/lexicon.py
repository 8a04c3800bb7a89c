"""Single words that tell something of the name beside them, each with all that it tells in one number.

Titles, legal forms, kinds of places, function words; all of them are folded. The lists are general knowledge of the
languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.boundary import CLITICS
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from mypy_extensions import i64

__all__ = [
    "AFTER",
    "ANOTHER_PLACE",
    "BEFORE",
    "BODY",
    "HEADS",
    "KINDS",
    "KIND_BITS",
    "LEGAL",
    "NAMED_AFTER",
    "NAMED_BEFORE",
    "OF",
    "ORGANIZATION",
    "PERSON",
    "PLACE",
    "PRODUCT",
    "SPEAKS",
    "SPONSORED",
    "STOP",
    "THE",
    "TO_PLACE",
    "TRADE",
    "TRADE_OF_SPEAKER",
    "WEAK",
    "WORK",
    "count_titles",
    "kind_of",
    "may_tell",
    "tells",
]

KINDS: Final = ("", "organization", "person", "place", "product", "work")
"""The types that words ask for, by number, in alphabetical order; number 0 stands for all others."""

ORGANIZATION: Final = 1
PERSON: Final = 2
PLACE: Final = 3
PRODUCT: Final = 4
WORK: Final = 5

STOP: Final = 1
"""A function word, or another that is no name."""
TO_PLACE: Final = 2
"""A preposition of place."""
OF: Final = 4
"""Another function word that takes a name."""
LEGAL: Final = 8
"""A legal form."""
THE: Final = 16
"""The English article."""
WEAK: Final = 32
"""It asks for a place a little, since it stands before persons and organisations too."""
HEADS: Final = 64
"""Between a title and a name it makes the name what the person heads."""
SPEAKS: Final = 128
"""What comes before it speaks, as persons do and organisations too."""
BEFORE: Final = 8
"""From this bit on stands the type of the name that follows the word."""
AFTER: Final = 12
"""From this bit on stands the type of the name that the word follows."""
KIND_BITS: Final = 15
NAMED_AFTER: Final = 1 << 16
"""Capitalised or Arabic after a place, it is something that is named after it: *Qatar Airways*, شيكاغو تريبيون."""
SPONSORED: Final = 1 << 17
"""Capitalised after a name, it is something that bears it: *Emirates Stadium*."""
TRADE: Final = 1 << 18
"""After a place in Arabic, it is what a company named after the place does: مصر للطيران."""
NAMED_BEFORE: Final = 1 << 19
"""Before a place in Arabic, or before *of* and a place, it is something that is named after it: جامعة القاهرة."""
ANOTHER_PLACE: Final = 1 << 20
"""Capitalised before a place, it makes another one of it: *South America*."""
BODY: Final = 1 << 21
"""Last of the capitalised words after a place, it is what they and the place name: *Qatar Investment Authority*."""
TRADE_OF_SPEAKER: Final = 1 << 22
"""The same as `TRADE` where a company does something, or is called one, before the place: أعلنت قطر للطاقة."""

_Cues = dict[str, str]


def _cues(**words: str) -> _Cues:
    return {word: kind for kind, listed in words.items() for word in listed.split()}


_BEFORE: Final = _cues(
    person="mr mrs ms miss dr prof professor sir lady lord president chairman chairwoman chief ceo cfo executive "
    "minister senator governor mayor king queen prince princess pope actor "
    "actress singer director author coach player striker "
    "founder analyst economist spokesman spokeswoman judge general captain sheikh boss secretary chancellor premier "
    "herr frau prasident kanzler ministerin monsieur madame senor senora signor baskan bay bayan "
    "السيد السيده الدكتور الشيخ الملك الامير الرييس رييس الوزير وزير المدير مدير الكاتب الكاتبه الفنان الممثل المخرج "
    "اللاعب المدرب المهندس العالم العالمه الملياردير الموسس موسس المستشار السيناتور النايب الخبير المحلل الروايي "
    "astronomer scientist physicist chemist biologist mathematician historian philosopher psychologist "
    "engineer inventor journalist reporter columnist editor writer novelist poet playwright composer "
    "musician rapper guitarist drummer pianist violinist comedian dancer painter sculptor photographer "
    "architect filmmaker producer lawyer attorney prosecutor sergeant lieutenant colonel admiral "
    "commander astronaut cosmonaut activist politician congressman congresswoman ambassador diplomat "
    "cardinal bishop archbishop priest rabbi imam footballer goalkeeper midfielder winger quarterback "
    "pitcher cyclist boxer wrestler golfer sprinter swimmer gymnast billionaire businessman "
    "businesswoman entrepreneur investor philanthropist researcher surgeon wife husband daughter brother "
    "sister father mother widow astronom astronomin physiker physikerin chemiker chemikerin "
    "wissenschaftler wissenschaftlerin forscher forscherin historiker historikerin philosoph philosophin "
    "schriftsteller schriftstellerin autor autorin dichter dichterin journalistin schauspieler "
    "schauspielerin sanger sangerin regisseur regisseurin musiker musikerin komponist komponistin maler "
    "malerin politiker politikerin kanzlerin prasidentin burgermeister burgermeisterin konig konigin "
    "prinz prinzessin papst bischof trainer trainerin sturmer unternehmer unternehmerin grunder "
    "grunderin anwalt richter doktor astronome physicien physicienne chimiste historien historienne "
    "philosophe ecrivain ecrivaine auteur romancier romanciere poete acteur actrice chanteur chanteuse "
    "realisateur realisatrice musicien compositeur peintre ministre presidente roi reine princesse pape "
    "eveque entraineur joueur footballeur attaquant fondateur fondatrice avocat avocate docteur "
    "astronomo cientifico cientifica historiador historiadora filosofo escritor escritora autora "
    "novelista poeta periodista cantante directora compositor pintor pintora ministro ministra "
    "presidenta alcalde rey reina principe princesa obispo entrenador jugador futbolista delantero "
    "empresario empresaria fundador fundadora abogado abogada scienziato scienziata scrittore scrittrice "
    "giornalista regista attore attrice compositore pittore sindaco regina principessa vescovo "
    "allenatore giocatore calciatore imprenditore fondatore avvocato cientista jornalista ator atriz "
    "cantor cantora diretor prefeito rei rainha treinador jogador futebolista advogado fizikci tarihci "
    "filozof yazar gazeteci oyuncu aktor aktris sarkici yonetmen besteci ressam siyasetci bakan bakani "
    "cumhurbaskani basbakan kral kralice prens prenses futbolcu kaleci kurucusu avukat "
    "الفلكي الفيزيايي المورخ الفيلسوف الصحفي الصحفيه الصحافي الصحافيه الاعلامي الاعلاميه الشاعر الملحن "
    "المطرب المطربه المغني المغنيه الفنانه الممثله المخرجه الرسام المحامي المحاميه القاضي المهندسه "
    "الطبيب الطبيبه المهاجم الحارس السلطان البابا الزعيم الجنرال العقيد الدكتوره الاستاذ البروفيسور "
    "زوجته زوجها ابنته شقيقه",
    organization="company firm group bank maker carmaker automaker chipmaker drugmaker planemaker retailer "
    "insurer manufacturer supplier conglomerate broadcaster publisher brewer giant startup "
    "corporation agency newspaper club team airline carrier ministry university newsroom brand "
    "subsidiary lender broker shares stock bei firma konzern unternehmen verein societe "
    "entreprise banque empresa banco club societa azienda sirketi "
    "شركه لشركه بشركه مجموعه بنك مصرف وكاله صحيفه مجله قناه موقع نادي فريق موسسه هييه وزاره جامعه منظمه حزب سهم "
    "اسهم عملاق عملاقه مطوره صندوق الشركه مصنع مصانع متجر",
    place="in near north south east west city town state province capital island river "
    "valley region county district republic kingdom country border stadt ville en ciudad citta "
    "مدينه ولايه دوله جمهوريه عاصمه محافظه اقليم منطقه العاصمه جزيره نهر شارع قريه مطار ميناء بلده مملكه اماره "
    "في",
    product="app software model chatbot chip chips phone smartphone console platform gpu processor device version "
    "تطبيق برنامج منصه رقاقه رقايق شريحه هاتف هواتف نموذج معالج معالجات جهاز لعبه نظام عمله روبوت",
    work="film movie novel album song book series show episode series serie roman libro "
    "فيلم مسلسل روايه كتاب اغنيه البوم قصيده لوحه مسرحيه",
)
# These stand before persons and organisations too, and ask for a place a little.
_WEAK: Final = frozenset("at from to across outside inside from aus nach a الي من".split())
_AFTER: Final = _cues(
    person="who whose said says told added wrote tweeted resigned born aged attended studied married graduated died "
    "taught lectured retired testified recalled emigrated",
    organization="inc corp corporation ltd llc plc co gmbh ag sa spa nv shares stock "
    "announced reported posted acquired "
    "unveiled launched executives employees spokesman spokeswoman officials chief ceo fans coach quarterback players",
    place="city state province county island river region airport where based street avenue basin rainforest jungle "
    "peninsula desert coast valley",
    product="app software chips users processor processors version",
    work="film movie novel album episode",
)
_OBJECTS: Final = frozenset({"of", "for", "at", "by", "the", "a", "an", "der", "des", "de", "la", "le", "el"})
_PLACE: Final = frozenset("in at from near to across outside inside into aus nach bei en a".split())
_OF: Final = frozenset("of by for with and or as about against between on".split())
_SPEAKS: Final = frozenset("said says told added announced reported declined denied confirmed".split())
_LEGAL: Final = frozenset(
    "inc corp corporation ltd limited llc plc co company gmbh ag sa spa nv bv kg se group holdings".split()
)
_NAMED_AFTER: Final = frozenset(
    "airlines airways bancorp bancshares delta gazette herald ironworks orchestra peninsula petroleum philharmonic "
    "polytechnic post railways river steelworks strait symphony telecom telegraph times tribune university "
    "القابضه اكسبرس ايرلاينز ايرويز بوست تايمز تريبيون تلغراف ستار سان غازيت كرونيكل ماتش هيرالد".split()
)
_SPONSORED: Final = frozenset("arena foundation philanthropies stadium".split())
# What governments have is left out, since it is theirs: US Justice Department.
_BODIES: Final = frozenset(
    "accord accords agreement airlines airport airshow airways authority bank capital company corporation exchange "
    "festival foundation fund holding holdings "
    "institute insurance marathon open orchestra partners petroleum philharmonic steel telecom ventures".split()
)
# What is bought, needed or planned is left out: واردات الصين للنفط.
_TRADES: Final = frozenset("للاتصالات للاسمنت للالمنيوم للبتروكيماويات للتامين للطيران".split())
_TRADES_OF_SPEAKERS: Final = frozenset(
    "للاستثمار للبترول للتعدين للتمويل للتنميه للصناعات للطاقه للغاز للكهرباء للنفط".split()
)
_NAMED_BEFORE: Final = frozenset(
    (
        *"archdiocese bank bay college gulf institute museum orchestra sea strait university".split(),
        *(
            glued + word
            for word in (
                "جامعه كليه معهد اكاديميه بنك مصرف صحيفه جريده بورصه خليج بحر مضيق طيران الخطوط اوف كاس ابطال امم"
            ).split()
            for glued in ("", *"وفبلك")
        ),
    )
)
_ANOTHER_PLACE: Final = frozenset("central east latin north northern south west western".split())
# A clitic is no longer than this, and a word that has one is longer.
_LONGEST_GLUED: Final = 3
_ARTICLE: Final = "ال"


def kind_of(type_: str) -> int:
    """Return the number of an entity type in `KINDS`."""
    return KINDS.index(type_) if type_ in KINDS else 0


def tells(word: str) -> i64:
    """Return what ``word`` tells: the bits above, and two types where it asks for some."""
    return _BITS.get(word, 0)


def count_titles(words: list[str]) -> i64:
    """Return how many of the first words of a name say what its bearer is."""
    count: i64 = 0
    while count < len(words) and (tells(words[count]) >> BEFORE) & KIND_BITS == PERSON:
        count += 1
    return count


def may_tell(first: i64, last: i64, length: i64) -> bool:
    """Whether a word with this first and this last letter may tell something: a glance, before `tells` looks."""
    return _GLANCE[((first & 63) << 10) + ((last & 63) << 4) + (length & 15)] != 0


def _bits() -> dict[str, int]:
    found: dict[str, int] = {}
    for words, bit in (
        (STOP_FORMS, STOP),
        (_PLACE, TO_PLACE),
        (_OF, OF),
        (_LEGAL, LEGAL),
        (frozenset({"the"}), THE),
        (_WEAK, WEAK),
        (_OBJECTS, HEADS),
        (_SPEAKS, SPEAKS),
        (_NAMED_AFTER, NAMED_AFTER),
        (_SPONSORED, SPONSORED),
        (_TRADES, TRADE),
        (_NAMED_BEFORE, NAMED_BEFORE),
        (_ANOTHER_PLACE, ANOTHER_PLACE),
        (_BODIES, BODY),
        (_TRADES_OF_SPEAKERS, TRADE_OF_SPEAKER),
    ):
        for word in words:
            found[word] = found.get(word, 0) + bit
    for kinds, shift in ((_BEFORE, BEFORE), (_AFTER, AFTER)):
        for word, kind in kinds.items():
            found[word] = found.get(word, 0) + (kind_of(kind) << shift)
    for word, bits in _glued().items():
        found[word] = found.get(word, 0) + bits
    return found


def _glued() -> dict[str, int]:
    """Return what words tell to which one clitic is glued: وشركة, لمدينة. A shorter clitic counts first."""
    found: dict[str, int] = {}
    for clitic in sorted(CLITICS, key=lambda clitic: (len(clitic), clitic)):
        # The article alone makes another word: الرئيس is listed itself.
        if len(clitic) <= _LONGEST_GLUED and clitic != _ARTICLE:
            for word, kind in _BEFORE.items():
                glued = clitic + word
                if len(glued) > _LONGEST_GLUED and glued not in _BEFORE and not word.isascii():
                    found.setdefault(glued, kind_of(kind) << BEFORE)
    return found


_BITS: Final = _bits()
_GLANCES: Final = {((ord(word[0]) & 63) << 10) + ((ord(word[-1]) & 63) << 4) + (len(word) & 15) for word in _BITS}
_GLANCE: Final = bytes([at in _GLANCES for at in range(1 << 16)])
