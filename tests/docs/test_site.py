"""The documentation site: it builds, has a page for each rule, command and key, and no link of it is dead."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pytest
import yaml

from taskcontract.cli.all_rules import list_all_rules
from taskcontract.cli.group import COMMANDS
from taskcontract.model.keys import KEYS
from tests.support.browser import find_browser, look, serve
from tests.support.site import ROOT, Page, assemble, build, require_builder
from website.commands import read_commands
from website.links import ROOT_PAGES, redirect_links

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Page]:
    """Each page of the built site, by its file."""
    require_builder()
    folder = tmp_path_factory.mktemp("site")
    done = build(assemble(folder / "pages"), folder / "site")
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        file: Page(file) for file in (folder / "site").resolve().rglob("*.html") if file.name != "404.html"
    }


def find(site: dict[Path, Page], path: str) -> Page:
    root = min(site, key=lambda file: len(file.parts)).parent
    return site[root / path]


def test_no_link_is_dead(site: dict[Path, Page]) -> None:
    dead = []
    for page in site.values():
        for target in [*page.links, *page.loaded]:
            found = page.resolve(target)
            if found is None:
                continue
            file, anchor = found
            known = site.get(file)
            if not file.is_file() or (anchor and known is not None and anchor not in known.anchors):
                dead.append(f"{page.file.name}: {target}")
    assert dead == []
    assert sum(len(page.links) for page in site.values()) > 1000


def test_a_reader_loads_nothing_from_elsewhere(site: dict[Path, Page]) -> None:
    elsewhere = {target for page in site.values() for target in page.loaded if page.resolve(target) is None}
    assert {target for target in elsewhere if not target.startswith("data:")} == set()


@pytest.mark.parametrize("rule", list_all_rules(), ids=lambda rule: rule.id)
def test_each_rule_has_its_page(rule: object, site: dict[Path, Page]) -> None:
    identity, summary, text = rule.id, rule.summary, rule.text  # type: ignore[attr-defined]
    page = find(site, f"rules/{identity}.html")
    shown = html.unescape(page.file.read_text("utf-8"))

    assert f">{identity}<" in shown
    assert summary.replace("`", "") in shown.replace("<code>", "").replace("</code>", "")
    assert [f'id="{name}"' in shown for name in ("what-it-does", "why-it-breaks", "example")] == [True] * 3
    assert f"{identity}.html" in find(site, "rules/index.html").links
    assert "```" not in shown, text


def test_each_command_and_key_is_on_its_page(site: dict[Path, Page]) -> None:
    commands = find(site, "reference/commands.html")
    keys = find(site, "reference/configuration.html").file.read_text("utf-8")

    assert set(COMMANDS) <= commands.anchors
    assert [key for key in KEYS if f"<code>{key}</code>" not in keys] == []


def test_each_document_is_a_page(site: dict[Path, Page]) -> None:
    documents = [file.relative_to(ROOT / "docs") for file in (ROOT / "docs").rglob("*.md")]
    root = find(site, "index.html").file.parent
    linked = {found[0] for page in site.values() for link in page.links if (found := page.resolve(link))}

    for page in [*(str(document) for document in documents), *ROOT_PAGES.values()]:
        assert root / page.replace(".md", ".html") in linked, page
    assert {source for source in ROOT_PAGES if not (ROOT / source).is_file()} == set()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("index.html", "taskcontract"),
        ("rules/param-reordered.html", "param-reordered"),
        ("reference/configuration.html", "Configuration"),
        ("reference/python.html", "Python"),
    ],
)
def test_a_page_fits_its_window(
    path: str, title: str, width: int, site: dict[Path, Page], tmp_path: Path
) -> None:
    browser = find_browser()
    with serve(find(site, "index.html").file.parent) as url:
        seen = look(browser, url, path, width, tmp_path / "profile")

    assert (seen["title"], seen["visible"], seen["styled"]) == (title, True, True)
    assert width - 20 <= seen["room"] <= width
    assert seen["width"] <= seen["room"]


@pytest.mark.parametrize("link", ["[x](nowhere.md)", "[x](cli.md#no-such-part)", "[x](/cli.md)"])
def test_a_dead_link_ends_the_build(link: str, tmp_path: Path) -> None:
    require_builder()
    pages = tmp_path / "pages"
    pages.mkdir()
    validation = yaml.safe_load((ROOT / "website/mkdocs.yml").read_text())["validation"]
    configuration = {"site_name": "stock", "docs_dir": "pages", "validation": validation}
    (pages / "mkdocs.yml").write_text(yaml.safe_dump(configuration))
    (pages / "pages").mkdir()
    (pages / "pages/cli.md").write_text("# The command line\n")
    (pages / "pages/index.md").write_text(f"# Start\n\n[there](cli.md)\n\n{link}\n")

    done = build(pages, tmp_path / "site")

    assert done.returncode == 1
    assert "contains a" in done.stderr
    assert link[4:-1] in done.stderr


@pytest.mark.parametrize(
    ("page", "link", "led"),
    [
        ("index.md", "[x](docs/cli.md)", "[x](cli.md)"),
        ("index.md", "[x](docs/cli.md#rules)", "[x](cli.md#rules)"),
        ("index.md", "[x](SECURITY.md)", "[x](security.md)"),
        ("cli.md", "[x](../SECURITY.md)", "[x](security.md)"),
        ("cli.md", "[x](operations.md#y)", "[x](operations.md#y)"),
        ("rules/index.md", "[x](../cli.md)", "[x](../cli.md)"),
        ("index.md", "[pusher/](pusher)", "pusher/"),
        ("index.md", "[x](nowhere.md)", "[x](nowhere.md)"),
        ("index.md", "[x](https://docs.pact.io)", "[x](https://docs.pact.io)"),
        ("cli.md", "[x](#here)", "[x](#here)"),
    ],
)
def test_links_lead_to_pages(page: str, link: str, led: str) -> None:
    assert redirect_links(f"See {link}.", page, ROOT) == f"See {led}."


def test_commands_are_read_from_the_help() -> None:
    assert read_commands(
        "usage\n\nCommands:\n  diff   what\n  scaffold\n         more\n\nother:\n  x  y\n"
    ) == [
        "diff",
        "scaffold",
    ]
