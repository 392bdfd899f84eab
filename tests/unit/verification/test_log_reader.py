"""The worker's log, read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taskcontract.verification.log_reader import MOST_LINES, read_lines_of
from taskcontract.verification.sandbox import open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.verification.sandbox import RunSandbox


@pytest.fixture
def room() -> Iterator[RunSandbox]:
    room = open_sandbox("embedded", None)
    yield room
    room.close()


def write(room: RunSandbox, *lines: tuple[str | None, str]) -> None:
    with Path(room.log_file).open("a") as file:
        for task, text in lines:
            entry = {"at": 1.5, "level": "INFO", "logger": "celery.app.trace", "task": task, "text": text}
            file.write(json.dumps(entry) + "\n")


def texts(room: RunSandbox, task: str) -> list[str]:
    return [line.text for line in read_lines_of(room, task, ended=True)]


def test_lines_of_one_task(room: RunSandbox) -> None:
    write(room, ("a", "Task shop.order[a] received"), ("b", "other"), (None, "ready"), ("a", "packing"))
    assert texts(room, "a") == ["received", "packing"]


def test_line_cut_short_is_left_out(room: RunSandbox) -> None:
    write(room, ("a", "whole"))
    with Path(room.log_file).open("a") as file:
        file.write('{"at": 1.5, "level": "IN')
    assert texts(room, "a") == ["whole"]


def test_only_the_last_lines(room: RunSandbox) -> None:
    write(room, *[("a", str(number)) for number in range(MOST_LINES + 3)])
    assert texts(room, "a")[0] == "3"


def test_no_log(room: RunSandbox) -> None:
    assert texts(room, "a") == []
