"""The worker's log, read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taskcontract.verification.sandbox.log_reader import MOST_LINES, read_lines_of
from taskcontract.verification.sandbox.sandbox import open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.verification.sandbox.sandbox import RunSandbox


@pytest.fixture
def sandbox() -> Iterator[RunSandbox]:
    sandbox = open_sandbox("embedded", None)
    yield sandbox
    sandbox.close()


def write(sandbox: RunSandbox, *lines: tuple[str | None, str]) -> None:
    with Path(sandbox.log_file).open("a") as file:
        for task, text in lines:
            entry = {"at": 1.5, "level": "INFO", "logger": "celery.app.trace", "task": task, "text": text}
            file.write(json.dumps(entry) + "\n")


def texts(sandbox: RunSandbox, task: str) -> list[str]:
    return [line.text for line in read_lines_of(sandbox, task, ended=True)]


def test_lines_of_one_task(sandbox: RunSandbox) -> None:
    write(sandbox, ("a", "Task shop.order[a] received"), ("b", "other"), (None, "ready"), ("a", "packing"))
    assert texts(sandbox, "a") == ["received", "packing"]


def test_line_cut_short_is_left_out(sandbox: RunSandbox) -> None:
    write(sandbox, ("a", "whole"))
    with Path(sandbox.log_file).open("a") as file:
        file.write('{"at": 1.5, "level": "IN')
    assert texts(sandbox, "a") == ["whole"]


def test_only_the_last_lines(sandbox: RunSandbox) -> None:
    write(sandbox, *[("a", str(number)) for number in range(MOST_LINES + 3)])
    assert texts(sandbox, "a")[0] == "3"


def test_no_log(sandbox: RunSandbox) -> None:
    assert texts(sandbox, "a") == []
