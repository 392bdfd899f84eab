"""`taskcontract catalogue --registry`: pages on a registry, looked at as files and in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.registry.environments import record_start
from taskcontract.registry.folder_store import FolderStore
from taskcontract.registry.publishing import Publication, publish
from taskcontract.registry.records import Run, Running
from tests.support.browser import find_browser, look, serve
from tests.support.catalogue import check_document, check_links, read_site
from tests.support.registries import begin, make_contract, make_spec
from tests.support.site import Page

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.registry.registry import Registry
    from tests.support.project import Project

AT = "2026-11-28T10:00:00Z"
HOSTILE = "</title></style><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
NAMES = ("pusher", HOSTILE, "a/../b & <b>\"'</b>", "x" * 180, "Pusher", "--")
INTEGER = {"type": "integer"}


def fill(folder: Path, names: tuple[str, ...] = NAMES) -> Registry:
    """Services that all publish two versions, the newer one broken for those who call the first of them."""
    registry = begin(FolderStore(folder))
    provider = names[0]
    for name in names:
        old = publish(
            registry, Publication(name, "1.0.0", AT, "ci", "main", ("prod",), make_spec(name))
        ).version
        new = make_spec(name, "2.0.0", key=INTEGER)
        publish(registry, Publication(name, "2.0.0", AT, name, "main", spec=new))
        if name != provider:
            contract = make_contract(name, provider, HOSTILE)
            old = publish(registry, Publication(name, "1.0.0", AT, "ci", contracts=(contract,))).version
            (digest,) = old.contracts[0].digests
            runs = (Run(AT, "ci", failed={digest: HOSTILE}),)
            publish(registry, Publication(provider, "1.0.0", AT, "ci", runs=runs))
        record_start(registry, "production", Running(old, at=AT, by="ci"), new=True)
    return registry


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry") / "r"
    fill(folder)
    return folder


@pytest.fixture
def site(project: Project, registry: Path) -> dict[Path, Page]:
    """Each page, by its file."""
    done = project.run("catalogue", "--registry", str(registry), "--out", "site")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return read_site(project.root / "site")


def test_each_service_version_finding_environment_and_rule_has_its_place(
    site: dict[Path, Page], project: Project
) -> None:
    index = site[project.root.resolve() / "site/index.html"]
    assert {"services", "graph", "environments", "names"} <= index.anchors
    pages = [page for file, page in site.items() if file.parent.name == "services"]
    assert len(pages) == len(NAMES)
    for page in pages:
        assert {"versions", "version-1.0.0", "version-2.0.0"} <= page.anchors
        assert any(anchor.startswith("finding-2.0.0-") for anchor in page.anchors)
        assert sum(anchor.startswith("task-") for anchor in page.anchors) == 2
        assert any(link.startswith("../rules/") for link in page.links)
    assert {file.name for file in site if file.parent.name == "environments"} == {"production.html"}
    text = (project.root / "site/environments/production.html").read_text("utf-8")
    assert text.count('<td class="failed">no</td>') == len(NAMES) - 1
    called = (project.root / "site/services/pusher.html").read_text("utf-8")
    assert "Called by" in called


def test_no_link_is_dead_and_nothing_is_loaded(site: dict[Path, Page]) -> None:
    check_links(site, at_least=50)


def test_the_document_names_places_that_are_there(project: Project, registry: Path) -> None:
    done = project.run("catalogue", "--registry", str(registry), "--out", "site", "--format", "json")
    check_document(done.stdout, project.root / "site", NAMES)


@pytest.mark.process
@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_shows_it_at_any_width_and_runs_nothing_of_a_name(
    site: dict[Path, Page], project: Project, width: int, tmp_path: Path
) -> None:
    browser = find_browser()
    root = project.root.resolve() / "site"
    styled = 'getComputedStyle(page.querySelector("main")).maxWidth !== "none"'
    kinds = {file.parent.name: file for file in site if "script" not in file.name}
    hostile = next(file for file in site if "script" in file.name)
    with serve(root, styled) as url:
        for file in [*kinds.values(), hostile]:
            seen = look(browser, url, str(file.relative_to(root)), width, tmp_path / "profile")
            assert seen["styled"], file
            assert seen["visible"], file
            assert seen["width"] <= seen["room"], file
    # The script is the one of ours, and only it runs.
    finds = '!page.querySelector("#search").closest(".hidden") && page.title === "Catalogue"'
    with serve(root, finds) as url:
        assert look(browser, url, "index.html", width, tmp_path / "profile")["styled"]
    with serve(root, 'page.title !== "run"') as url:
        assert look(browser, url, str(hostile.relative_to(root)), width, tmp_path / "profile")["styled"]


def test_only_so_many_versions_are_shown_and_those_that_run(project: Project, registry: Path) -> None:
    done = project.run("catalogue", "--registry", str(registry), "--out", "site", "--versions", "1")
    assert done.returncode == 0, done.stderr
    page = Page(project.root / "site/services/pusher.html")
    assert {"version-1.0.0", "version-2.0.0"} <= page.anchors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--registry", "nowhere", "--out", "site"), "there is no registry here"),
        (("--registry", "nowhere", "--contracts", "contracts", "--out", "site"), "Name one of them"),
        (("--registry", "ftp://nowhere", "--out", "site"), "ftp"),
    ],
)
def test_bad_input_is_one_clear_error(project: Project, arguments: tuple[str, ...], said: str) -> None:
    done = project.run("catalogue", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (project.root / "site").exists()


def test_a_damaged_object_is_one_clear_error_and_the_old_pages_stay(project: Project, tmp_path: Path) -> None:
    registry = fill(tmp_path / "r", NAMES[:1])
    call: Any = ("catalogue", "--registry", str(tmp_path / "r"), "--out", "site")
    assert project.run(*call).returncode == 0
    before = (project.root / "site/index.html").read_bytes()
    version = registry.get_version(NAMES[0], "2.0.0")
    (tmp_path / f"r/objects/{version.spec}.json").write_text("{")
    done = project.run(*call)
    assert done.returncode == 2
    assert "cut short or changed" in done.stderr
    assert (project.root / "site/index.html").read_bytes() == before


def test_a_registry_that_is_only_configured_is_not_read(project: Project, registry: Path) -> None:
    (project.root / "contracts").mkdir()
    done = project.run("catalogue", "--out", "site", TASKCONTRACT_REGISTRY=str(registry))
    assert done.returncode == 0, done.stderr
    assert "Nothing is published." in (project.root / "site/index.html").read_text("utf-8")


def test_changes_are_since_the_version_as_it_is_published(site: dict[Path, Page], project: Project) -> None:
    text = (project.root / "site/services/pusher.html").read_text("utf-8")
    assert "What changed since 1.0.0" in text
    assert '<a href="../environments/production.html">production</a>' in text
    assert len(site) > len(NAMES)
