"""YAML is refused for what its aliases make of it, and for nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from taskcontract.brokers.yaml_aliases import MOST_REPEATED, refuse_large_yaml

KIND = "application/x-yaml"
SHARED: list[Any] = [1, {"a": [2, 3]}]


def nest(levels: int, form: str) -> str:
    return "\n".join(
        ["- &a0 {a: 1, b: 2}"]
        + [f"- &a{level} {form % ', '.join([f'*a{level - 1}'] * 9)}" for level in range(1, levels + 1)]
    )


@pytest.mark.parametrize("form", ["[%s]", "{<<: [%s]}", "{k: [%s]}"])
def test_what_grows_by_aliases_is_refused(form: str) -> None:
    text = nest(12, form)
    assert len(text) < 1000
    for body in (text, text.encode(), memoryview(text.encode())):
        with pytest.raises(ValueError, match=f"more than {MOST_REPEATED} values"):
            refuse_large_yaml(body, KIND)


def test_what_is_a_part_of_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="what it is a part of"):
        refuse_large_yaml("&a [[*a]]", KIND)


@pytest.mark.parametrize(
    "text",
    [
        yaml.safe_dump([SHARED] * 100),
        yaml.safe_dump([[1] * 200_000]),
        nest(3, "[%s]"),
        "- '*not an alias'",
        "- *unknown",
        5,
        None,
    ],
)
def test_others_are_left_to_whoever_reads_them(text: Any) -> None:
    refuse_large_yaml(text, KIND)


@pytest.mark.parametrize("text", ["[5 * 5", b"\xff*"])
def test_what_is_no_yaml_is_an_error_of_yamls(text: Any) -> None:
    with pytest.raises(yaml.YAMLError):
        refuse_large_yaml(text, KIND)


def test_other_content_is_not_looked_at() -> None:
    refuse_large_yaml(nest(12, "[%s]"), "application/json")
