"""A picture of evidence in the making: the ground, and shapes put on it one by one."""

from xml.etree import ElementTree as ET

from orchestrator.compose.charts.style import style_sheet


class Sheet:
    """Builds one picture; text is escaped by the XML writer.

    Args:
        title: What a screen reader says first.
        width: In px, before the page scales it.
        height: As the width.
        described: In a sentence without a number, what is shown and how to read it.
    """

    def __init__(self, title: str, width: float, height: float, described: str = "") -> None:
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "gcc",
                "viewBox": f"0 0 {width:g} {height:g}",
                "width": f"{width:g}",
                "height": f"{height:g}",
                "role": "img",
                "aria-label": title,
            },
        )
        if described:
            ET.SubElement(self.root, "desc").text = described
        ET.SubElement(self.root, "style").text = style_sheet()
        self.add("rect", "gcc-ground", x=0, y=0, width=width, height=height)

    def group(self, title: str) -> ET.Element:
        """A group whose tooltip names elements and says their state in words."""
        element = ET.SubElement(self.root, "g", {"class": "identifier"})
        ET.SubElement(element, "title").text = title
        return element

    def add(self, tag: str, css: str, **attributes: float | str) -> ET.Element:
        """A shape or text on the ground; coordinates have one decimal."""
        return self.put(self.root, tag, css, **attributes)

    def put(self, within: ET.Element, tag: str, css: str, **attributes: float | str) -> ET.Element:
        """The same inside a group."""
        plain = {key: value if isinstance(value, str) else f"{value:.1f}" for key, value in attributes.items()}
        return ET.SubElement(within, tag, {"class": css, **plain})

    def words(self, x: float, y: float, text: str, css: str, anchor: str = "start") -> None:
        """Plain words, or with class ``identifier`` the name of an element."""
        self.add("text", css, x=x, y=y, **{"text-anchor": anchor}).text = text

    def value(self, x: float, y: float, text: str, path: str, css: str, anchor: str = "middle") -> None:
        """The text of a field, with its place in the figure's evidence."""
        self.add("text", f"{css} ev", x=x, y=y, **{"text-anchor": anchor, "data-path": path}).text = text

    def svg(self) -> str:
        """The finished picture."""
        return ET.tostring(self.root, encoding="unicode")
