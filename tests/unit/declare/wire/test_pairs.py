"""Types changed into others: what the diff says against what the codecs of both sides do."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.declare.examples import with_examples
from taskcontract.diff import find_changes
from taskcontract.model.checks import CHECKS
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from tests.support.thorough import partners
from tests.unit.declare.wire.catalogue import CATALOGUE
from tests.unit.declare.wire.pool import CODECS, POOL, takes

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding


@cache
def read_schema(name: str) -> Json:
    return with_examples(CODECS[name].schema("read"), CODECS[name])


@cache
def taken(name: str) -> tuple[bool, ...]:
    return tuple(takes(CODECS[name], value) for value in POOL)


@cache
def written(name: str) -> tuple[bool, ...]:
    return tuple(took and is_written(name, value) for value, took in zip(POOL, taken(name), strict=True))


@cache
def has_checks(*names: str) -> bool:
    return any(CHECKS in json.dumps(read_schema(name)) for name in names)


def spec_of(parameter: Json) -> ServiceSpec:
    task = TaskSpec("pay", "1.0.0", "shop.pay", (ParameterSpec("value", schema=parameter),))
    return ServiceSpec("shop", "1.0.0", (task,))


@cache
def result_spec_of(name: str) -> ServiceSpec:
    written, read = (with_examples(CODECS[name].schema(mode), CODECS[name]) for mode in ("write", "read"))
    task = TaskSpec("pay", "1.0.0", "shop.pay", result=written, result_read=read)
    return ServiceSpec("shop", "1.0.0", (task,))


def is_written(name: str, value: Any) -> bool:
    """Whether a typed caller may send this very value; a plain one may add keys that no type declares."""
    codec = CODECS[name]
    return json.dumps(codec.encode(codec.decode(value)), sort_keys=True) == json.dumps(value, sort_keys=True)


def gravest(findings: list[Finding]) -> str:
    severities = {finding.severity for finding in findings}
    return next((severity for severity in ("breaking", "dangerous", "safe") if severity in severities), "")


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("old", CATALOGUE)
def test_a_parameter_of_another_type(old: str) -> None:
    wrong: list[str] = []
    for new in partners(old, CATALOGUE):
        findings = list(find_changes(spec_of(read_schema(old)), spec_of(read_schema(new))))
        both = zip(POOL, taken(old), taken(new), written(old), strict=True)
        lost = [(value, sent) for value, before, now, sent in both if before and not now]
        said = gravest(findings)
        typed = [value for value, sent in lost if sent]
        if typed and said != "breaking" and not (said == "dangerous" and has_checks(old, new)):
            wrong.append(f"{new}: {said or 'nothing'}, but {typed[0]!r} is refused")
        if lost and said not in ("breaking", "dangerous"):
            wrong.append(f"{new}: {said or 'nothing'}, but {lost[0][0]!r} is refused")
        for finding in findings:
            if finding.severity == "breaking":
                assert finding.witness is not None, (new, finding)
                (value,) = (*finding.witness.args, *(finding.witness.kwargs or {}).values())
                if not takes(CODECS[old], value) or takes(CODECS[new], value):
                    wrong.append(f"{new}: the witness {value!r} is none")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("new", CATALOGUE)
def test_a_result_of_another_type(new: str) -> None:
    wrong: list[str] = []
    written = [CODECS[new].encode(CODECS[new].check(value)) for value in CATALOGUE[new][1]]
    for old in partners(new, CATALOGUE):
        findings = list(find_changes(result_spec_of(old), result_spec_of(new)))
        refused = [value for value in written if not takes(CODECS[old], value)]
        said = gravest(findings)
        for finding in findings:
            if finding.severity == "breaking":
                assert finding.witness is not None, (old, finding)
                if takes(CODECS[old], finding.witness.value):
                    wrong.append(f"from {old}: readers take the witness {finding.witness.value!r}")
        if refused and said != "breaking" and not (said == "dangerous" and has_checks(old, new)):
            wrong.append(f"from {old}: {said or 'nothing'}, but {refused[0]!r} is refused")
    assert wrong == []


def test_the_catalogue_is_large_enough_and_each_type_is_one_of_its_own() -> None:
    assert len(CATALOGUE) >= 100
    texts = sorted(json.dumps(read_schema(name), sort_keys=True) for name in CATALOGUE)
    same = [one for one, other in pairwise(texts) if one == other]
    assert len(same) <= 14  # aliases of one another, such as Sequence and list
