"""The pages of `taskcontract catalogue`, whatever they were read from."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator

from tests.support.site import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["check_document", "check_links", "read_site"]


def read_site(site: Path) -> dict[Path, Page]:
    """Return each page in the folder `site`, by its file."""
    return {file: Page(file) for file in site.resolve().rglob("*.html")}


def check_links(site: Mapping[Path, Page], at_least: int) -> None:
    """Assert that no link of a page is dead, that there are enough, and that nothing is loaded."""
    dead = []
    for page in site.values():
        assert page.loaded == []
        for target in page.links:
            found = page.resolve(target)
            if found is None or found[0] not in site or (found[1] and found[1] not in site[found[0]].anchors):
                dead.append(f"{page.file.name}: {target}")
    assert dead == []
    assert sum(len(page.links) for page in site.values()) > at_least


def check_document(printed: str, site: Path, services: Iterable[str]) -> None:
    """Assert that the JSON which was `printed` keeps to its schema, and names places in `site`."""
    document = json.loads(printed)
    schema = json.loads((files("taskcontract.reporting") / "schemas/catalogue.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(document)
    assert {each["service"] for each in document["services"]} == set(services)
    for service in document["services"]:
        for version in service["versions"]:
            page, _, anchor = version["address"].partition("#")
            assert anchor in Page(site / page).anchors
    assert {(site / page).is_file() for page in document["pages"]} == {True}
