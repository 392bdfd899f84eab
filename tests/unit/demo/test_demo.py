"""The demo ends well only if the contracts held, and the break was caught twice."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from unittest.mock import MagicMock

import pytest

import demo.__main__ as script
from demo import breaking_change

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    breaking_change.copy_project(ROOT, tmp_path / "pusher")
    return tmp_path / "pusher"


@pytest.mark.parametrize(
    ("called", "held", "caught", "proved", "exit_code"),
    [
        (0, 0, 1, 1, 0),
        (1, 0, 1, 1, 1),
        (0, 1, 1, 1, 1),
        (0, 0, 0, 1, 1),
        (0, 0, 1, 0, 1),
        # A run that failed itself has caught nothing.
        (0, 0, 2, 1, 1),
        (0, 0, 1, 2, 1),
    ],
)
def test_exit_code(
    called: int,
    held: int,
    caught: int,
    proved: int,
    exit_code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = {"pytest": [held, caught], "taskcontract diff": [proved]}
    monkeypatch.setattr(script, "FOLDER", tmp_path / "demo")
    monkeypatch.setattr(script, "serve_s3", lambda: nullcontext("http://s3"))
    monkeypatch.setattr(script, "connect", MagicMock())
    monkeypatch.setattr(script, "call_pusher", lambda _: called)
    monkeypatch.setattr(
        script,
        "run",
        lambda shown, *_: next(codes.pop(0) for name, codes in answers.items() if name in shown),
    )

    assert script.main() == exit_code


def test_the_change_is_two_signatures(project: Path) -> None:
    lines = list(breaking_change.make_change(project))

    assert [line for line in lines if line.startswith("+++")] == [
        "+++ bindings/pusher.py",
        "+++ pusher/tasks.py",
    ]
    changed = [line for line in lines if not line.startswith("+++")]
    assert [line[0] for line in changed] == ["-", "+", "-", "+"]


def test_a_change_that_no_longer_fits_is_no_silent_success(project: Path) -> None:
    (project / "bindings/pusher.py").write_text("nothing here\n")

    with pytest.raises(RuntimeError, match="out of date"):
        list(breaking_change.make_change(project))
