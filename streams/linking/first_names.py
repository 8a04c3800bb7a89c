"""First names that are common in the news of many countries, folded.

They tell that two words in a row are somebody's full name. The list is general knowledge; none was counted on a gold
set. What is as often a surname, a place or another word, such as *Lee*, *Victoria* or *Mark*, is left out.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ARABIC_FIRST_NAMES", "FIRST_NAMES", "TELLING_FIRST_NAMES", "are_short"]

FIRST_NAMES: Final = frozenset(
    "aaron abdullah abigail ada adam adele adrian agatha agnes ahmed aidan alan albert alberto alec alejandro "
    "alessandro alex alexander alexandra alexei alexis alfred alfredo alice alicia alison alistair allan alvin amanda "
    "amelia amy ana anastasia andrea andreas andrei andrew andy angela angus anita ann anna anne anneliese annette "
    "annie anthony antoine antonia antonio archie ariana arlene armando arnold arthur ashley astrid audrey aurelio "
    "ava barack barbara barry bart basil beatrice becky bella ben benedict benjamin bernadette bernard bernd bernice "
    "bertha bertrand beth betty beverly bianca bill blake blanche bob bonnie boris brad brandon brenda brendan brett "
    "brian bridget brigitte bruce bruno bryan caitlin caleb calvin camille candice carl carla carlos carmen carol "
    "carole caroline carolyn carrie cassandra catherine cecil cecilia cedric celia chad charles charlotte chelsea "
    "cheryl chloe chris christian christina christine christoph christopher cindy claire clara clarence claude "
    "claudia claus clement cliff clifford clive colin connor conrad corey courtney craig cristina curtis cynthia "
    "cyril damien damon dan daniel daniela danielle danny daphne darrell darren daryl dave david deandre deborah "
    "debra deirdre delia delphine demetrius denis denise dennis derek desmond devin diana diane diego dieter dirk "
    "dmitry dolores dominic dominique don donald donna donovan doreen doris dorothy doug douglas duncan dustin dwayne "
    "dwight dylan eddie edgar edith edmund eduardo edward edwin eileen elaine eleanor elena eli elisabeth eliza "
    "elizabeth ellen elliot elsa elvis emil emilia emilio emily emma emmanuel enrique enzo eric erica erik erika erin "
    "ernest ernesto esther ethel etienne eugene eunice eva evan evelyn fabian fatima federico felicia felix ferdinand "
    "fernando fidel fiona flora florian floyd frances francesca francesco francis francisco francois frank franz fred "
    "freddie frederic frederik friedrich gabriel gary gavin gemma genevieve geoffrey georg george georges gerald "
    "geraldine gerard gerhard gerry gertrude gianni giles gillian gina giorgio giovanni giulia giuseppe gladys glenn "
    "gloria greg gregory greta gretchen guido guillaume gunther gustav gwen hailey hank hannah hans harold harriet "
    "harry harvey hassan hazel heather heidi heinrich heinz helen helena helmut henri henry herbert herman hermann "
    "hilary hillary hubert hugh hugo humphrey ian ibrahim ida ignacio igor ilya imogen inga ingrid irene irina iris "
    "irma irving isaac isabel isabella isaiah ivan ivanka ivy jack jackie jacob jacqueline jacques jaime jake james "
    "jamie jan jane janet janice jared jasmine jason javier jayden jean jed jeff jeffrey jenna jennifer jenny "
    "jeremiah jeremy jerome jerry jesse jessica jill jim jimmy joachim joan joanna joaquin jocelyn jody joe joel joey "
    "johan johann johanna johannes john johnny jon jonathan jorge jose josef josefina joseph joshua josie juan "
    "juanita judith judy juergen julia julian julie julio julius jurgen justin kaitlyn kamala karen karin karina karl "
    "karla kate katherine kathleen kathryn kathy katie kayla keith kelsey ken kendra kenneth kevin khalid kirsten "
    "klaus kristen kristin kristina kurt kyle lara larissa larry lars laura lauren laurent lawrence leah lena leon "
    "leonard leonardo leroy lester liam lillian lily linda lindsay lionel lisa liz lois lola lorenzo loretta lorraine "
    "louis louisa louise luca lucas lucia luciano lucille lucinda lucy ludwig luigi luis luke lydia lynn mabel "
    "mackenzie madeleine magdalena malcolm mandy manuel marc marcel marcelo marcia marco marcus margaret margot "
    "marguerite maria mariana marie marilyn marina mario marion marisa marjorie markus marlene marta martha martin "
    "martina marvin mary matilda matt matteo matthew matthias maureen maurice mauricio max maxim maxine maya megan "
    "melania melanie melissa melvin meredith michael michel michele michelle miguel mike mikhail mildred milo mindy "
    "miranda miriam mohamed mohammed moira molly monica monika muhammad muriel myra nadia nancy naomi natalia natalie "
    "natasha nathan ned neil nicholas nick nicola nicolas nicole nigel nikolai nina noah noel nolan nora norma olaf "
    "olga oliver olivia olivier omar opal ophelia oscar oswald otis otto owen pablo pamela paola paolo pascal "
    "patricia patrick patsy paul paula paulina pauline paulo pedro penelope penny percy peter petra phil philip "
    "philippe phoebe phyllis pierre polly priscilla quentin rachel rafael ralph ramon ramona randall randy raphael "
    "raul raymond rebecca reginald renata renee rhonda ricardo richard rick rita robert roberta roberto robin "
    "roderick rodney rodrigo roger roland rolf romeo ron ronald rosa rosalind rosemary rosie roxanne ruben rudolf "
    "rudy rufus rupert ruth ryan sabine sabrina sadie sam samantha samir samuel sandra sara sarah scarlett sean "
    "sebastian selena selma serena sergei sergey sergio seth sharon shaun sheila sheldon shelly shirley sid sigmund "
    "silvia silvio simon sonia sonja sophia sophie stacey stacy stanislav stefan stefano stella stephanie stephen "
    "steve steven stuart susan susanne suzanne sven svetlana sybil sylvia tabitha tamara tanya tara tatiana teresa "
    "terrence terry thelma theo theodore theresa thierry thomas tiffany tim timothy tina tobias todd tom tommy tony "
    "tracy travis trevor tristan trudy ulrich ulrike uma ursula valentina valerie vanessa velma vera veronica vicky "
    "victor vince vincent viola virgil vivian vladimir vladislav walter wayne wendell wendy werner wilbur wilfred "
    "wilhelm william willie wilma winifred winston wolfgang xavier yasmin yolanda yuri yusuf yves yvette yvonne "
    "zachary zelda zoe zoltan".split()
)

ARABIC_FIRST_NAMES: Final = frozenset(
    "ابراهيم احمد ادم ادوارد ارثر اريك البرت الفريد الكسندر اليس اليكس اليكسندر اماندا امينه انتوني "
    "انجيلا اندرو اندريه انس انطونيو اوسكار اولغا اوليفر ايريك ايغور ايفان ايفانكا ايلينا ايما ايمن "
    "ايميلي ايهاب باتريشيا باتريك باسم بافل برايان برنارد بروس بريان بشار بنجامين بندر بنيامين بوب بوريس "
    "بيتر بيل تشارلز توم توماس تيم جاستن جاك جو جورج جوليا جوليان جون جوناثان جيرالد جيسون جيسيكا جيم "
    "جيمس جيمي جينيفر حازم حسن حسين حمدان حمزه خالد خديجه دانيال دانييل دايفيد دلال دوغلاس دونالد ديان "
    "ديبورا ديفد ديفيد ديمتري دينا دينيس راشيل رامي رانيا رايان رنا روبرت روجر رونالد ريبيكا ريتشارد ريم "
    "ريما زكريا زياد زينب سارا ساره سالم سامي ساندرا ستيف ستيفاني ستيفن سعاد سلمان سلمي سليمان سميره سناء "
    "سهير سوزان سيباستيان سيرغي سيمون شارل شارلوت شيماء طارق طلال عاصم عايشه عبدالرحمن عبدالعزيز "
    "عبدالفتاح عبدالله عبير عماد عمر عمرو غابرييل غاده غاري غريغوري غلين غوردون فاديا فاطمه فرانسوا "
    "فرانشيسكو فرانك فرناندو فلاديمير فهد فواد فيصل فيكتور فيكتوريا فيليب كاثرين كارل كارلوس كارول كريس "
    "كريستوفر كريستين كريم كلارا كلود كيفن كيفين لارا لاري لبني لورا لوران لوسي لوي لويس ليزا ليلي لينا "
    "ليوناردو ليونيل ماتيو ماثيو ماجد مارتن مارغريت ماركو ماري ماريا مازن ماكس مانويل مايك مايكل مجدي "
    "محمد محمود مروان مريم مصطفي معاذ مني مها مهند ميساء ميشيل ميغان ميغيل ميلاني ميلانيا ناتالي ناصر "
    "ناعومي نانسي نايف نبيل نجلاء ندي نزار نسرين نضال نور نوره نيكول نيكولاس نيكولاي هارولد هاري هاله "
    "هانز هاني هدي هشام هند هنري هوارد هيذر هيلاري هيلين والتر وايل وليام وليد ويليام ياسر ياسمين يحيي "
    "يورغن يوري يوسف يونس يوهان".split()
)
"""First names in Arabic script. A form that is a frequent word as well, as that of على and علي is, is left out."""

# Words of prose: on behalf of, age, is not, struggle, light, generous …
_PROSE: Final = frozenset(
    "ادم اليس امينه باسم جمال جو حازم حسن خالد دلال رامي ريم سالم سامي سلمي سناء سهير عاصم عبير عماد عمر فارس كريم "
    "لاري لينا ماجد ماري مني مها مهند ناصر نبيل نجلاء ندي نضال نور هاني هدي هند وايل وليد ياسر ياسمين".split()
)

TELLING_FIRST_NAMES: Final = ARABIC_FIRST_NAMES - _PROSE
"""Those of them that are no ordinary word: what follows is a surname."""

_SHORT: Final = {
    "alfred": "fred",
    "anthony": "tony",
    "carl": "karl",
    "catherine": "kate kathy katherine katie",
    "christina": "kristina tina",
    "christine": "kristina kristine",
    "edward": "ned ted",
    "elizabeth": "beth betty liz",
    "geoffrey": "jeff jeffrey",
    "gerald": "jerry",
    "henry": "hal hank harry",
    "james": "jim jimmy",
    "johannes": "hans",
    "john": "ian jack",
    "katherine": "cathy",
    "margaret": "megan",
    "martina": "tina",
    "muhammad": "mohamed mohammed",
    "rebecca": "becky",
    "richard": "dick",
    "robert": "bob bobby",
    "william": "bill billy",
    "ادوارد": "تيد",
    "جون": "جاك",
    "روبرت": "بوب",
    "ريتشارد": "ديك",
    "وليام": "بيل ويليام",
    "ويليام": "بيل",
}


def are_short(one: str, other: str) -> bool:
    """Whether one first name is a usual short form of the other that begins with another letter, or ends it: Bob."""
    return one in _SHORT.get(other, "").split() or other in _SHORT.get(one, "").split()
