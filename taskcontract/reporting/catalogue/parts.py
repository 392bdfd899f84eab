"""Parts of the pages that several of them have."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from taskcontract.reporting.contracts.markup import element, write_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree.ElementTree import Element

    from taskcontract.model.canonical import Json
    from taskcontract.reporting.contracts.markup import Part

__all__ = ["ANSWERS", "code", "list_facts", "make_table", "show_schema", "write_site_page"]

ANSWERS = {"yes": "passed", "no": "failed", "not known": "pending"}
"""The class of each answer."""
LONGEST_SCHEMA = 4_000
"""Characters of a schema that a page shows."""


def write_site_page(
    path: str, title: str, trail: Iterable[tuple[str, str]], body: Iterable[Element], script: str = ""
) -> str:
    """Return the page at `path`; `trail` has the names and the paths of the pages above it."""
    root = "../" * path.count("/")
    style = "".join(
        files(f"taskcontract.reporting.{room}").joinpath("page.css").read_text(encoding="utf-8")
        for room in ("contracts", "catalogue")
    )
    links: list[Part] = []
    for name, target in trail:
        links += [element("a", name, href=f"{root}{target}"), " / "]
    head = [element("nav", *links, title)] if links else []
    return write_page(title, style, [element("main", *head, element("h1", title), *body)], script)


def make_table(heads: Sequence[str], rows: Iterable[Iterable[Part]]) -> Element:
    """Return a table that scrolls where the page is narrow; a column in which nothing stands is left out."""
    every = [list(row) for row in rows]
    kept = [at for at, _ in enumerate(heads) if not every or any(_says_something(row[at]) for row in every)]
    heads, rows = [heads[at] for at in kept], [[row[at] for at in kept] for row in every]
    head = element("tr", *(element("th", text) for text in heads))
    body = [
        element(
            "tr",
            *(
                part if not isinstance(part, str) and part.tag == "td" else element("td", part)
                for part in row
            ),
        )
        for row in rows
    ]
    return element("div", element("table", element("thead", head), element("tbody", *body)), class_="wide")


def _says_something(part: Part) -> bool:
    return bool(part) if isinstance(part, str) else bool("".join(part.itertext()))


def list_facts(facts: Iterable[tuple[str, Part | list[Part]]]) -> Element:
    """Return names and what is to be said of each; those of which nothing is are left out."""
    shown = [
        (name, what if isinstance(what, list) else [what]) for name, what in facts if what not in ("", [])
    ]
    return element(
        "dl", *(each for name, what in shown for each in (element("dt", name), element("dd", *what)))
    )


def code(text: str) -> Element:
    """Return a piece of code."""
    return element("code", text)


def show_schema(schema: Json) -> Part:
    """Return a schema in a word, or as JSON."""
    if schema is True or schema == {}:
        return "anything"
    if (
        isinstance(schema, dict)
        and schema.keys() <= {"type", "title"}
        and isinstance(schema.get("type"), str)
    ):
        return element("code", schema["type"])
    text = json.dumps(schema, ensure_ascii=False, indent=1)
    if len(text) <= 80:
        return element("code", json.dumps(schema, ensure_ascii=False))
    cut = text if len(text) <= LONGEST_SCHEMA else f"{text[:LONGEST_SCHEMA]}\n…"
    title = schema.get("title") if isinstance(schema, dict) else None
    return element(
        "details",
        element("summary", title if isinstance(title, str) and title else "schema"),
        element("pre", cut),
        class_="schema",
    )
