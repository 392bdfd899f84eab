"""Examples with each matcher of `match`, a value that fits and one that does not."""

from __future__ import annotations

from typing import Any

from taskcontract import match

__all__ = ["MATCHERS", "WITHOUT"]

S3 = match.regex("s3://.+", "s3://b/1")

MATCHERS: dict[str, list[tuple[Any, Any, Any]]] = {
    # name of match.*: examples, each with a value that fits and one that does not
    "like": [
        (match.like("a"), "b", 1),
        (match.like({"a": 1, "b": [1]}), {"a": 2, "b": [3, 4], "c": 5}, {"a": "2", "b": [1]}),
        (match.like({"a": 1}), {"a": 2}, {"b": 1}),
        (match.like([1]), [2, 3], ["a"]),
        (match.like(True), False, None),
    ],
    "each_like": [
        (match.each_like({"id": match.integer(1)}), [{"id": 2}, {"id": 3}], [{"id": "2"}]),
        (match.each_like("a", min=2, max=3), ["b", "c"], ["b"]),
        (match.each_like("a", min=1, max=2), ["b", "c"], ["b", "c", "d"]),
        (match.each_like(1, min=0), [], "a"),
    ],
    "equal": [(match.like({"a": match.equal(1), "b": 1}), {"a": 1, "b": 2}, {"a": 2, "b": 1})],
    "regex": [
        (S3, "s3://x", "http://x"),
        ({"url": S3}, {"url": "s3://x", "more": 1}, {"url": None}),
        (match.regex("[[:alpha:]]+", "a"), "ab", "a1"),
        (match.regex("a|ab", "a"), "ab", "abc"),
        (match.regex(r"\d+", "1"), "12", "12 "),
    ],
    "includes": [(match.includes("b", "abc"), "b", "ac")],
    "integer": [(match.integer(1), 2, 1.5), ({"n": match.integer(1)}, {"n": -1}, {"n": "1"})],
    "decimal": [(match.decimal(1.5), 2.25, 2)],
    "number": [(match.number(1), 2.5, "2")],
    "boolean": [(match.boolean(True), False, 0)],
    "not_empty": [
        (match.not_empty("a"), "b", ""),
        (match.not_empty([1]), [2], []),
        (match.not_empty({"a": 1}), {"a": 2}, {}),
    ],
    "semver": [(match.semver("1.0.0"), "2.1.0-rc.1", "2.1")],
    "date": [
        (match.date("2026-01-31"), "2026-02-28", "2026-02-30"),
        (match.date("31.01.26", form="dd.MM.yy"), "28.02.26", "2026-02-28"),
    ],
    "time": [(match.time("10:00:00"), "23:59:59", "24:59:59")],
    "datetime": [(match.datetime("2026-01-31T10:00:00+01:00"), "2026-02-01T11:00:00+02:00", "2026-02-01")],
    "null": [(match.null(), None, 1), ({"a": match.null()}, {"a": None}, {"a": 0})],
    "values": [(match.values({"a": 1}), {"b": 1, "c": 1}, {"b": 2})],
    "each_key": [(match.each_key(match.regex("[a-z]+", "a"), {"a": 1}), {"b": 2}, {"B": 2})],
    "each_value": [
        (match.each_value(match.integer(1), {"a": 1}), {"b": 2}, {"b": "2"}),
        (match.each_value(match.integer(1), [1]), [2, 3], [2, "3"]),
        ({match.regex("[0-9]+", "12"): match.like(1)}, {"34": 2}, {"a": 2}),
    ],
    "array_containing": [
        (match.array_containing(match.integer(1), {"a": "b"}), [None, {"a": "b"}, 2], [2, {"a": "c"}])
    ],
    "any_of": [(match.any_of(match.integer(1), match.regex("[a-z]+", "a")), "b", "B")],
    "all_of": [(match.all_of(match.regex(".+", "ab"), match.includes("b", "ab")), "cb", "c")],
    "nullable": [
        (match.nullable(match.integer(1)), 2, "a"),
        (match.nullable("a"), None, "b"),
        ({"a": match.nullable(1)}, {"a": None}, {"a": 2}),
    ],
}
WITHOUT = [
    (None, None, 0),
    ("", "", "a"),
    ("a", "a", ""),
    ("null", "null", None),
    ("1", "1", 1),
    ('"a"', '"a"', "a"),
    ('{"a": 1}', '{"a": 1}', {"a": 1}),
    (0, 0, False),
    (1.5, 1.5, 1),
    (False, False, None),
    ([], [], [1]),
    ({}, {"a": 1}, []),
    ([1, [2]], [1, [2]], [1, [2], 3]),
    ({"a": None}, {"a": None, "b": 1}, {"b": 1}),
    ({"é": "ü", "a b": {"it's": [None]}}, {"é": "ü", "a b": {"it's": [None]}}, {"é": "u"}),
]
"""Examples without any matcher."""
