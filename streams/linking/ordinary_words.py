"""Words that are names too, and what stands beside them when they are not.

All are folded. The lists are general knowledge of the languages; none was counted on a gold set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = [
    "AUXILIARY",
    "COMBINING",
    "ENGLISH",
    "LISTED",
    "MASCULINE",
    "NOT_ADJECTIVAL",
    "NOT_PREDICATED",
    "OF_COMPANIES",
    "PARTICLES",
    "PREDICATING",
    "PREDICATIVE",
    "VERBAL",
    "Uses",
]


@dataclass(frozen=True, slots=True)
class Uses:
    """How an Arabic word is used where it is no name.

    Attributes:
        before: Words before it, bare of what is glued to them.
        after: Words after it, likewise.
        near: One of the four words after it.
        is_verb: It is a verb: before a subject with the article, or after a particle that only verbs follow.
        is_kin: It is a word of kinship: before a given name, or a noun with the article.
        is_measure: It is a measure: before a number.
        is_predicate: It is a predicate between its subject with the article and على.
        is_seldom_name: It is a name only after one of the words ``before``.
    """

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    is_verb: bool = False
    is_kin: bool = False
    is_measure: bool = False
    is_predicate: bool = False
    is_seldom_name: bool = False


def _uses(
    before: str = "",
    after: str = "",
    near: str = "",
    *,
    verb: bool = False,
    kin: bool = False,
    measure: bool = False,
    predicate: bool = False,
    seldom: bool = False,
) -> Uses:
    return Uses(
        frozenset(before.split()),
        frozenset(after.split()),
        frozenset(near.split()),
        is_verb=verb,
        is_kin=kin,
        is_measure=measure,
        is_predicate=predicate,
        is_seldom_name=seldom,
    )


_PREDICATED: Final = "كان يكون ليس اصبح بات ظل يعد يبدو"

LISTED: Final[dict[str, Uses]] = {
    "جده": _uses("", "والد والده والدته الطفل الطفله", kin=True),
    "شل": _uses("", "حركه حياه اقتصاد قدره عمل اضراب هجوم عطل انقطاع تساقط فيضان اعتصام زلزال وباء", verb=True),
    "قطر": _uses(
        "نصف يبلغ بنصف طول انصاف",
        "دايره الدايره الكره الانبوب الانابيب المراه العدسه الثقب النفق العجله الكوكب القمر الارض الحفره الفوهه الجذع "
        "الشجره المقطع مقطعه الاسطوانه الكابل السلك الورم الشمس الشريان القذيفه الرصاصه",
        measure=True,
    ),
    "المغرب": _uses("صلاه اذان وقت قبيل عند غروب حتي بعيد صلاتي موعد", "والعشاء العربي"),
    "ميتا": _uses(
        f"{_PREDICATED} عليه وجد المستشفي سقط مات خر يعتبر ولد حيا",
        "او سريريا دماغيا تحليل تحليلي تحليليه فيزيقا فيزيقي",
    ),
    "مسقط": _uses("", "راس راسه راسها راسي راسهم راسك راسهما الضوء"),
    "مصر": _uses("هو انه وهو لانه انني اني انا فهو كلاهما غير", predicate=True),
    "القاهره": _uses("قوه القوه ظروف الظروف اسباب الاسباب ضروره الضروره حاجه الحاجه قوي القوي عوامل العوامل اراده"),
    "الهلال": _uses(
        "رويه تحري استطلاع الصليب يري راي شاهد شاهدوا مشاهده رصد ظهور ثبوت",
        "الاحمر الخصيب الشيعي",
        "المجرده رمضان شوال",
    ),
    "المراعي": _uses("اراضي جفت حرايق رعي تدهور الغابات احترقت الحقول والحقول", "الخضراء الطبيعيه الجبليه والغابات"),
    "اودي": _uses("", "بحياه بحياته بحياتها بحياتهم", "بحياه بحياته بحياتها بحياتهم بارواح", verb=True),
    "فيزا": _uses(
        "تاشيره بدون بلا", "دراسيه سياحيه عمل زياره شنغن دخول سفر العمل الدراسه الزياره السفر ترانزيت سنويه مجانيه"
    ),
    "ينبع": _uses("", "من ذلك هذا", verb=True),
    "عدن": _uses("جنه جنات جنان"),
    "بون": _uses("ثمه هناك ثم", "شاسع واسع كبير بعيد"),
    "حلب": _uses("", "الابقار الاغنام الماعز الابل البقر النوق", verb=True),
    "ساما": _uses(_PREDICATED),
    "سورا": _uses("بني اقام شيد يبني بنت اقامت تبني يقيم", "حول من عاليا حديديا"),
    "الاهرام": _uses(
        "منطقه هضبه بناه بناء باني سفح شارع بنوا بني بنيت زياره", "الثلاثه والمعابد الفرعونيه المصريه وابو وابا التي"
    ),
    "الجزيره": _uses(
        "شبه سكان اهالي انحاء ارجاء ساحل سواحل شاطي شواطي وسط غرب شرق شمال جنوب",
        "الصغيره النايه الكوريه البركانيه الخضراء",
    ),
    "العلا": _uses("ابو ابي ابا"),
    "لولا": _uses("الرييس السيد قال اعلن اكد التقي فاز دعا وعد انتخاب فوز حكومه اداره رييسها ان", seldom=True),
    "حماس": _uses("بكل", "شديد كبير بالغ الجماهير الجمهور المشجعين الشباب اللاعبين الطلاب"),
    "فتح": _uses(
        "تم اعاده اعيد قرار يتم تمنع جري مقابل", "باب ملف تحقيق تحقيقا حساب النار ابواب معبر تحقيقات", verb=True
    ),
    "النصر": _uses("تحقيق علامه قوس نشوه اقواس", "علي"),
    "الاتفاق": _uses("توقيع وقع بموجب بنود تنفيذ تم ابرام نص وقف", "علي بين النووي الذي مع المبديي"),
    "التعاون": _uses("تعزيز مجالات سبل اطار علاقات اوجه افاق مجلس", "بين مع في المشترك الدولي الاقتصادي الامني"),
    "الشباب": _uses("فيه وزاره بطاله بين تمكين جيل من", "العاطل والرياضه والشابات العربي"),
    "امل": _uses("علي خيبه بلا فقد كل بارقه يحدوه دون بصيص", "ان في كبير جديد ضييل"),
}
"""Arabic words, by what the names fold to."""

PARTICLES: Final = frozenset("قد لقد فقد وقد لم لن ولم سوف الذي التي مما عندما حين بعدما كلما".split())
"""After these stands a verb."""

PREDICATIVE: Final = frozenset("ميتا ساما".split())
"""Names that are Arabic adjectives in the accusative, besides those of places that end in يا."""

PREDICATING: Final = frozenset(_PREDICATED.split())
"""Verbs that put their predicate in the accusative."""

NOT_PREDICATED: Final = frozenset(
    "هذا ايضا عندما بينما فيما حينما بعدما كما مما طالما كلما ريثما لاسيما هنا انما ربما اذا مهما حيثما دايما حاليا "
    "لاحقا سابقا سنويا يوميا رسميا اوروبا افريقيا اسيا امريكا اميركا استراليا روسيا تركيا سوريا المانيا ايطاليا "
    "بريطانيا ليبيا اسبانيا".split()
)
"""Words in ا that are no noun in the accusative."""

MASCULINE: Final = frozenset(
    "الرييس الوزير الامير الملك السفير الشيخ النايب المبعوث المدير البابا المستشار الوفد المنتخب الفريق الجيش الزعيم "
    "المسوول المتحدث اللاعب المدرب النجم الكاتب الصحفي الحجاج الزوار السياح المسافر الطالب".split()
)
"""Men, and groups that are masculine: a feminine word behind them is none of their adjectives."""

NOT_ADJECTIVAL: Final = frozenset(
    "الذي التي الذين الان اليوم الي الا اللذين اللتين البارحه الليله الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه "
    "السبت التقي التزم الغي القي والي".split()
)
"""Words that seem to have the article, or are followed by a subject."""

_NOUNS: Final = {
    "amazon": "basin rainforest forest jungle tribe tribes tributary",
    "apple": "pie pies juice tree trees orchard orchards cider sauce growers harvest crumble tart vinegar blossom",
    "delta": "region wetlands blues variant",
    "gap": "year years",
    "meta": "analysis analyses description tag tags data",
    "orange": "juice peel tree trees grove groves groups marmalade zest",
    "shell": "casings casing companies company script scripts fire shock suit",
    "square": "metres meters feet foot miles kilometres kilometers roots root",
    "target": "practice audience date language price",
    "visa": "applications application requirements restrictions rules waiver waivers holders bans ban",
    "windows": "rattled shattered",
    "zoom": "lens lenses",
}

ENGLISH: Final[dict[str, frozenset[str]]] = {
    word: frozenset(_NOUNS.get(word, "").split())
    for word in (
        "alphabet amazon apple apollo arm bank bird block bolt box caterpillar cell chase chrome coach delta "
        "discord dish dove echo edge express fire fortune fox galaxy gap gemini ghost globe grab guardian guess honor "
        "jaguar kindle lemonade lime lotus mars match mercury meta mini mirror mustang nest note oracle orange pixel "
        "polo puma python reliance ring roots seat sharp shell signal sky slack smart snap snowflake spirit splash "
        "sprint square stargate steam stripe subway sun target teams threads tide time toast unity vanguard virgin "
        "visa wave whirlpool windows word zoom"
    ).split()
}
"""English words that are names of companies and products too, each with nouns that it often describes."""

COMBINING: Final = frozenset(
    "alpha beta delta gamma inter mega meta micro mini nano neo omega sigma super theta turbo uber ultra "
    "الفا اوميغا اوميجا بيتا تيرا جاما دلتا سوبر غاما ميتا ميجا ميغا ميكرو ميني نانو هايبر".split()
)
"""Names that are combining forms too, joined by a hyphen to what they go with: *meta-analysis*, أوميغا-3."""

AUXILIARY: Final = frozenset("is are was were be been has have had will would could can may might must do did".split())
"""Verbs that follow a subject."""

VERBAL: Final = frozenset(
    "cut cuts rose fell won lost sold bought made paid began became kept left led met put ran saw set shut spent "
    "told took went grew gave got held hit beat built drew fought found hired knew let quit read rebuilt said sent "
    "slid split stood sued thought threw wrote shed spun struck swung tried drove chose broke came".split()
)
"""Verbs of the past that do not end in *ed*."""

OF_COMPANIES: Final = frozenset(
    "ads boss bosses brand business campus cars cash cloud customers data deal debt delivery device devices drivers "
    "earnings engineers factory factories fans founder founders guidance headquarters insiders investors laptop "
    "laptops lawyers lobbyists management managers margins news owner owners parent partner partners phone phones "
    "plant plants price prices products profit profits results revenue rival rivals sales sellers services shareholder "
    "shareholders staff stake stations stock stocks store stores suppliers tablet tablets union unit valuation "
    "warehouse warehouses workers worker".split()
)
"""What belongs to a company and stands after its name."""
