"""Patterns as Rust's regex reads them: the oracle is that engine itself, as pydantic-core brings it."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import Any

import pytest

from taskcontract.diff import compare_schemas
from taskcontract.diff.budget import ProofBudget
from taskcontract.diff.schemas.budget import Budget
from taskcontract.diff.schemas.patterns import Patterns
from taskcontract.diff.schemas.regex.rust.oracle import list_characters
from taskcontract.diff.walker.engine import SchemaEngine
from tests.support.rust_patterns import ask_rust, judge_pair, make_pattern, make_text
from tests.support.wire_patterns import WIRE_PATTERNS, list_wire_texts

TEXTS = [
    *("".join(letters) for length in range(5) for letters in itertools.product("ab1\n", repeat=length)),
    *(
        "".join(letters)
        for length in range(1, 4)
        for letters in itertools.product("aAK \u212a\r\xe9\xdf\u1e9e\u0660_-]\u01c5", repeat=length)
    ),
]

#: One line a topic: edges, alternatives, flags, words, lines, classes, sets, repetition, escapes.
PATTERNS = [
    "", "a", "^a", "a$", "^a$", "^$", "$^", "^^*a", "\\Aa\\z", "(a|^b)*", "(^a)+b", "(a$|b)", "a$b?", "\\na",
    "a|b", "^(a|b)$", "(|a)b", "()", "(?:a*)*b", "((?:x)*)?y", "((a*)*)?", "(?P<n>a)(?<m>b)", "}", "]a",
    "a.b", "(?i)A", "(?i)a|b", "b(?i)a|c", "(b(?i)a|c)A", "(?i:\xdf)\xe9", "(?i)k", "(?i)[k-s]", "(?i)\u01c6",
    "(?U)a+b", "(?x) a  b # c", "(?x)[a b]", "(?x)a\\ b", "(?x)a {2} [-a] # (", "(?x)[a # ]\n b]", "(?s).",
    "(?i-s:.)",
    "\\bab\\b", "\\Ba", "a\\B", "^a\\b", "\\b$", "^\\B$", "^\\b", "(?-u:\\w)", "(?-u:\\b)a", "(?-u:\\B)a",
    "\\b{start}a", "a\\b{end}", "\\b{start-half}a", "a\\b{end-half}", "\\<a\\>", "^(?:\\b\\w+\\b ?)*$",
    "(\\b|a)*b", "(?m)^a$", "(?mR)^a$", "(?R).", "(?m)$^", "(?m)a$b?", "(?m)^\\nb", "(?mR)$\\n^", "(?mR)^$",
    "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "^\\w+$", "\\p{L}", "^\\p{Lu}*$", "\\pN", "\\PL", "\\P{Greek}",
    "\\p{Script=Latin}", "[\\p{Lu}_]", "[^\\d]", "[\\d-]", "[\\w.-]",
    "[[:alpha:]]", "[a&&b]", "[a-z&&[^b]]", "[\\w--[a-c]]", "[a-z&&b--c]", "[[a-b]~~[b-c]]", "[^[:^alpha:]]",
    "[a-]", "[]a]", "[^]a]", "[-a]", "[--a]", "[\\[\\]]", "[a[b1]]", "[+-\\[]", "[^\\x00-\\x{10FFFF}]",
    "a[a&&b]|b", "a**", "a{2}{2}", "^a{2,}?$", "^(a{1,2}){2}$", "a{0}b", "x*", "^a{ 1 , 2 }$",
    "\\x{61}\\u0062", "\\x61\\U00000062", "[\\x61-\\u{62}]", "[a\\-b]", "\\.|\\-",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_found_where_rust_finds_it(pattern: str) -> None:
    found = ask_rust(pattern)
    patterns = Patterns(Budget(60.0, 10**8), "rust")

    assert found is not None
    assert patterns.explain(pattern) is None
    assert [text for text in TEXTS if patterns.match(pattern, text) is not found(text)] == []


@pytest.mark.slow
def test_random_patterns_are_read_and_compared_as_rust_reads_them() -> None:
    rng = random.Random(4)
    verdicts: Counter[str] = Counter()
    for _ in range(300):
        old, new = make_pattern(rng), make_pattern(rng)
        verdict, fault = judge_pair(old, new, [make_text(rng) for _ in range(30)])
        verdicts[verdict] += 1
        assert not fault, (old, new)

    assert verdicts["included"] > 50
    assert verdicts["not-included"] > 100


@pytest.mark.parametrize(
    "expression",
    ["\\d", "\\w", "\\s", "\\p{Lu}", "\\PL", "[a-z&&[^aeiou]]", "(?i:[k-s])", "\\p{Greek}", "[a&&b]"],
)
def test_a_class_is_what_rust_takes_character_by_character(expression: str) -> None:
    found = ask_rust(f"^{expression}$")
    assert found is not None
    codes = {
        code
        for low, high in list_characters(expression, Budget(60.0, 10**8))
        for code in range(low, high + 1)
    }

    for code in itertools.chain(range(0xD800), range(0xE000, 0x20000), range(0x10FF00, 0x110000)):
        assert (code in codes) is found(chr(code)), hex(code)


@pytest.mark.parametrize(("old", "new"), [*itertools.permutations(WIRE_PATTERNS, 2)], ids=str)
def test_what_is_written_of_values_on_the_wire_is_decided(old: str, new: str) -> None:
    takes, refuses = ask_rust(WIRE_PATTERNS[old]), ask_rust(WIRE_PATTERNS[new])
    assert takes is not None
    assert refuses is not None
    before, after = ({"type": "string", "pattern": WIRE_PATTERNS[name]} for name in (old, new))

    inclusion = compare_schemas(before, after, patterns="rust", steps=100_000)
    overlap = compare_schemas(before, {"not": after}, patterns="rust", steps=100_000)

    texts = [text for text in list_wire_texts() if takes(text)]
    if inclusion.verdict == "included":
        assert [text for text in texts if not refuses(text)] == []
    else:
        assert inclusion.verdict == "not-included", inclusion.reason
        assert takes(inclusion.witness)
        assert not refuses(inclusion.witness)
    if overlap.verdict == "included":
        assert [text for text in texts if refuses(text)] == []
    else:
        assert overlap.verdict == "not-included", overlap.reason
        assert takes(overlap.witness)
        assert refuses(overlap.witness)


def text(pattern: str, **more: Any) -> Any:
    return {"type": "string", "pattern": pattern, **more}


def names(pattern: str) -> Any:
    return {"type": "object", "propertyNames": {"pattern": pattern}}


def members(**patterns: Any) -> Any:
    return {"type": "object", "patternProperties": patterns, "additionalProperties": False}


INTEGER, STRING = {"type": "integer"}, {"type": "string"}

# Old, new, the verdict as Rust reads the patterns, the witness.
ROWS: list[tuple[Any, Any, str, Any]] = [
    (text("^[A-Z]{3}$"), {"maxLength": 3}, "included", None),
    (text("^[A-Z]{3}$"), {"maxLength": 2}, "not-included", "AAA"),
    (text("^[0-9]$"), text("^\\d$"), "included", None),
    (text("^\\d$"), text("^[0-9]$"), "not-included", "\u0660"),
    (text("^\\p{Lu}$"), text("^\\p{L}$"), "included", None),
    (text("^\\p{L}$"), text("^\\p{Lu}$"), "not-included", "a"),
    (text("^a\\z"), text("^a$"), "included", None),
    (text("(?m)^a$"), text("^a$"), "not-included", "a\n"),
    (text("^[a-z&&[^b]]$"), text("[^b]"), "included", None),
    (text("^a+$", maxLength=3), {"enum": ["a", "aa"]}, "not-included", "aaa"),
    ({"enum": ["a\n"]}, text("^a$"), "not-included", "a\n"),
    (names("^[0-9]+$"), names("^\\d+$"), "included", None),
    (names("^\\d+$"), names("^[0-9]+$"), "not-included", {"\u0660": ""}),
    (members(**{"^\\d$": INTEGER, "^\\d\\d$": STRING}), members(**{"\\d": True}), "included", None),
    (
        members(**{"^\\d$": INTEGER, "^\\d\\d$": STRING}),
        members(**{"^\\d$": INTEGER, "^[0-9]{2}$": STRING}),
        "not-included",
        {"0\u0660": ""},
    ),
    ({"anyOf": [text("^a+$"), text("^b$")]}, {"anyOf": [text("^b+$"), text("^[ab]+$")]}, "included", None),
    ({"anyOf": [text("^a+$"), text("^b$")]}, {"anyOf": [text("^a$"), text("^b$")]}, "not-included", "aa"),
    (text("a{2}{2}"), text("^aaaa"), "not-included", "baaaa"),
]


@pytest.mark.parametrize(("old", "new", "verdict", "witness"), ROWS, ids=str)
def test_what_rust_reads_is_decided(old: Any, new: Any, verdict: str, witness: Any) -> None:
    found = compare_schemas(old, new, patterns="rust")

    assert (found.verdict, found.witness) == (verdict, witness)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(?=a)b", "look-around"),
        ("(a)\\1", "backreferences"),
        ("a{,3}", "repetition quantifier"),
        ("((a{0,99}){0,99}){0,99}", "size limit"),
        ("(a|b)*a(a|b){40}$", "too many states"),
        (f"{'(' * 60}a{')' * 60}", "nested too deeply"),
    ],
)
def test_what_rust_refuses_or_nobody_can_follow_is_undecided_and_says_why(pattern: str, why: str) -> None:
    found = compare_schemas(text(pattern), text("^c$"), patterns="rust")

    assert found.verdict == "undecided"
    assert why in found.reason


def test_a_spec_is_read_as_the_codec_reads_it_and_other_schemas_with_caution() -> None:
    old, new = text("^[A-Z]{3}$"), {"type": "string", "maxLength": 3}

    assert SchemaEngine(ProofBudget()).compare(old, new).verdict == "included"
    assert compare_schemas(old, new).verdict == "undecided"
