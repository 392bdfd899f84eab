"""Pact's own core, asked about the same values and patterns."""

from __future__ import annotations

import random

import pytest

from taskcontract.model.contract import MatchRule
from taskcontract.model.matchers import find_rule_fault
from taskcontract.model.pact_regex import find_pact_fault
from taskcontract.verification.comparison.matching import find_mismatches
from taskcontract.verification.comparison.pact_patterns import UnknownMatchError
from taskcontract.verification.comparison.patterns import Patterns
from tests.support.pact_oracle import load_pact_core
from tests.support.pact_pairs import PairMaker, judge_pair, make_pattern, make_text, pact_takes

TEXTS = ("", "a", "b", "ab", "abc", "é", "a b", "a\n", "1", "a\nb")
PATTERNS = (
    r"\p{L}+", r"\P{L}", r"\p{^L}", r"a\z", r"a\Z", "[[:alpha:]]+", "[[:^alpha:]]", "[a&&b]", "[a-c&&b-d]+",
    "(?x) a b # both", "(?i)A", "^a$", r"^a$\nb", "a.b", "(?m)a.b", r"\h+", r"(?<n>a)\k<n>?", r"(a)\1?b",
    "a|ab", "a{,2}", "a{2}?", "a++b?", r"\bab\b", r"(?<=a)b", "(?=a)ab", r"\R", r"[^\w]", r"a{", "(?i:A)b",
)  # fmt: skip


@pytest.mark.process
def test_patterns_mean_what_they_mean_to_pact() -> None:
    load_pact_core()
    with Patterns() as asked:
        for pattern in PATTERNS:
            assert find_pact_fault(pattern) is None, pattern
            for text in TEXTS:
                assert asked.fits(pattern, text) is pact_takes(pattern, text), (pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<n>a)",
        r"\X",
        r"(?<n>a\g<n>?b)",
        r"(?(1)a|b)",
        r"\p{NoSuch}",
        "(?i)ß",
        "[",
        "(",
        "*a",
        r"a\Q",
        "a{3,1}",
    ],
)
def test_what_is_not_read_is_refused(pattern: str) -> None:
    fault = find_rule_fault(MatchRule("$", "regex", {"regex": pattern}))
    assert fault is not None
    assert fault.startswith(f"the regular expression {pattern!r}: ")


def test_a_text_of_which_nothing_is_known_is_a_mismatch() -> None:
    (mismatch,) = find_mismatches("ss", [MatchRule("$", "regex", {"regex": "(?i)ss"})], "ß")
    assert "without regard to case is not known here" in str(mismatch)


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("seed", range(3))
def test_values_are_compared_as_pact_compares_them(seed: int) -> None:
    load_pact_core()
    maker = PairMaker(random.Random(seed))
    assert [fault for _ in range(500) if (fault := judge_pair(*maker.make()))] == []


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("seed", range(3))
def test_random_patterns_mean_what_they_mean_to_pact(seed: int) -> None:
    load_pact_core()
    rng = random.Random(seed)
    with Patterns(1_000.0) as asked:
        for pattern in [made for _ in range(200) if find_pact_fault(made := make_pattern(rng)) is None]:
            text = make_text(rng)
            try:
                fits = asked.fits(pattern, text)
            except UnknownMatchError:
                continue
            assert fits is pact_takes(pattern, text), (pattern, text)
