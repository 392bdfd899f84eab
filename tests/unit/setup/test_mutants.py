"""The edits of `make mutants` fit the code as it is: a change of pusher does not leave the study behind."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from demo.breaking_change import copy_project
from tests.mutants.edits import Edit, read_edits

ROOT = Path(__file__).parents[3]
BREAKING, HARMLESS = read_edits("breaking"), read_edits("harmless")


@pytest.mark.parametrize("edit", [*BREAKING, *HARMLESS], ids=lambda edit: edit.name)
def test_an_edit_can_be_made_and_leaves_python(edit: Edit, tmp_path: Path) -> None:
    copy_project(ROOT, tmp_path / "project")
    edit.apply(tmp_path / "project")
    for name in edit.files:
        changed = (tmp_path / "project" / name).read_text(encoding="utf-8")
        assert changed != (ROOT / name).read_text(encoding="utf-8")
        ast.parse(changed)


def test_each_kind_is_wide_enough_and_each_break_has_a_culprit() -> None:
    assert len(BREAKING) >= 60
    assert len(HARMLESS) >= 30
    assert all(edit.said for edit in BREAKING)
    assert not any(edit.said for edit in HARMLESS)


def test_an_edit_that_is_out_of_date_is_refused(tmp_path: Path) -> None:
    copy_project(ROOT, tmp_path / "project")
    with pytest.raises(
        ValueError, match=r"^old is out of date: pusher/tasks\.py holds 'nothing like it' 0 times"
    ):
        Edit("old", {"pusher/tasks.py": [("nothing like it", "")]}, "").apply(tmp_path / "project")
