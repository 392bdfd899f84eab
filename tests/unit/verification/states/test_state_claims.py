"""Which interactions may run beside each other, by what their states touch."""

from __future__ import annotations

import pytest

from taskcontract.model.contract import Interaction, ProviderState
from taskcontract.verification.states.state_claims import Claims, claim_of
from taskcontract.verification.states.worker_capabilities import StateCapability, WorkerCapabilities

CAPABILITIES = WorkerCapabilities(
    tasks=(),
    states=(
        StateCapability("unknown"),
        StateCapability("free", touches=()),
        StateCapability("bucket", touches=("bucket:{name}", "{region}"), defaults={"region": "north"}),
    ),
)


@pytest.mark.parametrize(
    ("states", "claim"),
    [
        ((), frozenset()),
        ((ProviderState("free"),), frozenset()),
        ((ProviderState("bucket", {"name": 1}),), {"bucket:1", "north"}),
        ((ProviderState("bucket", {"name": "a", "region": "x"}), ProviderState("free")), {"bucket:a", "x"}),
        ((ProviderState("bucket"),), None),
        ((ProviderState("free"), ProviderState("unknown")), None),
        ((ProviderState("missing"),), None),
    ],
)
def test_claim(states: tuple[ProviderState, ...], claim: frozenset[str] | None) -> None:
    assert claim_of(Interaction("d", "t", "1.0.0", states=states), CAPABILITIES) == claim


def test_who_may_run_beside_whom() -> None:
    a, ab, b, nothing, everything = frozenset("a"), frozenset("ab"), frozenset("b"), frozenset[str](), None
    claims = Claims()
    assert all(map(claims.admits, (a, ab, nothing, everything)))
    claims.add(a)
    assert [claims.admits(each) for each in (a, ab, b, nothing, everything)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    claims.add(nothing)
    claims.remove(a)
    assert [claims.admits(each) for each in (a, everything)] == [True, False], "what claims nothing counts"
    claims.remove(nothing)
    claims.add(everything)
    assert not any(map(claims.admits, (a, nothing, everything)))
    claims.remove(everything)
    assert claims.admits(everything)
