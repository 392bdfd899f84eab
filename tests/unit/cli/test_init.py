"""`init` says what a project has, and writes what it lacks: what stands in a file stays, byte for byte."""

from __future__ import annotations

import json
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.support.project import Project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

TASKS = "from celery import shared_task\n\n\n@shared_task\ndef pay(order, amount=1): ...\n"
BINDINGS = 'from taskcontract import Service\n\npost: Service = Service("post", queue="post")\n'
WORKFLOW = ".github/workflows/taskcontract.yml"
NAMED = ("-c", "user.name=me", "-c", "user.email=me@example.org")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *NAMED, *arguments], cwd=folder, check=True, capture_output=True)


def write_project(folder: Path) -> None:
    (folder / "shop").mkdir(parents=True)
    (folder / "shop/__init__.py").touch()
    (folder / "shop/tasks.py").write_text(TASKS)


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A project in a git repository, on its main branch."""
    write_project(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main", ".")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Begin")
    return Project(tmp_path)


def read_section(project: Project) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((project.root / "pyproject.toml").read_text())["tool"][
        "taskcontract"
    ]
    return found


def test_the_next_command_works_with_what_was_written(shop: Project) -> None:
    done = shop.run("init")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 Celery task found\n")
    assert "shop/tasks.py  1" in done.stdout
    assert read_section(shop) == {"default_branch": "main", "fail_on": "breaking"}
    steps = yaml.safe_load((shop.root / WORKFLOW).read_text())["jobs"]["tasks"]["steps"]
    assert steps[-1] == {"run": "taskcontract diff --format github"}

    git(shop.root, "add", ".")
    git(shop.root, "commit", "-q", "-m", "Set taskcontract up")
    git(shop.root, "checkout", "-q", "-b", "work")
    (shop.root / "shop/tasks.py").write_text(TASKS.replace("order, amount=1", "amount, order=1"))
    linted, compared = (shop.run(*step["run"].removeprefix("taskcontract ").split()) for step in steps[-2:])
    assert linted.returncode == 0, linted.stderr
    assert compared.returncode == 1, compared.stderr
    assert "::error" in compared.stdout


def test_a_second_run_changes_nothing(shop: Project) -> None:
    shop.run("init")
    before = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    done = shop.run("init")
    assert done.returncode == 0
    assert done.stdout.count("is there already") == 2
    after = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    assert {path.name for path in after if after[path] != before.get(path)} <= {"index"}


def test_a_dry_run_writes_nothing(shop: Project) -> None:
    done = shop.run("init", "--dry-run")
    assert done.returncode == 0
    assert "would be written" in done.stdout
    assert "[tool.taskcontract]" in done.stdout
    assert not (shop.root / "pyproject.toml").exists()
    assert not (shop.root / ".github").exists()


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b'[project]\nname = "x" # ours\n\n\n[tool.other]\na = 1',
        b'[project]\r\nname = "x"\r\n',
        '[project]\nname = "\u00e9"\n'.encode(),
    ],
    ids=["empty", "no end of line", "crlf", "utf-8"],
)
def test_what_stands_in_pyproject_stays(shop: Project, before: bytes) -> None:
    file = shop.root / "pyproject.toml"
    file.write_bytes(before)
    assert shop.run("init").returncode == 0
    after = file.read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in before) == (b"\r\n" in after)
    assert after.count(b"\n") == after.count(b"\r\n") or b"\r\n" not in before
    assert read_section(shop)["fail_on"] == "breaking"


def test_a_section_that_is_there_is_left_alone(shop: Project) -> None:
    file = shop.root / "pyproject.toml"
    file.write_text('[tool.taskcontract]\nfail_on = "never"\n')
    assert shop.run("init").returncode == 0
    assert file.read_text() == '[tool.taskcontract]\nfail_on = "never"\n'


def test_bindings_are_found_and_named(shop: Project) -> None:
    (shop.root / "post.py").write_text(BINDINGS)
    (shop.root / "src/letters").mkdir(parents=True)
    (shop.root / "src/letters/__init__.py").write_text(BINDINGS)
    assert "bindings: post, letters" in shop.run("init").stdout
    assert read_section(shop)["bindings"] == ["post", "letters"]


def test_a_project_in_a_repository_of_several_has_its_folder_in_the_job(shop: Project) -> None:
    write_project(shop.root / "services/mail room")
    part = Project(shop.root / "services/mail room")
    assert part.run("init").returncode == 0
    job = yaml.safe_load((shop.root / WORKFLOW).read_text())["jobs"]["tasks"]
    assert [step.get("working-directory") for step in job["steps"][-2:]] == ["services/mail room"] * 2
    assert (part.root / "pyproject.toml").exists()
    assert not (shop.root / "pyproject.toml").exists()


def test_gitlab_has_a_job_of_its_own(shop: Project) -> None:
    (shop.root / ".gitlab-ci.yml").write_text("include: []\n")
    assert ".gitlab/taskcontract.yml: written" in shop.run("init").stdout
    job = yaml.safe_load((shop.root / ".gitlab/taskcontract.yml").read_text())["taskcontract"]
    assert job["script"][-1].startswith("taskcontract diff --format gitlab -o ")
    assert not (shop.root / WORKFLOW).exists()
    assert shop.run("init", "--ci", "github", "--format", "json").returncode == 0
    assert (shop.root / WORKFLOW).exists()


def test_what_is_no_repository_has_no_job(tmp_path: Path) -> None:
    write_project(tmp_path)
    project = Project(tmp_path)
    found = json.loads(project.run("init", "--format", "json").stdout)
    assert [each["path"] for each in found["files"]] == ["pyproject.toml"]
    assert read_section(project) == {"fail_on": "breaking"}


MISTAKES = {
    "no task": ({}, "no Celery task and no bindings were found here"),
    "no toml": ({"pyproject.toml": "[tool\n"}, "pyproject.toml"),
    "no table": ({"pyproject.toml": "tool = {other = 1}\n"}, "[tool.taskcontract] cannot be added"),
}


@pytest.mark.parametrize(("files", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_clear_error_and_nothing_is_written(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    if files:
        write_project(tmp_path)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = Project(tmp_path).run("init")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name: path.read_text() for path in tmp_path.glob("*.toml")} == files
