"""`can-i-deploy --broker` looks at what waits, and takes none of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from celery import Celery

from taskcontract import embedded
from taskcontract.model.spec_file import dump_spec
from tests.support.closing import close_app
from tests.support.project import Project
from tests.support.registries import make_spec

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.model.service import ServiceSpec

pytestmark = pytest.mark.live


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("schema", "code", "fates"),
    [
        ({"type": ["string", "integer"]}, 0, {"same": 2}),
        ({"enum": ["a.json"]}, 1, {"refused": 1, "same": 1}),
    ],
)
def test_what_waits_counts(project: Project, schema: object, code: int, fates: dict[str, int]) -> None:
    url = f"embedded://{project.root}/broker"
    embedded.register()
    app = Celery("caller", broker=url, set_as_current=False)
    for key in ("a.json", "b.json"):
        app.send_task("shop.send", (key,), queue="shop")
    close_app(app)
    for version, spec in (("1", make_spec("shop")), ("2", make_spec("shop", key=schema))):
        write_spec(project, spec)
        assert (
            project.run("publish", "shop", version, "--spec", "shop.json", "--registry", "r").returncode == 0
        )
    project.run("record-deployment", "shop", "1", "--to", "live", "--new", "--registry", "r")
    asked = ("can-i-deploy", "shop", "2", "--to", "live", "--registry", "r")
    assert project.run(*asked).returncode == 0, "no contract says anything"
    for _ in range(2):  # the second look finds what the first has left
        done = project.run(*asked, "--broker", url, "--format", "json")
        assert done.returncode == code, done.stderr
        (rehearsal,) = json.loads(done.stdout)["rehearsals"]
        assert rehearsal["outcomes"] == fates
    if code:
        assert "shop.send" in project.run(*asked, "--broker", url).stdout
        assert "1 would be refused" in project.run(*asked, "--broker", url, "--format", "markdown").stdout


def write_spec(project: Project, spec: ServiceSpec) -> None:
    """Write a spec into the project."""
    (project.root / "shop.json").write_text(dump_spec(spec), encoding="utf-8")
