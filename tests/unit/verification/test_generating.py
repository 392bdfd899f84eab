"""Arguments that are made anew for each replay."""

from __future__ import annotations

import re
from typing import Any

import pytest

from taskcontract.errors import VerificationError
from taskcontract.model.contract import Generator, Interaction
from taskcontract.verification.generating import make_call

VALUES = {"id": 7, "name": "ada", "on": True}


def made(old: Any, kind: str, **parameters: Any) -> Any:
    generator = Generator("$.args[0].a", kind, parameters)
    call = Interaction("d", "p.t", "", args=({"a": old}, 1), generators=(generator,))
    args, kwargs = make_call(call, VALUES)
    assert (args[1], kwargs, call.args[0]) == (1, {}, {"a": old})
    return args[0]["a"]


@pytest.mark.parametrize(
    ("old", "kind", "parameters", "form"),
    [
        (1, "RandomInt", {"min": 5, "max": 6}, "[56]"),
        ("1", "RandomInt", {"min": 5, "max": 6}, "'[56]'"),
        (1.5, "RandomDecimal", {"digits": 4}, r"[0-9]+\.[0-9]+"),
        ("x", "RandomHexadecimal", {"digits": 6}, "'[0-9A-F]{6}'"),
        ("x", "RandomString", {"size": 6}, "'[0-9A-Za-z]{6}'"),
        (True, "RandomBoolean", {}, "True|False"),
        ("x", "Uuid", {}, "'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'"),
        ("x", "Uuid", {"format": "simple"}, "'[0-9a-f]{32}'"),
        ("x", "Uuid", {"format": "upper-case-hyphenated"}, "'[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}'"),
        ("x", "Uuid", {"format": "URN"}, "'urn:uuid:[0-9a-f-]{36}'"),
        ("x", "Date", {}, "'[0-9]{4}-[0-9]{2}-[0-9]{2}'"),
        ("x", "Time", {"format": "HH:mm"}, "'[0-9]{2}:[0-9]{2}'"),
        ("x", "DateTime", {}, r"'[0-9-]{10}T[0-9:]{8}\.[0-9]{3}[+-][0-9]{4}'"),
        ("x", "Regex", {"regex": r"^\d{1,8}$"}, "'[0-9]{1,8}'"),
        ("x", "ProviderState", {"expression": "${id}"}, "7"),
        ("x", "ProviderState", {"expression": "id", "dataType": "STRING"}, "'7'"),
        ("x", "ProviderState", {"expression": "/${name}/${id}"}, "'/ada/7'"),
        ("x", "ProviderState", {"expression": "${id}", "dataType": "DECIMAL"}, r"7\.0"),
    ],
)
def test_a_value_is_made(old: Any, kind: str, parameters: dict[str, Any], form: str) -> None:
    assert re.fullmatch(form, repr(made(old, kind, **parameters)))


def test_a_value_that_no_state_hands_out_is_named() -> None:
    with pytest.raises(VerificationError, match="the value 'other' of a provider state") as caught:
        made("x", "ProviderState", expression="${other}")
    assert "'id', 'name', 'on'" in str(caught.value)


def test_a_value_that_is_of_another_type_is_named() -> None:
    with pytest.raises(VerificationError, match="is no INTEGER"):
        made("x", "ProviderState", expression="${name}", dataType="INTEGER")
