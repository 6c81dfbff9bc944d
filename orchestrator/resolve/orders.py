"""Orders to switch: refused, for this service advises and a person switches."""

from __future__ import annotations

import re

ORDER = (
    "This service advises and never switches anything. The effect can be asked instead: what happens if it is done? "
    "A person decides and switches."
)

_CONTROL = (
    r"open|close|reclose|trip|switch|turn|disconnect|connect|reconnect|energi[sz]e|de-?energi[sz]e|start|stop|"
    r"shut|raise|lower|reduce|increase|"
    r"decrease|set|shed|move|transfer|shift|ramp|redispatch|isolate|earth|ground|restore|operate|execute|"
    r"block|unlock|put|take|tap|cut|curtail|"
    r"boost|remove|bring|dispatch|synchroni[sz]e|change|adjust|drop|send|perform|apply|activate|deactivate|"
    r"kill|black ?start|issue|command|force|push|pull|island|implement|carry out|initiate"
)
_POLITE = (
    r"(?:(?:please|kindly|now|ok|okay|hey|hi|hello|just|immediately|quick|quickly|then|right|alright|so|urgent|"
    r"urgently|emergency|"
    r"can you|could you|will you|would you|i want you to|i would like you to|i need you to|i order you to|"
    r"you must|you should|you have to|"
    r"you need to|go ahead and|go and|let us|do|and|at once|team|crew|gridcrew|operator)[\s,:!]+)*"
)
_ORDER = re.compile(
    rf"^{_POLITE}(?:{_CONTROL})\b(?!\s*(?:the\s+)?(?:last|report|previous|earlier|run|record))"
    r"(?!\s+(?:the\s+|our\s+|all\s+)*(?:loadings?|overloads?|voltages?|violations?|supply|n-1|security|"
    r"losses|flows?|problems?|congestion)\b(?!.*\b(?:now|immediately|at once)\b))"
    r"(?!\s+(?:positions?|of|settings?|side|range|changers?|points?|ratings?)\b)"
)
_THEN_ORDER = re.compile(
    rf"\b(?:and|then|so|,)\s+(?:please\s+|then\s+|now\s+)*(?:{_CONTROL})\s+(?:the\s+|all\s+)*(?:@\d+|breaker|"
    rf"generator|everything).{{0,30}}\b(?:now|immediately|at once)\b"
)
_DONE = (
    r"open(?:ed)?|closed?|re-?closed?|tripp?(?:ed)?|switched|turned|disconnected|connected|energi[sz]ed|raised|lowered|"
    r"reduced|increased|set|shed|moved|started|stopped|shut|isolated|earthed|out|off|on|in|back|down|up"
)
_WISHED = re.compile(
    rf"^{_POLITE}(?:(?:i|we) (?:want|need|would like|order|require|demand|insist)|get|have|make sure|ensure|"
    rf"see to it)\s+"
    rf"(?:that\s+)?(?:the\s+|breaker of\s+|breaker\s+)*@\d+\s+(?:is\s+|are\s+|to be\s+)?(?:{_DONE})\b"
)
_WISHED_TO = re.compile(rf"^{_POLITE}(?:i|we) (?:want|would like|wish|need|have|am going) (?:you )?to (?:{_CONTROL})\b")
_TURNED = re.compile(
    rf"^{_POLITE}(?:the\s+)?@\d+[\s,:-]+(?:{_CONTROL})\b(?:\s+(?:it|them|@\d+|up|off|on|out|down))?"
    r"(?:[\s,]+(?:now|immediately|please|at once|right away))*[.!]*$"
)
_STARTED = re.compile(
    rf"^{_POLITE}(?:proceed|go ahead|carry on|continue|start|begin|commence)\s+(?:with\s+)?(?:the\s+)?"
    r"(?!analy|screen|study|check|simul)\w+ing\b(?!\s+to\b)"
)
_MADE = re.compile(
    rf"^{_POLITE}(?:make|let|have)\s+(?:the\s+)?@\d+\s+(?:run|produce|generate|go|deliver|open|close|trip)\b"
)
_STATE_NOW = re.compile(
    r"^(?:the\s+)?@\d+\s+(?:off|on|open|closed?)\s+(?:now|please|immediately|at once|right away)[.!]*$"
)
_URGENT = re.compile(r"(?:@\d+|\b(?:it|them|now|immediately|please|at once|right away))[.!]*$|!$")
_PAPER = re.compile(
    r"\b(?:reports?|records?|handover|diagram|picture|map|list|table|plot|summary|overview|analysis|study|screening|"
    r"checks?|simulation)\b"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:min\w*|least|lowest) costs?\b|\bcosts? as little\b|"
    r"\b(if|suppose|supposing|simulat\w+|what happens|what would|would|effect|effects|consequences?|impact|"
    r"test|study|studies|should|imagine|assum\w+|"
    r"analy[sz]e|hypothetical\w*|what-if|can i|can we|could i|could we|may i|may we|is it|does it|do we|"
    r"will it|better|helps?|try|check|"
    r"want to know|with|without|what does|what do)\b"
)
_ASKED = re.compile(r"\b(what|how|which|show|tell|list|voltages?|loadings?|violations?|then what|give)\b")
_SERVICE_ASKED = re.compile(rf"^{_POLITE}(?:can|could|will|would) you (?:please )?(?:{_CONTROL})\b")


def is_order(text: str, *, continues: bool) -> bool:
    """Whether a marked text tells this service to switch.

    Args:
        text: The marked question.
        continues: Whether it goes on with a hypothesis of the conversation: "and close line 32 too".
    """
    if _SERVICE_ASKED.search(text):
        return not re.search(r"\b(if|simulat\w+|suppose)\b", text)
    if _THEN_ORDER.search(text) and not re.search(r"\b(if|suppose|simulat\w+)\b", text):
        return True
    if text.endswith("?"):
        return False
    if any(pattern.search(text) for pattern in (_STARTED, _MADE, _STATE_NOW)):
        return True
    if _HYPOTHETICAL.search(text) or _ASKED.search(text) or (_PAPER.search(text) and "@" not in text):
        return False
    return _tells(text) and not (continues and re.match(r"(?:and|also|then|plus)\b", text))


def _tells(text: str) -> bool:
    """Whether the words, or a clause that names an element, are an imperative or a wish that is one."""
    if _ORDER.search(text) or _WISHED.search(text) or _WISHED_TO.search(text):
        return True
    if _TURNED.search(text) and _URGENT.search(text):
        return True
    return any(_ORDER.search(clause) and "@" in clause for clause in re.split(r"[,.;:!]\s+", text))
