"""Writing the contract file: a Contract as a Pact V4 file, laid out as `taskcontract.model.pact` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.canonical import dump_canonical
from taskcontract.model.contract import ANYTHING
from taskcontract.model.pact import INTERACTION_TYPE, PACT_VERSION

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Contract, Interaction, ProviderState

__all__ = ["dump_contract"]

CONTENT_TYPE = "application/json"


def dump_contract(contract: Contract) -> str:
    """Return `contract` as canonical JSON: the same contract gives the same bytes."""
    interactions = sorted(contract.interactions, key=lambda interaction: interaction.description)
    return dump_canonical(
        {
            "consumer": {"name": contract.consumer},
            "provider": {"name": contract.provider},
            "interactions": [_interaction_json(interaction) for interaction in interactions],
            "metadata": {"pactSpecification": {"version": PACT_VERSION}},
        }
    )


def _interaction_json(interaction: Interaction) -> Json:
    metadata: dict[str, Json] = {
        "contentType": CONTENT_TYPE,
        "task": interaction.wire_name,
        "version": interaction.version,
        "serializer": interaction.serializer,
    }
    if interaction.queue is not None:
        metadata["queue"] = interaction.queue
    if interaction.timeout is not None:
        metadata["timeout"] = interaction.timeout
    if interaction.headers:
        metadata["headers"] = interaction.headers
    arguments = {"args": list(interaction.args), "kwargs": interaction.kwargs}
    data: dict[str, Json] = {
        "type": INTERACTION_TYPE,
        "description": interaction.description,
        "pending": interaction.pending,
        "request": {"contents": _contents(arguments), "metadata": metadata},
        "response": [] if interaction.rules == (ANYTHING,) else [_response_json(interaction)],
    }
    if interaction.states:
        data["providerStates"] = [_state_json(state) for state in interaction.states]
    comments: dict[str, Json] = {}
    if interaction.test:
        comments["testname"] = interaction.test
    if interaction.secrets:
        comments["secrets"] = list(interaction.secrets)
    return {**data, "comments": comments} if comments else data


def _response_json(interaction: Interaction) -> Json:
    metadata: dict[str, Json] = {"contentType": CONTENT_TYPE}
    if interaction.error is not None:
        metadata["error"] = interaction.error
    response: dict[str, Json] = {"contents": _contents(interaction.result), "metadata": metadata}
    paths: dict[str, Json] = {}
    for rule in interaction.rules:
        entry = paths.setdefault(rule.path, {"combine": rule.combine, "matchers": []})
        entry["matchers"].append({**rule.parameters, "match": rule.match})
    if paths:
        response["matchingRules"] = {"body": paths}
    return response


def _contents(content: Json) -> Json:
    return {"content": content, "contentType": CONTENT_TYPE, "encoded": False}


def _state_json(state: ProviderState) -> Json:
    return {"name": state.name, "params": state.params} if state.params else {"name": state.name}
