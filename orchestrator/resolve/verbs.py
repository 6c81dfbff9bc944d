"""The words of change: verbs of the six actions, and amounts that are said to be more or less."""

from __future__ import annotations

import re

from orchestrator.resolve.amounts import Way

VERBS = {
    Way.OPEN: (
        r"open(?:ing)?(?: up)?|switch(?:ing)? (?:off|out)|turn(?:ing)? off|disconnect(?:ing)?|de-?energi[sz](?:e|"
        r"ing)"
    ),
    Way.CLOSE: (
        r"(?<!how )(?:re-?)?clos(?:e(?! to)|ed|es|ing)(?: in)?|switch(?:ed|ing)? (?:on|in)|turn(?:ed|ing)? on|"
        r"energi[sz](?:e|ing)|connect(?:ing)?|takes? over|resuppl(?:y|ies|ying)|picks? up (?:the )?(?:load|supply)|"
        r"(?:put(?:s|ting)?|bring(?:s|ing)?|plac(?:e|ing)|switch(?:ing)?|tak(?:e|ing))"
        r"(?=\s+(?:the\s+)?@\d+\s+(?:back\s+)?(?:into|in|on)\b)"
    ),
    Way.SHED: r"shed(?:s|ding)?|curtail(?:ed|ing)?|cut(?:s|ting)?(?: off)?|interrupt(?:ed|ing)?",
    Way.MOVE: r"transfer(?:red|ring)?|mov(?:e|ed|ing)|shift(?:ed|ing)?|redispatch(?:ing)?",
    Way.UP: (
        r"rais(?:es?|ed|ing)|increas(?:es?|ed|ing)|ris(?:es?|en|ing)|rose|grows?|growing|grew|climbs?|"
        r"(?:go(?:es|ing|ne)?|went|mov(?:es?|ed|"
        r"ing)|com(?:es?|ing)|came|tak(?:es?|ing)|brought|bring(?:ing)?) up|ramp(?:s|ed|ing)? up|boost(?:s|ed|"
        r"ing)?|(?:crank|bump|jack|dial|wind)(?:s|ed|ing)? up|"
        r"lift(?:s|ed|ing)?|step(?:s|ped|ping)? up|add(?:s|ed|ing)?|turn(?:s|ed|ing)? up|push(?:es|ed|ing)?(?! out)"
    ),
    Way.DOWN: (
        r"reduc(?:es?|ed|ing)|decreas(?:es?|ed|ing)|lower(?:s|ed|ing)?|(?:go(?:es|ing|ne)?|went|mov(?:es?|ed|ing)|"
        r"com(?:es?|ing)|came|tak(?:es?|ing)|brought|bring(?:ing)?) down|"
        r"(?:back|bring|tak|turn|ramp|throttl|wind|scal|dial)(?:e|s|ed|ing)?(?=\s+(?:the\s+)?@\d+\s+(?:down|"
        r"off|back)\s+by)|"
        r"fall(?:s|en|ing)?|fell|shrinks?|shrinking|shrank|disappears?|disappearing|vanish(?:es|ing)?|"
        r"declin(?:es?|ing)|los(?:es?|ing)(?=\s+\d)|"
        r"ramp(?:s|ed|ing)? down|turn(?:s|ed|ing)? down|step(?:s|ped|ping)? down|trim(?:s|med|ming)?|(?:cut|"
        r"dial|wind|throttl)(?:e|s|ed|ing)? (?:back|down)|back(?:s|ed|ing)? (?:down|off)|"
        r"drop(?:s|ped|ping)?"
    ),
    Way.SET: (
        r"set(?:s|ting)?|put(?:s|ting)?|run(?:s|ning)?|produc(?:es?|ed|ing)|giv(?:es?|ing)|generat(?:es?|ing)|"
        r"deliver(?:s|ing)?|go(?:es)? to|mov(?:es) to|chang(?:e|ing)|bring(?:ing)?|ramp(?:ing)?|dispatch(?:ing)?|"
        r"adjust(?:ing)?|tap(?:ping)?|switch(?:ing)?|turn(?:ing)?|tak(?:e|ing)|with"
    ),
}
VERB = re.compile("|".join(rf"\b(?P<{way.value}>{words})\b" for way, words in VERBS.items()))
GOVERNING = re.compile(
    rf"\b(?:{'|'.join(VERBS[way] for way in (Way.OPEN, Way.CLOSE, Way.SHED, Way.UP, Way.DOWN))})\s+(?:the\s+)?$"
)
POWER = r"\d+(?:[.,]\d+)?\s*(?:mws?|kw|gw|megawatts?|kilowatts?|percent)\b"
MORE = re.compile(
    rf"\b(?:additional|extra|further|another)\s+{POWER}|{POWER}\s+(?:more|extra|additional|higher|up|on top)\b"
)
FEWER = re.compile(rf"\b{POWER}\s+(?:less|fewer|lower|down|off|out of|are lost|is lost)\b|\bloss of {POWER}")
TAKEN_OFF = re.compile(
    rf"\btak(?:e|es|ing)\s+(?:out\s+|off\s+|away\s+)?{POWER}(?:\s+\w+){{0,3}}?\s+(?:off|from|out|of)\b"
)
SUPPOSED = re.compile(
    r"\b(?:if|suppos\w+|assum\w+|imagine|effects?|impact|consequences?|what happens|simulat\w+|would|say|should|try)\b"
)
RISING = re.compile(r"\b(?:up|more|plus|gain\w*|extra|additional|higher)\b")
FALLING = re.compile(r"\b(?:down|off|less|los(?:e|es|ing|t|s)|minus|fewer|back|trip\w*|out)\b")
