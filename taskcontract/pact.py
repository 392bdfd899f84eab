"""Contract files: what one consumer expects of one provider, as data and as a Pact V4 file."""

from __future__ import annotations

from taskcontract.model.contract import Contract, Generator, Interaction, MatchRule, ProviderState
from taskcontract.model.pact import load_contract, parse_contract
from taskcontract.model.pact_writing import dump_contract

__all__ = [
    "Contract",
    "Generator",
    "Interaction",
    "MatchRule",
    "ProviderState",
    "dump_contract",
    "load_contract",
    "parse_contract",
]
