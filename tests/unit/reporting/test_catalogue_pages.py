"""The pages of a catalogue from plain data: environments, and what goes together there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.catalogue.content import (
    Catalogue,
    Environment,
    Fit,
    Reliance,
    Running,
    Service,
    Trouble,
    Version,
)
from taskcontract.reporting.catalogue.pages import write_pages
from tests.support.site import Page

if TYPE_CHECKING:
    from pathlib import Path

MARKUP = "</td><script>alert(1)</script>"
PRODUCTION = Environment(
    f"production {MARKUP}",
    (Running("web", "9", "deployed", "2026-11-28"), Running("gone", "1", "released", "2026-11-28")),
    (
        Fit("web", "9", "shop", "2.0.0", "no", MARKUP, (Trouble(MARKUP, "shop.sell", "sell(1)", MARKUP),)),
        Fit("web", "9", "gone", "1", "not known", "it was never replayed"),
        Fit("web", "9", "shop", "1.0.0", "yes", "verified"),
    ),
)
CATALOGUE = Catalogue(
    "s3://bucket/prefix",
    (
        Service("shop", (Version("2.0.0"),), hidden=1),
        Service(
            "web",
            (
                Version(
                    "9",
                    relies=(Reliance("shop", {"shop.sell": 2}),),
                    runs=(Running(PRODUCTION.name, "9", "deployed", ""),),
                ),
            ),
        ),
    ),
    (PRODUCTION, Environment("")),
)


def test_an_environment_says_what_runs_and_whether_it_goes_together(tmp_path: Path) -> None:
    for path, text in write_pages(CATALOGUE):
        assert "<script>alert" not in text
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    site = {file.resolve(): Page(file.resolve()) for file in tmp_path.rglob("*.html")}
    (file,) = (tmp_path / "environments").iterdir()
    text = file.read_text("utf-8")
    answers = {"failed": "no", "pending": "not known", "passed": "yes"}
    for class_, answer in answers.items():
        assert text.count(f'<td class="{class_}">{answer}</td>') == 1
    links = site[file.resolve()].links
    assert "../services/web.html#version-9" in links
    assert "../services/shop.html" in links  # the version that is not shown
    assert not [link for link in links if "gone" in link]
    assert "1 yes, 1 no, 1 not known" in (tmp_path / "index.html").read_text("utf-8")
    for page in site.values():
        for link in page.links:
            found = page.resolve(link)
            assert found is not None
            assert found[0] in site, link
