"""First names that are common in the news of many countries, folded.

They tell that two words in a row are somebody's full name. The list is general knowledge; none was counted on a gold
set. What is as often a surname, a place or another word, such as *Lee*, *Victoria* or *Mark*, is left out.
"""

from __future__ import annotations

from typing import Final

__all__ = ["FIRST_NAMES", "are_short"]

FIRST_NAMES: Final = frozenset(
    "aaron abdullah abigail adam adele adrian agnes ahmed alan albert alejandro alessandro alex alexander alexandra "
    "alexei alfred alice alison allan amanda amy ana andrea andreas andrei andrew andy angela anita ann anna anne "
    "annie anthony antoine antonio arthur ashley audrey barbara barry beatrice ben benjamin bernard bernd bertha beth "
    "betty beverly bill bob boris brad brandon brenda brendan brett brian bridget bruce bruno bryan caleb camille "
    "carl carla carlos carol caroline carolyn carrie catherine cecilia charles charlotte cheryl chris christian "
    "christina christine christoph christopher cindy claire clara claude claudia cliff colin connor cristina cynthia "
    "damien dan daniel daniela danielle danny darren dave david deborah debra denis dennis derek diana diane diego "
    "dieter dmitry dominic donald donna doris dorothy doug douglas dylan eddie edgar eduardo edward eileen elaine "
    "eleanor elena eli elisabeth elizabeth ellen emily emma emmanuel enrique eric erica erik erika ernest esther "
    "eugene eva evan evelyn fatima felix fernando fiona florian frances francesca francesco francis francisco "
    "francois frank franz fred frederic friedrich gabriel gary geoffrey georg george georges gerald gerard gerhard "
    "gianni gina giorgio giovanni giulia giuseppe glenn gloria greg gregory guido guillaume gustav hans harold "
    "harriet harry harvey hassan heather heinrich heinz helen helena helmut henri henry herbert hermann hubert hugh "
    "hugo ian ibrahim igor inga ingrid irene isaac isabel isabella ivan jack jackie jacob jacqueline jacques jake "
    "james jamie jan jane janet janice jason jean jeff jeffrey jennifer jenny jeremy jerome jerry jesse jessica jill "
    "jim jimmy joan joanna joe joel johan johann johanna johannes john johnny jonathan jorge jose josef joseph joshua "
    "juan juanita judith judy juergen julia julian julie jurgen justin karen karin karl kate katherine kathleen "
    "kathryn kathy katie keith ken kenneth kevin khalid klaus kristin kurt kyle larry laura lauren laurent lawrence "
    "leah leon leonard leonardo liam linda lisa liz lorenzo louis louise luca lucas lucia luciano lucy luigi luis "
    "luke lynn madeleine manuel marc marcel marco marcus margaret maria marie marina mario marion marisa markus marta "
    "martha martin martina mary matt matteo matthew matthias maureen maurice max maxim megan melanie melissa michael "
    "michel michele michelle miguel mike mikhail mohamed mohammed monica monika muhammad nancy naomi natalia natalie "
    "nathan neil nicholas nick nicola nicolas nicole nigel nikolai nina nora olga oliver olivia omar oscar otto pablo "
    "pamela paola paolo patricia patrick paul paula paulo pedro peter petra phil philip philippe phyllis pierre "
    "rachel rafael ralph ramon raymond rebecca renee ricardo richard rick rita robert roberta roberto robin rodney "
    "roger roland ron ronald rosemary ruben rudolf ruth ryan sam samantha samuel sandra sara sarah sean sebastian "
    "sergei sergio seth sharon shaun sheila shirley silvia simon sonia sophia sophie stefan stefano stella stephanie "
    "stephen steve steven stuart susan susanne suzanne sven sylvia tamara tara teresa theodore theresa thomas tim "
    "timothy tina todd tom tommy tony ulrich ursula valentina valerie vanessa vera veronica vicky victor vincent "
    "vladimir walter wendy werner wilhelm william winston wolfgang xavier yolanda yusuf yves yvonne zoe".split()
)

_SHORT: Final = {
    "anthony": "tony",
    "catherine": "kate kathy katie",
    "christina": "tina",
    "edward": "ted",
    "elizabeth": "beth betty liz",
    "johannes": "hans",
    "john": "ian jack",
    "katherine": "cathy",
    "martina": "tina",
    "richard": "dick",
    "robert": "bob bobby",
    "william": "bill billy",
}


def are_short(one: str, other: str) -> bool:
    """Whether one first name is a usual short form of the other that begins with another letter, or ends it: Bob."""
    return one in _SHORT.get(other, "").split() or other in _SHORT.get(one, "").split()
