"""A contract's pattern: what Python's `re.fullmatch` says of a text, or that time is up; never a hang."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskcontract.model.contract import MatchRule
from taskcontract.model.matchers import LONGEST_PATTERN, PYTHON, find_rule_fault
from taskcontract.model.pattern_form import find_pattern_fault
from taskcontract.verification.comparison import matching, patterns
from taskcontract.verification.comparison.patterns import Patterns, PatternTimeoutError
from tests.support.thorough import examples

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # of sets that later versions read otherwise

SLOW = "a" * 40 + "!"
DIFFERENT = [
    (r"a$", "a\n"),
    (r"a$\s", "a\n"),
    (r"\s", "\x1c"),
    (r"\w", "\u0301"),
    (r"\d", "\u0663"),
    (r"a++a", "aa"),
    (r"a|b", "ab"),
    (r"(?i)k", "\u212a"),
    (r"[[a]b]", "[b]"),
    (r"[+--b]", "-"),
    (r"[a&&b]", "&"),
    (r"a{,2}", "aa"),
    (r"x{", "x{"),
    (r"\<a", "<a"),
    (r"(?x)a # b", "a"),
    (r"[^a]", "\ud800"),
    (r".", "\n"),
    (r"(?<=a)b|ab", "ab"),
    (r"(a|b)\1", "aa"),
    (r"(a|b)\1", "ab"),
    (r"(?P<n>a)(?P=n)", "aa"),
    (r"a\Z", "a"),
]
"""Where Rust's engine and Python's part, or nearly."""


@pytest.mark.process
def test_both_engines_read_what_python_reads() -> None:
    with Patterns() as asked:
        for pattern, text in DIFFERENT:
            assert asked.fits(pattern, text, PYTHON) is (re.fullmatch(pattern, text) is not None), (
                pattern,
                text,
            )


PIECES = st.sampled_from(
    [
        *"ab.|()*+?^$-[]{}1,",
        "\\d",
        "\\w",
        "\\s",
        "\\.",
        "(?:",
        "[^",
        "[a-b]",
        "{1,2}",
        "(?P<n>",
        "(?i)",
        "\\b",
    ]
)


@pytest.mark.process
@pytest.mark.thorough
@settings(max_examples=examples(150), deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.text("ab1.- \n\x1d\u00e9\u0663^$[", max_size=4))
def test_ordinary_patterns_mean_what_they_meant(pattern: str, text: str) -> None:
    try:
        compiled = re.compile(pattern)
    except re.error:
        return
    with Patterns() as asked:
        assert asked.fits(pattern, text, PYTHON) is (compiled.fullmatch(text) is not None)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*", "(a|aa)+", "(?:a?){20}a{20}", r"(\w+\s?)*"])
def test_what_makes_python_hang_is_answered_at_once(pattern: str) -> None:
    with Patterns(seconds=0.0) as asked:  # Python's engine would be given up at once, not asked
        assert asked.fits(pattern, SLOW) is False


def test_texts_that_are_judged_one_after_the_other_share_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1_000, 2))  # two seconds for each
    monkeypatch.setattr(patterns, "monotonic", lambda: next(clock))
    with Patterns(seconds=0.0) as asked:
        assert [asked.fits("a+", "aa"), asked.fits("a+", "b"), asked.fits("b+", "b")] == [True, False, True]
        with pytest.raises(PatternTimeoutError):
            asked.fits("a+", "aa")


@pytest.mark.process
@pytest.mark.parametrize("pattern", [r"(?=a)(a+)+$", r"((a+)+)\2$", r"(?!b)(a|a)*", r"(?P<n>a+)+(?P=n)b"])
def test_what_only_python_reads_is_given_up_in_time(pattern: str) -> None:
    with Patterns(seconds=0.2) as asked:
        for _ in range(3):  # the time is that of all together
            with pytest.raises(PatternTimeoutError):
                asked.fits(pattern, SLOW, PYTHON)


@pytest.mark.process
def test_a_pattern_that_is_given_up_is_a_mismatch_unless_another_rule_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(matching, "SECONDS", 0.2)
    slow = MatchRule("$", "regex", {"regex": r"(?=a)(a+)+$"}, "OR")
    (mismatch,) = matching.find_mismatches("a", [slow], SLOW)
    assert "cannot be held against" in str(mismatch)
    assert "within 0.2 s" in str(mismatch)
    assert matching.find_mismatches("a", [slow, MatchRule("$", "type", {}, "OR")], SLOW) == []


@pytest.mark.parametrize(
    "pattern", ["(?a)(?u)x", "(?i)(?L)x", "(", "x" * (LONGEST_PATTERN + 1), "a{99999999999}"]
)
def test_a_pattern_that_cannot_be_read_is_a_fault_of_its_rule(pattern: str) -> None:
    fault = find_rule_fault(MatchRule("$", "regex", {"regex": pattern}))
    assert fault is not None
    assert "regular expression" in fault


FOLDED = {
    r"(?i)[\x00-\U0010ffff]": True,
    "(?i)[b-\uffff]": True,
    "x(?i:" + "[\u0100-\u5000]" * 3 + ")": True,
    r"(?si)[a-\N{GREEK SMALL LETTER OMEGA}]": True,
    r"[\x00-\U0010ffff]": False,
    r"(?i)[\w-]+@[\w.-]+\.[a-z]{2,}": False,
    r"(?i)\d{4}-\d\d-\d\d|[\u4e00-\u9fff]+": False,
    "(?i)" + "[0-9a-f]" * 200: False,
}


@pytest.mark.parametrize(("pattern", "refused"), FOLDED.items(), ids=map(ascii, FOLDED))
def test_sets_that_take_long_to_compile_are_not_compiled(
    pattern: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    monkeypatch.setattr(re, "compile", compiled.append)
    fault = find_rule_fault(MatchRule("$", "regex", {"regex": pattern, "dialect": PYTHON}))
    assert fault == (
        "its regular expression has sets of too many characters for one that ignores case"
        if refused
        else None
    )
    assert find_pattern_fault(pattern) is None
    assert compiled == ([] if refused else [pattern] * 2)


def test_a_long_pattern_of_a_spec_is_left_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(re, "compile", None)
    assert find_pattern_fault("(" * 1_000_000) is None
