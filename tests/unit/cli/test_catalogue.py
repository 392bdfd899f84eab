"""`taskcontract catalogue`: pages on what is published here, looked at as files and in a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from taskcontract.cli.catalogue import MARK
from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.pact_writing import dump_contract
from taskcontract.model.service import ServiceSpec
from taskcontract.model.spec_file import dump_spec
from tests.support.browser import find_browser, look, serve
from tests.support.catalogue import check_document, check_links, read_site
from tests.support.site import Page
from tests.support.specs import make_task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.project import Project

MARKUP = "</title></style><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
SHOP = "shop \u202e& <b>\"'"
CALLERS = ("web", MARKUP, "x" * 180, "Web")


@pytest.fixture
def shop(project: Project) -> Project:
    """A service with three versions and hostile words wherever a word may stand, and four that call it."""
    sell = make_task(
        "sell",
        "item: str, count: int",
        wire_name="shop.sell",
        description=MARKUP,
        queue=MARKUP,
        errors=(MARKUP,),
        schemas={"item": {"title": MARKUP, "enum": [MARKUP, "tea", "milk " * 30]}},
        aliases=(f"{MARKUP}!",),
        sunset="2027-01-01",
    )
    wrap = make_task("wrap", "token", wire_name="shop.wrap", result={"const": MARKUP})
    secret = replace(wrap, parameters=(replace(wrap.parameters[0], secret=True, default="hush"),))
    changed = replace(sell, parameters=sell.parameters[::-1])
    tasks = {"1.0.0": (sell,), "1.1.0": (sell, secret), "2.0.0": (replace(changed, sunset=None), secret)}
    for version, listed in tasks.items():
        project.write(f"contracts/{SHOP}/{version}.json", write(version, *listed))
    for at, caller in enumerate(CALLERS):
        calls = (Interaction(MARKUP, "shop.sell", "1.0.0", ("tea",)), Interaction("b", f"gone.{at}", "1.0.0"))
        contract = Contract(caller, SHOP, calls)
        project.write(f"contracts/{at}--shop.json", dump_contract(contract))
    return project


def write(version: str, *tasks: object) -> str:
    return dump_spec(ServiceSpec(SHOP, version, tasks))  # type: ignore[arg-type]


def read_pages(project: Project) -> dict[Path, Page]:
    done = project.run("catalogue", "--out", "site")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "pages on 5 services" in done.stderr
    return read_site(project.root / "site")


def find_page(site: dict[Path, Page], beginning: str) -> Page:
    (found,) = [
        page
        for file, page in site.items()
        if file.parent.name == "services" and file.name.startswith(beginning)
    ]
    return found


def test_each_service_version_task_finding_and_rule_has_its_place(shop: Project) -> None:
    site = read_pages(shop)
    index = site[shop.root.resolve() / "site/index.html"]
    assert {"services", "graph", "names"} <= index.anchors
    assert sum(file.parent.name == "services" for file in site) == 5
    page = find_page(site, "shop")
    assert {"versions", "callers", "version-1.0.0", "version-1.1.0", "version-2.0.0"} <= page.anchors
    assert {"task-1.0.0-shop.sell", "task-2.0.0-shop.wrap"} <= page.anchors
    assert any(anchor.startswith("finding-2.0.0-") for anchor in page.anchors)
    assert {link for link in page.links if link.startswith("../rules/")} >= {"../rules/param-reordered.html"}
    text = page.file.read_text("utf-8")
    assert "hush" not in text
    assert "served until 2027-01-01" in text
    assert "\u202e" not in text
    assert find_page(site, "web").anchors >= {"version---"}


def test_no_link_is_dead_and_nothing_is_loaded(shop: Project) -> None:
    check_links(read_pages(shop), at_least=30)


def test_the_document_names_places_that_are_there(shop: Project) -> None:
    done = shop.run("catalogue", "--out", "site", "--format", "json")
    check_document(done.stdout, shop.root / "site", (SHOP, *CALLERS))


@pytest.mark.process
@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_shows_it_at_any_width_and_runs_nothing_of_a_name(
    shop: Project, width: int, tmp_path: Path
) -> None:
    browser, site = find_browser(), read_pages(shop)
    root = shop.root.resolve() / "site"
    hostile = next(file for file in site if "script" in file.name)
    looked_at = [root / "index.html", find_page(site, "shop").file, hostile, next(iter(root.glob("rules/*")))]
    styled = 'getComputedStyle(page.querySelector("main")).maxWidth !== "none" && page.title !== "run"'
    with serve(root, styled) as url:
        for file in looked_at:
            seen = look(browser, url, str(file.relative_to(root)), width, tmp_path / "profile")
            assert seen["styled"], file
            assert seen["visible"], file
            assert seen["width"] <= seen["room"], file
    # The script of the page is the only one that runs: it shows its field, and finds.
    found = (
        '(() => { const field = page.querySelector("#search"); field.value = "WRAP shop.wr";'
        'field.dispatchEvent(new Event("input")); const all = page.querySelectorAll(".names li");'
        'const left = [...all].filter((each) => !each.classList.contains("hidden"));'
        'return !field.closest(".hidden") && left.length; })()'
    )
    with serve(root, found) as url:
        assert look(browser, url, "index.html", width, tmp_path / "profile")["styled"] == 1


def test_the_same_content_gives_the_same_pages(shop: Project) -> None:
    def read() -> dict[str, bytes]:
        read_pages(shop)
        return {file.name: file.read_bytes() for file in (shop.root / "site").rglob("*.html")}

    assert read() == read()


def test_a_folder_of_its_own_is_replaced_and_another_is_not(shop: Project) -> None:
    assert shop.run("catalogue", "--out", "site").returncode == 0
    (shop.root / "site/old.html").write_text("")
    assert shop.run("catalogue", "--out", "site").returncode == 0
    assert not (shop.root / "site/old.html").exists()
    assert (shop.root / "site" / MARK).is_file()
    shop.write("mine/notes.txt", "mine")
    shop.write("file", "mine")
    for other in ("mine", "file"):
        done = shop.run("catalogue", "--out", other)
        assert done.returncode == 2
        assert "Name another folder, or remove it." in done.stderr
    assert (shop.root / "mine/notes.txt").read_text() == "mine"
    assert not [each for each in shop.root.iterdir() if each.name.endswith((".tmp", ".old"))]


def test_only_so_many_versions_are_shown(shop: Project) -> None:
    assert shop.run("catalogue", "--out", "site", "--versions", "1").returncode == 0
    (file,) = (shop.root / "site/services").glob("shop*")
    page = Page(file)
    assert "version-2.0.0" in page.anchors
    assert "version-1.1.0" not in page.anchors
    assert "2 older ones are not shown." in file.read_text("utf-8")
    assert any(anchor.startswith("finding-2.0.0-") for anchor in page.anchors)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--out is missing"),
        (("--out", "site"), "there are no contracts: no folder"),
        (("--out", "site", "--contracts", "nowhere"), "nowhere"),
        (("--out", "site", "--versions", "0"), "--versions"),
        (("--out", "site", "--contracts", "broken"), "this JSON file is cut short"),
    ],
)
def test_bad_input_is_one_clear_error(project: Project, arguments: tuple[str, ...], said: str) -> None:
    project.write("broken/shop/1.0.0.json", '{"taskcontract": 2')
    done = project.run("catalogue", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project.root / "site").exists()


def test_a_folder_without_anything_published_is_a_catalogue_too(project: Project) -> None:
    (project.root / "contracts").mkdir()
    done = project.run("catalogue", "--out", "site")
    assert done.returncode == 0, done.stderr
    assert "Nothing is published." in (project.root / "site/index.html").read_text("utf-8")
