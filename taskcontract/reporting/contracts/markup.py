"""HTML elements, escaped by construction: foreign text can neither be markup nor hide in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

from taskcontract.reporting.escape import escape_controls

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Part", "element", "write_page"]

Part = Element | str
"""What an element holds."""


def element(tag: str, *parts: Part, **attributes: str) -> Element:
    """Return an element with what it holds in order; `class_="x"` is the attribute `class`."""
    made = Element(tag, {name.rstrip("_"): escape_controls(text) for name, text in attributes.items()})
    last: Element | None = None
    for part in parts:
        if isinstance(part, Element):
            made.append(part)
            last = part
        elif last is None:
            made.text = (made.text or "") + escape_controls(part)
        else:
            last.tail = (last.tail or "") + escape_controls(part)
    return made


def write_page(title: str, style: str, body: Iterable[Element], script: str = "") -> str:
    """Return a whole page; `style` and `script` are ours, and stand in it as they are."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    if script:
        from base64 import b64encode
        from hashlib import sha256

        policy += f"; script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            # Nothing is loaded, and nothing runs but `script`, whatever a foreign text might try.
            element("meta", **{"http-equiv": "Content-Security-Policy", "content": policy}),
            element("title", title),
            element("style", style),
        ),
        element("body", *body, *([element("script", script)] if script else [])),
        lang="en",
    )
    return "<!doctype html>\n" + tostring(page, encoding="unicode", method="html") + "\n"
