"""Opens a page in Debian's chromium and walks every text node of it.

Reusable: ``with open_page(html) as page: assert not stray_numbers(page)``. A number belongs to exactly one of these:
an element with ``data-path`` inside one with ``data-evidence``, an identifier, a time, a clause, the user's words, a
quote. A whole report is walked: closed ``<details>``, table cells, text and titles inside SVG, visible attributes.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_TEXTS = """
() => {
  const allowed = '.identifier, .time, .clause, .user, .quote';
  const found = [];
  const where = (el) => {
    const names = [];
    for (let at = el; at && at !== document.documentElement && names.length < 4; at = at.parentElement)
      names.unshift(at.tagName.toLowerCase() + (at.className && at.className.baseVal === undefined && at.className
        ? '.' + at.className.split(' ')[0] : ''));
    return names.join(' > ');
  };
  const traced = (el) => !!(el.closest(allowed) || (el.closest('[data-path]') && el.closest('[data-evidence]')));
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (el.closest('style, script')) continue;
    found.push({text: walker.currentNode.data, where: where(el), traced: traced(el)});
  }
  for (const el of document.querySelectorAll('[title], [alt], [placeholder]'))
    for (const name of ['title', 'alt', 'placeholder'])
      if (el.getAttribute(name)) found.push({text: el.getAttribute(name), where: where(el), traced: traced(el)});
  return found;
}
"""

_VALUES = """
() => [...document.querySelectorAll('[data-path]')].map((el) => ({
  text: el.textContent.trim(),
  path: el.getAttribute('data-path'),
  evidence: (el.closest('[data-evidence]') || {getAttribute: () => ''}).getAttribute('data-evidence'),
  part: (el.closest('[data-part]') || {getAttribute: () => 'result'}).getAttribute('data-part'),
}))
"""

_CONTRAST = """
() => {
  const parse = (text) => {
    const n = (text.match(/[\\d.]+/g) || []).map(Number);
    return n.length < 4 ? [...n, 1] : n;
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((v) => v / 255)
      .map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = (el) => {
    const svg = el.closest('svg');
    const rect = svg && svg.querySelector('rect');
    if (rect) return parse(getComputedStyle(rect).fill);
    for (let at = el; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 255, 255, 1];
  };
  document.querySelectorAll('details').forEach((el) => { el.open = true; });
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || el.closest('style, title, desc, script')) continue;
    const style = getComputedStyle(el);
    const text = parse(el.closest('svg') ? style.fill : style.color);
    const [a, b] = [light(text), light(ground(el))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) weak.push(`${walker.currentNode.data.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return weak;
}
"""


@dataclass
class Opened:
    """A page with what it complained about while loading."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def need_chromium() -> None:
    """Skip the test without chromium, or fail where services are required."""
    if CHROMIUM.is_file():
        return
    reason = f"no browser at {CHROMIUM}: install Debian's chromium"
    pytest.fail(reason) if os.environ.get("GRIDCREW_REQUIRE_SERVICES") == "1" else pytest.skip(reason)


@contextmanager
def open_page(html: str, *, width: int = 1280, scheme: Literal["light", "dark"] = "light") -> Iterator[Opened]:
    """A page of its own in a fresh browser profile; whatever it asks of the network is recorded, and refused."""
    need_chromium()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is there

    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        file.write_text(html, encoding="utf-8")
        context = playwright.chromium.launch_persistent_context(
            str(Path(folder) / "profile"),
            executable_path=str(CHROMIUM),
            args=SWITCHES,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            offline=True,
        )
        try:
            page = context.new_page()
            opened = Opened(page)
            page.on("console", lambda message: opened.complaints.append(message.text))
            page.on("pageerror", lambda error: opened.complaints.append(str(error)))
            page.on("dialog", lambda dialog: (opened.complaints.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: opened.requests.append(request.url))
            page.goto(file.as_uri())
            opened.requests = [url for url in opened.requests if url != file.as_uri()]
            yield opened
        finally:
            context.close()


def stray_numbers(opened: Opened) -> list[str]:
    """Texts with a digit that nothing vouches for, each with its place."""
    return [
        f"{item['text'].strip()!r} in {item['where']}"
        for item in opened.page.evaluate(_TEXTS)
        if re.search(r"\d", item["text"]) and not item["traced"]
    ]


def texts(opened: Opened) -> list[str]:
    """Every text node of the page."""
    return [item["text"] for item in opened.page.evaluate(_TEXTS)]


def wrong_values(opened: Opened, evidence: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Values whose place in the evidence does not exist or holds another number.

    Args:
        evidence: Records by id, each with ``result`` and ``arguments``, as in the report's JSON.
    """
    wrong = []
    for item in opened.page.evaluate(_VALUES):
        record = evidence.get(item["evidence"])
        if record is None:
            wrong.append(f"{item['text']!r}: no evidence {item['evidence']!r}")
            continue
        try:
            stored = _at(record if item["part"] == "record" else record[item["part"]], item["path"])
        except (KeyError, IndexError, ValueError):
            wrong.append(f"{item['text']!r}: nothing at {item['evidence']}{item['path']}")
            continue
        if isinstance(stored, int | float) and not isinstance(stored, bool) and not _shows(item["text"], stored):
            wrong.append(f"{item['text']!r}: {item['evidence']}{item['path']} holds {stored}")
    return wrong


def _at(value: Any, path: str) -> Any:
    for key in path.split("/")[1:]:
        value = value[int(key)] if isinstance(value, list) else value[key.replace("~1", "/").replace("~0", "~")]
    return value


def _shows(text: str, stored: float) -> bool:
    """Whether a text's number is the stored one within half a unit of its last digit; currents are shown in A."""
    match = re.search(r"[-−]?\d+(?:\.(\d+))?(?:e-?\d+)?", text)
    if match is None:
        return False
    shown = float(match[0].replace("−", "-"))
    scale = 1000.0 if text.endswith(" A") else 1.0
    return abs(shown - stored * scale) <= 0.5000001 * 10 ** -len(match[1] or "") or shown == stored


def scrolls_sideways(opened: Opened) -> bool:
    """Whether the page itself is wider than the window; a table may scroll inside its own box."""
    return bool(opened.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"))


def weak_contrast(opened: Opened) -> list[str]:
    """Texts below WCAG's 4.5 to 1 against their ground; opens every ``<details>``."""
    found: list[str] = opened.page.evaluate(_CONTRAST)
    return found


def evidence_of(report_json: str) -> dict[str, dict[str, Any]]:
    """The evidence of a report's JSON by id."""
    return {item["id"]: item for item in json.loads(report_json)["evidence"]}
