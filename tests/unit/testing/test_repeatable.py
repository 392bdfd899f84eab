from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from taskcontract.testing.repeatable import drawing_nothing_from_modules

if TYPE_CHECKING:
    from pathlib import Path

WANTED = settings(max_examples=400, phases=(Phase.generate,), database=None, deadline=None)


def draw() -> list[Any]:
    drawn: list[Any] = []

    def see(value: Any) -> bool:
        drawn.append(value)
        return False

    with pytest.raises(NoSuchExample):
        find(st.integers() | st.text(), see, settings=WANTED, random=Random(5))
    return drawn


def test_modules_that_are_loaded_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"own_constants_{number}" for number in range(20)]  # Hypothesis may take one for a dead one
    for number, name in enumerate(names):
        (tmp_path / f"{name}.py").write_text(f'WORDS = ["zyzzyva{number}"]\nNUMBERS = [8383838{number}]\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    usual = draw()
    with drawing_nothing_from_modules():
        before = draw()
    for name in names:
        import_module(name)
    try:
        with drawing_nothing_from_modules():
            behind = draw()
        usual_behind = draw()
    finally:
        for name in names:
            sys.modules.pop(name)
    assert before == behind
    if find_spec("hypothesis.internal.conjecture.providers"):  # older releases find no constants
        assert usual != usual_behind, "Hypothesis itself finds the constants of modules again"
