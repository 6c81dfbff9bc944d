"""The last check of a figure before it becomes part of a page: only shapes, words and one style sheet.

Pictures are made by our own tool, but a stored report can have been changed, and an SVG inside a page has the
rights of the page. What is not on the list below is refused, not repaired.
"""

import re
from xml.etree import ElementTree as ET

from orchestrator.publish.errors import UnsafePictureError

SVG = "http://www.w3.org/2000/svg"
_SHAPES = frozenset({"path", "line", "polyline", "polygon", "circle", "rect", "text"})
_ELEMENTS = _SHAPES | {"svg", "g", "title", "desc", "style"}
_PLACES = frozenset({"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points", "transform"})
_ATTRIBUTES = _PLACES | {"class", "viewBox", "width", "height", "role", "aria-label", "text-anchor", "data-path"}
_UNSAFE_STYLE = re.compile(r"[<\\]|url\s*\(|@import|expression|javascript|behavior", re.IGNORECASE)
_DECLARATION = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def safe_picture(svg: str) -> str:
    """The picture, written anew from its checked tree.

    Raises:
        UnsafePictureError: names the element or attribute that does not belong there.
    """
    if _DECLARATION.search(svg):
        raise UnsafePictureError("a picture must not declare a document type or entities")
    try:
        root = ET.fromstring(svg)  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise UnsafePictureError(f"a picture must be well-formed: {error}") from error
    for element in root.iter():
        _check(element)
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode")


def _check(element: ET.Element) -> None:
    name = str(element.tag).removeprefix(f"{{{SVG}}}")
    if name not in _ELEMENTS:
        raise UnsafePictureError(f"a picture must not hold the element {name!r}")
    for attribute in element.attrib:
        if attribute not in _ATTRIBUTES:
            raise UnsafePictureError(f"a picture must not hold the attribute {attribute!r} (of {name!r})")
    if name == "style" and _UNSAFE_STYLE.search(element.text or ""):
        raise UnsafePictureError("a picture's style sheet must not reach outside")


def style_texts(svg: str) -> tuple[str, ...]:
    """The style sheets of a checked picture, which the page's policy must allow by digest."""
    return tuple(element.text or "" for element in ET.fromstring(svg).iter(f"{{{SVG}}}style"))  # noqa: S314 - checked
