"""Regular expressions: the languages that they are compared as, against Python's own matching."""

from __future__ import annotations

import itertools
import random
import re
import warnings

import pytest

from taskcontract.diff.schemas.budget import Budget
from taskcontract.diff.schemas.patterns import Patterns, Wanted
from taskcontract.diff.schemas.regex.syntax import parse_pattern
from taskcontract.diff.schemas.regex.trees import PatternError

ALPHABET = "ab1-\n"
STRINGS = ["".join(letters) for length in range(5) for letters in itertools.product(ALPHABET, repeat=length)]

PATTERNS = [
    "", "a", "^a", "a$", "^a$", "^$", "a|b", "^(a|b)$", "^a*$", "^a+b?$", "^(ab)*$", "[ab]", "[^ab]",
    "^[a-b1]+$", ".", "^.$", "^..$", "a.b", "^a{2}$", "^a{1,2}$", "^a{2,}", "^(a{1,2}){2}$",
    "^(a|ab)(b|1)?$", "^(?:a|b)+$", "^(?=a)..$", "^(?!a)", "^(?!.*a).*$", "(?=ab)a", "a(?!b)",
    "^(?=.*1)(?=.*a).{2,3}$", "(^a|b$)", "^a|b$", "(a$|b)", "^(^a)?b", "a?$", "\\d", "^\\w+$", "\\s",
    "\\D", "\\W", "\\S", "[\\d-]", "[\\s\\S]", "\\-", "\\n", "\\x61", "\\u0061", "[a\\-b]", "(?P<x>a)b",
    "^(a|b)*a(a|b){2}$", "a*?b", "^()$", "(|a)b", "[b-]", "{", "a{x}", "]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_found_where_python_finds_it(pattern: str) -> None:
    patterns = Patterns(Budget(60.0, 10**8))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = re.compile(pattern)

    for text in STRINGS:
        found = patterns.match(pattern, text)
        # Where the dialects differ (a last newline, say) the answer is that nobody knows.
        assert found is (compiled.search(text) is not None) or (found is None and "\n" in text), text


def test_random_patterns_are_included_where_no_string_refutes_it() -> None:
    rng = random.Random(5)
    verdicts = {True: 0, False: 0}
    for _ in range(400):
        one, other = (make_pattern(rng, 3) for _ in range(2))
        patterns = Patterns(Budget(60.0, 10**8))
        if patterns.explain(one) or patterns.explain(other):
            continue
        witness = patterns.find(Wanted([one], [other], 0, None, []), plain=True)
        refuting = [
            text
            for text in STRINGS
            if "\n" not in text and re.search(one, text) and not re.search(other, text)
        ]
        verdicts[witness is None] += 1
        if witness is None:
            assert not refuting, (one, other)
        else:
            assert re.search(one, witness)
            assert not re.search(other, witness)
            assert not refuting or len(witness) <= len(min(refuting, key=len))

    assert min(verdicts.values()) > 50


def make_pattern(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(["a", "b", "1", "[ab]", "[^a]", ".", "\\d"])
    form = rng.choice(
        [
            "{0}{1}",
            "{0}|{1}",
            "({0})*",
            "({0})+{1}",
            "({0})?{1}",
            "^{0}",
            "^({0})$",
            "({0}){{1,2}}",
            "(?!{0}){1}",
        ]
    )
    return form.format(make_pattern(rng, depth - 1), make_pattern(rng, depth - 1))


@pytest.mark.parametrize(
    "pattern", ["(", ")", "a)", "[a", "*", "a**", "a{2}{3}", "[b-a]", "a{2,1}", "\\", "(?P<1>a)", "(?:a"]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "\\bfoo",
        "(a)\\1",
        "(?<=a)b",
        "(?i)a",
        "\\p{L}",
        "a++",
        "(?>a)",
        "[]",
        "\\A",
        "(?=a)*",
        "\\012",
        "(a|^b)*",
    ],
)
def test_what_has_no_language_here_is_undecided_and_says_why(pattern: str) -> None:
    assert Patterns(Budget(60.0, 10**6)).explain(pattern)
