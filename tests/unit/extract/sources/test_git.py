"""Commits and working trees, with the real git."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import ConfigError, SpecError, TaskContractError
from taskcontract.extract.sources.commit_tree import CommitTree
from taskcontract.extract.sources.default_branch import find_base
from taskcontract.extract.sources.git_blobs import BlobReader
from taskcontract.extract.sources.git_repository import find_repository
from taskcontract.extract.sources.working_tree import WorkingTree
from tests.support.git_projects import PROJECT, commit, git, write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process


def read_commit(folder: Path, ref: str) -> CommitTree:
    repository = find_repository(folder)
    return CommitTree(repository, repository.get_commit(ref), BlobReader(repository.root))


def contents(tree) -> dict[str, bytes]:
    return {path: tree.read(path) for path in tree.files()}


@pytest.mark.parametrize("ref", ["main~1", "v1.0", "topic", "refs/heads/topic", "HEAD^", "main@{0}~1"])
def test_a_commit_is_read_by_each_of_its_names(repository, ref):
    write(repository, {"shop/tasks.py": b"changed", "new.py": b"new"})
    git(repository, "add", "new.py")
    assert contents(read_commit(repository, ref)) == PROJECT
    assert git(repository, "status", "--porcelain") == "A  new.py\n M shop/tasks.py"


def test_a_full_and_a_short_id_are_names_too(repository):
    full = git(repository, "rev-parse", "v1.0")
    for ref in (full, full[:8]):
        assert contents(read_commit(repository, ref)) == PROJECT


def test_a_branch_that_only_the_remote_has_is_found(repository, tmp_path):
    git(tmp_path, "clone", "-q", str(repository), "clone")
    assert contents(read_commit(tmp_path / "clone", "topic")) == PROJECT


@pytest.mark.parametrize(
    "ref", ["-h", "--output=x", "mian", "HEAD:setup.py", "main\nHEAD", "", "v1.0^{tree}", "\0"]
)
def test_what_is_no_commit_is_refused(repository, ref):
    found = find_repository(repository)
    assert found.find_commit(ref) is None
    with pytest.raises(SpecError) as error:
        found.get_commit(ref)
    assert ("main" in error.value.do) == (ref in ("mian", "main\nHEAD"))


def test_a_shallow_clone_says_how_to_get_the_history(repository, tmp_path):
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", "clone")
    found = find_repository(tmp_path / "clone")
    with pytest.raises(SpecError, match="shallow") as error:
        found.get_commit("main~1")
    assert "git fetch --unshallow" in error.value.do
    assert "fetch-depth: 0" in error.value.do
    assert contents(read_commit(tmp_path / "clone", "HEAD")).keys() == PROJECT.keys()


def test_a_folder_outside_of_any_repository_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ConfigError, match="not a git repository") as error:
        find_repository(tmp_path)
    assert error.value.where == str(tmp_path)


def test_without_git_the_error_says_so(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match="git is not installed"):
        find_repository(repository)


def test_links_and_submodules_are_listed(repository, tmp_path):
    git(tmp_path, "init", "-q", "-b", "main", "other")
    write(tmp_path / "other", {"a.py": b""})
    commit(tmp_path / "other", "one")
    git(repository, "submodule", "--quiet", "add", str(tmp_path / "other"), "vendored")
    (repository / "loop").symlink_to(repository)
    (repository / "linked.py").symlink_to("/etc/passwd")
    (repository / "notes.txt").symlink_to("setup.py")
    commit(repository, "links")
    left_out = read_commit(repository, "HEAD").left_out()
    assert {path: re.sub(",.*", "", what) for path, what in left_out.items()} == {
        "linked.py": "a symbolic link",
        "loop": "a symbolic link",
        "vendored": "a submodule",
    }
    working_tree = WorkingTree(find_repository(repository))
    assert working_tree.left_out() == left_out
    assert working_tree.files() == read_commit(repository, "HEAD").files()


def test_a_blob_that_is_absent_is_an_error_of_its_file_alone(repository):
    tree = read_commit(repository, "main~1")
    blob = tree.files()["shop/tasks.py"]
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SpecError, match="lacks the content") as error:
        tree.read("shop/tasks.py")
    assert error.value.where == "shop/tasks.py"
    assert tree.read("setup.py") == PROJECT["setup.py"]


def test_a_bare_repository_has_commits_and_no_working_tree(repository, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare")
    assert contents(read_commit(tmp_path / "bare", "v1.0")) == PROJECT
    with pytest.raises(ConfigError, match="bare"):
        WorkingTree(find_repository(tmp_path / "bare"))


def test_a_repository_of_sha256_is_read(tmp_path):
    git(tmp_path, "init", "-q", "-b", "main", "--object-format=sha256")
    write(tmp_path, PROJECT)
    commit(tmp_path, "one")
    tree = read_commit(tmp_path, "main")
    assert contents(tree) == PROJECT
    assert {len(blob) for blob in tree.files().values()} == {64}


def test_a_linked_working_tree_has_its_own_head(repository, tmp_path):
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"), "topic")
    assert contents(read_commit(tmp_path / "linked", "HEAD")) == PROJECT
    assert contents(WorkingTree(find_repository(tmp_path / "linked"))) == PROJECT


@pytest.mark.parametrize("below", ["", "shop", "shop/mail"])
def test_a_folder_of_a_project_stands_for_the_project(repository, below):
    assert contents(read_commit(repository / below, "v1.0")) == PROJECT


def test_a_project_in_a_repository_of_several_is_read_alone(repository):
    write(repository, {"billing/pyproject.toml": b"", "billing/src/a.py": b"a = 1", "billing/ü ü.py": b""})
    commit(repository, "a second project")
    write(repository, {"billing/src/b.py": b"b = 1", "c.py": b""})
    folder = repository / "billing/src"
    committed = {"pyproject.toml": b"", "src/a.py": b"a = 1", "ü ü.py": b""}
    assert contents(read_commit(folder, "HEAD")) == committed
    assert contents(WorkingTree(find_repository(folder))) == committed | {"src/b.py": b"b = 1"}
    with pytest.raises(SpecError, match=r"v1\.0 has no folder billing"):
        read_commit(folder, "v1.0").files()


def test_a_working_tree_is_what_git_would_commit(repository):
    write(
        repository,
        {
            ".gitignore": b"*.log\nbuild/\n",
            "build/a.py": b"",
            "a.log": b"",
            "new/a.py": b"1",
            "shop/tasks.py": b"2",
        },
    )
    (repository / "setup.py").unlink()
    tree = WorkingTree(find_repository(repository))
    expected = PROJECT | {".gitignore": b"*.log\nbuild/\n", "new/a.py": b"1", "shop/tasks.py": b"2"}
    del expected["setup.py"]
    assert contents(tree) == expected
    ids = {path for path, content_id in tree.files().items() if content_id}
    assert ids == {"shop/__init__.py", "shop/mail/tasks.py"}


def test_an_id_is_of_the_bytes_on_the_disk_not_of_what_git_makes_of_them(repository):
    write(repository, {".gitattributes": b"*.py text eol=crlf\n", "crlf.py": b"a = 1\r\n"})
    commit(repository, "line ends")
    tree = WorkingTree(find_repository(repository))
    assert tree.read("crlf.py") == b"a = 1\r\n"
    assert tree.files()["crlf.py"] == ""
    assert read_commit(repository, "HEAD").read("crlf.py") == b"a = 1\n"


def test_a_conflict_is_read_as_it_lies_there(repository):
    git(repository, "checkout", "-q", "topic")
    write(repository, {"shop/tasks.py": b"theirs"})
    commit(repository, "another")
    with pytest.raises(Exception, match="merge"):
        git(repository, "merge", "-q", "main")
    tree = WorkingTree(find_repository(repository))
    assert b"<<<<<<<" in tree.read("shop/tasks.py")
    assert tree.files()["shop/tasks.py"] == ""


def test_a_file_that_became_a_pipe_is_no_wait(repository):
    import os

    tree = WorkingTree(find_repository(repository))
    tree.files()
    (repository / "setup.py").unlink()
    os.mkfifo(repository / "setup.py")
    assert tree.read("setup.py") == b""


@pytest.mark.parametrize(
    ("configured", "environment", "expected"),
    [
        (None, {}, "origin/HEAD"),
        (None, {"GITHUB_BASE_REF": "topic"}, "topic"),
        ("topic", {}, "topic"),
        ("main", {"GITHUB_BASE_REF": "topic"}, "topic"),
        ("main", {"GITHUB_BASE_REF": ""}, "main"),
    ],
)
def test_the_base_is_where_the_work_left_the_branch_that_it_goes_into(
    repository, tmp_path, configured, environment, expected
):
    git(tmp_path, "clone", "-q", str(repository), "clone")
    clone = tmp_path / "clone"
    git(clone, "checkout", "-q", "-b", "work")
    write(clone, {"a.py": b""})
    commit(clone, "work")
    base = find_base(find_repository(clone), configured, environment)
    assert base.name == f"merge base of {expected} and HEAD"
    assert base.id == git(clone, "rev-parse", "origin/topic" if expected == "topic" else "origin/main")


def test_without_a_remote_the_base_is_of_main(repository):
    assert find_base(find_repository(repository), None, {}).name == "merge base of main and HEAD"
    git(repository, "branch", "-m", "main", "trunk")
    with pytest.raises(ConfigError, match="no default branch"):
        find_base(find_repository(repository), None, {})
    with pytest.raises(SpecError, match="'gone'"):
        find_base(find_repository(repository), "gone", {})


def test_histories_without_a_common_commit_are_an_error(repository):
    git(repository, "checkout", "-q", "--orphan", "island")
    git(repository, "commit", "-q", "-m", "island")
    with pytest.raises(TaskContractError, match="no commit in common"):
        find_base(find_repository(repository), "main", {})


def test_an_empty_repository_is_an_error(tmp_path):
    git(tmp_path, "init", "-q", "-b", "main")
    with pytest.raises(TaskContractError, match="no default branch"):
        find_base(find_repository(tmp_path), None, {})
    write(tmp_path, {"a.py": b"1"})
    assert contents(WorkingTree(find_repository(tmp_path))) == {"a.py": b"1"}


def test_no_program_of_the_repository_is_started(repository, tmp_path):
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    spy.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "core.pager"):
        git(repository, "config", name, str(spy))
    write(repository, {"setup.py": b"2"})
    assert contents(WorkingTree(find_repository(repository)))["setup.py"] == b"2"
    contents(read_commit(repository, "main"))
    assert not (tmp_path / "ran").exists()
