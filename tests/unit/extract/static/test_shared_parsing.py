"""Two states of a project may share the trees of the files that did not change: each reads as if alone."""

from __future__ import annotations

from functools import cache

import pytest

from taskcontract.extract.static.parsing import parse
from taskcontract.extract.static.project import read_project
from tests.support.source_trees import Texts
from tests.unit.extract.static.styles import STYLES

ADDED = "from celery import shared_task\n\n\n@shared_task\ndef added(key: str) -> None: ...\n"


@pytest.mark.parametrize("style", STYLES)
def test_a_shared_parse_gives_what_a_parse_of_ones_own_gives(style: str) -> None:
    old = dict(STYLES[style])
    new = {f"moved/{path}": text for path, text in old.items()} | {"added.py": ADDED}
    shared = cache(parse)

    for texts in (old, new, old):
        together, alone = read_project(Texts(texts), parser=shared), read_project(Texts(texts))
        assert together.spec == alone.spec
        assert together.places == alone.places
        assert together.unresolved == alone.unresolved
        assert together.find_calls is not None
        assert alone.find_calls is not None
        assert together.find_calls() == alone.find_calls()
    assert shared.cache_info().hits >= shared.cache_info().misses - 1
