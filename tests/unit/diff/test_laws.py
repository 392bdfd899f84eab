"""What holds for every diff, on random specs: a sample of what tests/fuzz/fuzz_diff.py runs in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from taskcontract.errors import SpecError
from tests.support.diff_laws import diff, find_fault
from tests.support.spec_edits import SpecMaker, respell_spec

if TYPE_CHECKING:
    import random

EVERY: Any = list(HealthCheck)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=EVERY)
@given(st.randoms(use_true_random=False))
def test_no_law_is_broken(rng: random.Random) -> None:
    maker = SpecMaker(rng)
    old = maker.make_spec()
    middle = maker.edit(old)
    try:
        fault = find_fault(old, middle, maker.edit(middle), respell_spec(old, rng))
    except SpecError:
        assume(False)  # an edit left a reference without its definition
        raise
    assert fault is None


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=EVERY)
@given(st.randoms(use_true_random=False))
def test_equal_specs_have_no_findings(rng: random.Random) -> None:
    spec = SpecMaker(rng).make_spec()
    assert diff(spec, spec) == []
