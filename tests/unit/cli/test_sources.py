"""`diff` and `snapshot` of plain Celery tasks, from each place that their source can be in."""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.support.git_projects import commit, git, write
from tests.support.project import Project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

TASKS = """
import os

from celery import shared_task


@shared_task
def send_receipt(order: int, email: str) -> None: ...


@shared_task(name=os.environ["NAME"])
def computed() -> None: ...
"""
SWAPPED = TASKS.replace("order: int, email: str", "email: str, order: int")
BINDINGS = """
from taskcontract import Service

billing = Service("billing")


@billing.task(version="1.0.0")
def bill(): ...
"""
BOMB = b"raise SystemExit('code of the project was run')\n"
FILES = {"shop/__init__.py": BOMB, "shop/tasks.py": TASKS.encode(), "setup.py": BOMB, "conftest.py": BOMB}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    git(folder, "init", "-q", "-b", "main")
    write(folder, FILES)
    commit(folder, "one")
    git(folder, "tag", "v1.0")
    git(folder, "checkout", "-q", "-b", "work")
    write(folder, {"shop/tasks.py": SWAPPED.encode()})
    commit(folder, "two")
    return folder


@pytest.fixture
def shop(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A repository whose branch `work` swapped two parameters of a task."""
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "shop-1.0"
    shutil.copytree(template, folder)
    return Project(folder)


def pack(shop: Project, kind: str) -> str:
    """Return the name by which the first commit is known as `kind`, after making it."""
    root = shop.root
    git(root, "worktree", "add", "-q", "--detach", str(root.parent / "old"), "v1.0")
    old = root.parent / "old"
    if kind == "wheel":
        with zipfile.ZipFile(root.parent / "shop-1.0-py3-none-any.whl", "w") as wheel:
            for name in FILES:
                wheel.write(old / name, name)
    elif kind in ("sdist", "zip"):
        suffix = ".tar.gz" if kind == "sdist" else ".zip"
        if kind == "sdist":
            with tarfile.open(root.parent / f"shop-1.0{suffix}", "w:gz") as sdist:
                sdist.add(old, "shop-1.0")
        else:
            shutil.make_archive(str(root.parent / "shop-1.0"), "zip", old)
    return {
        "bare ref": "main",
        "tag": "v1.0",
        "git:": "git:HEAD~1",
        "folder": "../old",
        "folder/": str(old) + "/",
        "package": "../old/shop",
        "wheel": "../shop-1.0-py3-none-any.whl",
        "sdist": "../shop-1.0.tar.gz",
        "zip": "../shop-1.0.zip",
    }[kind]


KINDS = ["bare ref", "tag", "git:", "folder", "folder/", "package", "wheel", "sdist", "zip"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_source_of_a_project_gives_the_same_spec_and_the_same_break(shop: Project, kind: str) -> None:
    name = pack(shop, kind)
    written = shop.run("snapshot", name)
    assert written.returncode == 0
    spec = json.loads(written.stdout)
    assert (spec["service"], spec.get("version")) == ("shop", None)
    (task,) = spec["tasks"]
    assert task["name"] == task["wire_name"] == "shop.tasks.send_receipt"
    assert [parameter["name"] for parameter in task["parameters"]] == ["order", "email"]
    assert written.stdout == shop.run("snapshot", "v1.0").stdout
    assert "one place could not be resolved" in written.stderr

    done = shop.run("diff", name, "git:", "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads(done.stdout)
    (finding,) = report["findings"]
    assert (finding["task"], finding["rule"]) == ("shop.tasks.send_receipt", "param-reordered")
    assert finding["place"] == {"file": "shop/tasks.py", "line": 8}
    assert {row["side"] for row in report["unresolved"]} <= {"old", "new", "both"}
    assert {row["file"].rpartition("shop/")[2] for row in report["unresolved"]} == {"tasks.py"}


def test_alone_it_compares_the_working_tree_with_where_it_left_the_default_branch(shop: Project) -> None:
    git(shop.root, "checkout", "-q", "main")
    write(shop.root, {"shop/more.py": TASKS.encode()})
    commit(shop.root, "main went on")
    git(shop.root, "checkout", "-q", "work")
    write(shop.root, {"shop/new.py": TASKS.replace("send_receipt", "send_bill").encode()})
    write(shop.root, {".gitignore": b"ignored.py\n", "ignored.py": TASKS.encode()})
    done = shop.run("diff", "--format", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["old"]["origin"] == "merge base of main and HEAD"
    assert report["new"]["origin"] == "working tree"
    assert {(each["task"], each["rule"]) for each in report["findings"]} == {
        ("shop.tasks.send_receipt", "param-reordered"),
        ("shop.new.send_bill", "task-added"),
    }
    below = shop.root / "shop"
    done = Project(below).run("diff", "--format", "json")
    assert json.loads(done.stdout)["findings"] == report["findings"]


@pytest.mark.parametrize("how", ["configured", "in CI"])
def test_the_default_branch_can_be_named(shop: Project, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    git(shop.root, "branch", "-m", "main", "trunk")
    if how == "configured":
        shop.write("pyproject.toml", '[tool.taskcontract]\ndefault_branch = "trunk"\n')
    else:
        monkeypatch.setenv("GITHUB_BASE_REF", "trunk")
    done = shop.run("diff")
    assert done.returncode == 1
    assert "old: merge base of trunk and HEAD" in done.stdout


def test_what_is_not_known_is_listed_in_the_text(shop: Project) -> None:
    done = shop.run("diff", "main", "main")
    assert done.returncode == 0
    assert "note: one place could not be resolved" in done.stdout
    assert "  shop/tasks.py:12  " in done.stdout
    assert (
        "one place could not be resolved" in shop.run("diff", "main", "main", "--format", "markdown").stdout
    )
    unresolved = json.loads(shop.run("snapshot", "main", "--format", "json").stdout)["services"][0][
        "unresolved"
    ]
    assert [(row["file"], row["line"]) for row in unresolved] == [("shop/tasks.py", 12)]


def test_a_task_whose_name_cannot_be_read_any_more_is_not_said_to_be_gone(shop: Project) -> None:
    named = TASKS.replace("@shared_task\ndef", '@shared_task(name=os.environ["SEND"])\ndef')
    shop.write("shop/tasks.py", named)
    done = shop.run("diff", "main", "git:", "--format", "json")
    (finding,) = json.loads(done.stdout)["findings"]

    assert done.returncode == 0
    assert (finding["rule"], finding["severity"], finding["known"]) == (
        "task-removed",
        "dangerous",
        "undecided",
    )
    assert finding["consequence"].startswith(
        "Whether `shop.tasks.send_receipt` is still served is not known (shop/tasks.py:8: the name"
    )
    # Where nothing new is unknown, a task that is gone is gone.
    shop.write("shop/tasks.py", TASKS.replace("@shared_task\ndef", "def"))
    assert shop.run("diff", "main", "git:").returncode == 1


def test_a_version_that_is_neither_a_tag_nor_published_is_refused_as_both(shop: Project) -> None:
    for word in ("v9.9", "9.9.9"):
        done = shop.run("diff", word, "main")
        assert done.returncode == 2
        assert f"{word!r} names no commit (there is no branch, tag or commit {word!r})" in done.stderr
        assert "no spec of shop is published" in done.stderr


def test_a_folder_without_a_task_is_a_new_side_whose_tasks_are_all_gone_and_no_old_one(shop: Project) -> None:
    write(shop.root, {"left/shop/tasks.py": b"def send_receipt(): ...\n"})
    gone = shop.run("diff", "./shop", "./left", "--format", "json")
    assert gone.returncode == 1
    assert {each["rule"] for each in json.loads(gone.stdout)["findings"]} == {"task-removed"}
    for words in (("./left", "./shop"), ("./left", "./left")):
        refused = shop.run("diff", *words)
        assert refused.returncode == 2
        assert "./left: no Celery task was found in this folder" in refused.stderr


def test_only_what_is_not_known_of_a_tasks_own_file_casts_doubt_wherever_the_folders_are(
    shop: Project,
) -> None:
    head = b"import os\nfrom celery import shared_task\n"
    named = b"@shared_task(name=os.environ['X'])\n"
    task = b"@shared_task\ndef %b(): ...\n"
    files = {
        "shop-1.0/jobs.py": head + task % b"lost" + task % b"gone" + task % b"also",
        "shop-1.0/other.py": head + task % b"away",
        "shop-2.0/jobs.py": head + named + b"def lost(): ...\n",
        "shop-2.0/other.py": head + b"def away(): ...\n@shared_task\ndef here(order): ...\n",
    }
    write(shop.root, files)
    done = shop.run("diff", "./shop-1.0", "./shop-2.0", "--format", "json")
    found = {each["task"]: each["severity"] for each in json.loads(done.stdout)["findings"]}
    assert found == {
        "jobs.lost": "dangerous",
        "jobs.gone": "breaking",
        "jobs.also": "breaking",
        "other.away": "breaking",
        "other.here": "safe",
    }


def test_a_word_that_is_several_things_is_the_first_of_them_and_the_others_can_be_said(shop: Project) -> None:
    write(shop.root, {"main/tasks.py": b"from celery import shared_task\n@shared_task\ndef inner(): ...\n"})

    def tasks(name: str) -> list[str]:
        done = shop.run("snapshot", name)
        return [task["name"] for task in json.loads(done.stdout)["tasks"]]

    assert tasks("main") == tasks("git:main") == ["shop.tasks.send_receipt"]
    assert tasks("./main") == tasks("main/") == ["tasks.inner"]


def test_bindings_and_published_versions_keep_their_names(shop: Project) -> None:
    shop.write("billing/__init__.py", BINDINGS)
    assert shop.run("snapshot", "billing", "--publish").returncode == 0
    done = shop.run("diff", "v1.0", "billing")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("billing 1.0.0 -> 1.0.0\n")


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (
            ["main", "mian"],
            "'mian' names no commit, folder, file or module: there is no branch, tag or commit",
        ),
        (["git:nope", "main"], "there is no branch, tag or commit 'nope'"),
        (["git:-x", "main"], "none begins with '-'"),
        (["main", "./nope"], "there is no such folder"),
        (["main", "nope.whl"], "there is no such file"),
        (["pypi:", "main"], "names no package"),
        (["main"], "NEW is missing"),
        (["main", "empty/"], "empty/: no Celery task was found"),
        (["git:empty", "git:empty"], "no Celery task was found in git:empty, nor in git:empty"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(shop: Project, sides: list[str], said: str) -> None:
    (shop.root / "empty").mkdir()
    git(shop.root, "checkout", "-q", "--orphan", "empty")
    git(shop.root, "rm", "-rfq", ".")
    write(shop.root, {"README": b""})
    commit(shop.root, "empty")
    done = shop.run("diff", *sides)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_of_a_repository_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for sides in (["main", "HEAD"], ["git:main", "git:HEAD"], []):
        done = Project(tmp_path).run("diff", *sides)
        assert (done.returncode, done.stdout) == (2, "")
        assert "this is not a git repository" in done.stderr


def test_plain_tasks_are_published_under_a_version_that_is_given(shop: Project) -> None:
    done = shop.run("snapshot", "main", "--publish")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no version to publish it under" in done.stderr
    assert not (shop.root / "contracts").exists()
