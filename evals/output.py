"""The outcome of a suite for machines: JUnit XML, and JSON."""

from dataclasses import asdict
from xml.etree import ElementTree

from pydantic import JsonValue

from evals.run import Outcome, tally


def to_junit(suite: str, outcomes: tuple[Outcome, ...]) -> str:
    """One test case for each phrasing, as CI servers read it."""
    counts = tally(outcomes)
    root = ElementTree.Element(
        "testsuite",
        name=suite,
        tests=str(counts.phrasings),
        failures=str(counts.phrasings - counts.passed),
        time=f"{sum(item.seconds for item in outcomes):.3f}",
    )
    for item in outcomes:
        case = ElementTree.SubElement(
            root, "testcase", classname=suite, name=f"{item.case}[{item.phrasing}]", time=f"{item.seconds:.3f}"
        )
        if not item.passed:
            failure = ElementTree.SubElement(case, "failure", message=item.question)
            failure.text = "\n".join(item.reasons)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def to_json(suite: str, outcomes: tuple[Outcome, ...]) -> JsonValue:
    """Figures and every phrasing with what was amiss."""
    return {
        "suite": suite,
        "figures": asdict(tally(outcomes)),
        "outcomes": [
            {
                "case": item.case,
                "phrasing": item.phrasing,
                "question": item.question,
                "passed": item.passed,
                "reasons": list(item.reasons),
                "seconds": round(item.seconds, 3),
                "run": item.run,
            }
            for item in outcomes
        ],
    }
