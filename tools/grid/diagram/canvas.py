"""An SVG in the making: shapes, identifiers and values, each value with the place it comes from."""

from xml.etree import ElementTree as ET

from tools.grid.diagram.layout import Point
from tools.grid.diagram.paint import style_sheet

NAMESPACE = "http://www.w3.org/2000/svg"


def number(value: float) -> str:
    """A coordinate with one decimal at most.

    >>> number(12.0), number(3.14)
    ('12', '3.1')
    """
    return f"{value:.1f}".removesuffix(".0")


class Canvas:
    """Builds one picture; text is escaped by the XML writer, so element names cannot break out."""

    def __init__(self, width: float, height: float, title: str) -> None:
        """Start an empty picture of this size (px); ``title`` is what a screen reader says."""
        self.root = ET.Element(
            "svg",
            {
                "xmlns": NAMESPACE,
                "class": "gcd",
                "viewBox": f"0 0 {number(width)} {number(height)}",
                "width": number(width),
                "height": number(height),
                "role": "img",
                "aria-label": title,
            },
        )
        ET.SubElement(self.root, "style").text = style_sheet()
        self.rect(Point(0, 0), width, height, "gcd-ground")

    def describe(self, text: str) -> None:
        """What a screen reader says of the picture beside its title; without a number."""
        element = ET.Element("desc")
        element.text = text
        self.root.insert(0, element)

    def group(self, title: str) -> ET.Element:
        """A group whose tooltip is an element's identifier and state in words."""
        element = ET.SubElement(self.root, "g", {"class": "identifier"})
        ET.SubElement(element, "title").text = title
        return element

    def rect(self, corner: Point, width: float, height: float, css: str, within: ET.Element | None = None) -> None:
        """A rectangle from its upper left corner."""
        self._add(within, "rect", css, x=corner.x, y=corner.y, width=width, height=height)

    def circle(self, centre: Point, radius: float, css: str, within: ET.Element | None = None) -> None:
        """A circle."""
        self._add(within, "circle", css, cx=centre.x, cy=centre.y, r=radius)

    def path(self, points: tuple[Point, ...], css: str, within: ET.Element | None = None) -> None:
        """Straight strokes from point to point."""
        text = " ".join(f"{number(point.x)},{number(point.y)}" for point in points)
        self._add(within, "polyline", css, points=text)

    def polygon(self, points: tuple[Point, ...], css: str, within: ET.Element | None = None) -> None:
        """A closed shape."""
        text = " ".join(f"{number(point.x)},{number(point.y)}" for point in points)
        self._add(within, "polygon", css, points=text)

    def identifier(self, at: Point, text: str, css: str, anchor: str = "middle") -> None:
        """The name or number of an element; never a measurement."""
        self._add(None, "text", f"{css} identifier", x=at.x, y=at.y, **{"text-anchor": anchor}).text = text

    def value(self, at: Point, text: str, path: str, css: str, anchor: str = "middle") -> None:
        """A measured or computed value; ``path`` points into the drawing's own result."""
        attributes = {"text-anchor": anchor, "data-path": path}
        self._add(None, "text", f"{css} ev", x=at.x, y=at.y, **attributes).text = text

    def words(self, at: Point, text: str, css: str) -> None:
        """Plain words without a digit, as in the key."""
        self._add(None, "text", css, x=at.x, y=at.y).text = text

    def _add(self, within: ET.Element | None, tag: str, css: str, **attributes: float | str) -> ET.Element:
        plain = {
            key: value if isinstance(value, str) else number(value)
            for key, value in {"class": css, **attributes}.items()
        }
        return ET.SubElement(self.root if within is None else within, tag, plain)

    def svg(self) -> str:
        """The finished picture, without an XML declaration so that a page can hold it."""
        return ET.tostring(self.root, encoding="unicode")
