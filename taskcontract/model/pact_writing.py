"""Writing the contract file: a Contract as a Pact V4 file, laid out as `taskcontract.model.pact` says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from taskcontract.model.canonical import dump_canonical
from taskcontract.model.contract import ANYTHING
from taskcontract.model.pact_interactions import INTERACTION_TYPE, ONE_WAY_TYPE, PACT_VERSION
from taskcontract.model.pact_rules import OWN, own_json, rules_json

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
    data: dict[str, Json] = {"description": interaction.description, "pending": interaction.pending}
    if interaction.one_way:
        data |= {"type": ONE_WAY_TYPE, **_request_json(interaction)}
    else:
        data |= {
            "type": INTERACTION_TYPE,
            "request": _request_json(interaction),
            "response": [_response_json(interaction)] if _looks_at_outcome(interaction) else [],
        }
    if interaction.states:
        data["providerStates"] = [_state_json(state) for state in interaction.states]
    comments: dict[str, Json] = {}
    if interaction.test:
        comments["testname"] = interaction.test
    if interaction.secrets:
        comments["secrets"] = list(interaction.secrets)
    own = own_json(interaction.rules, strict=interaction.strict)
    if own:
        comments[OWN] = own
    return {**data, "comments": comments} if comments else data


def _looks_at_outcome(interaction: Interaction) -> bool:
    return interaction.rules != (ANYTHING,) or interaction.error is not None


def _request_json(interaction: Interaction) -> dict[str, Json]:
    metadata: dict[str, Json] = {
        "contentType": CONTENT_TYPE,
        "task": interaction.wire_name,
        "serializer": interaction.serializer,
    }
    if interaction.version:
        metadata["version"] = interaction.version
    if interaction.queue is not None:
        metadata["queue"] = interaction.queue
    if interaction.timeout is not None:
        metadata["timeout"] = interaction.timeout
    if interaction.headers:
        metadata["headers"] = interaction.headers
    arguments = {"args": list(interaction.args), "kwargs": interaction.kwargs}
    request: dict[str, Json] = {"contents": _contents(arguments), "metadata": metadata}
    if interaction.call_rules:
        request["matchingRules"] = rules_json(interaction.call_rules)
    if interaction.generators:
        request["generators"] = {
            "body": {each.path: {**each.parameters, "type": each.kind} for each in interaction.generators}
        }
    return request


def _response_json(interaction: Interaction) -> Json:
    metadata: dict[str, Json] = {"contentType": CONTENT_TYPE}
    if interaction.error is not None:
        metadata["error"] = interaction.error
    response: dict[str, Json] = {"metadata": metadata}
    if interaction.rules != (ANYTHING,):
        response["contents"] = _contents(interaction.result)
    rules = rules_json(interaction.rules)
    if rules:
        response["matchingRules"] = rules
    return response


def _contents(content: Json) -> Json:
    if content is None or content == "":  # to Pact's verifier these would be no body at all
        return {"content": json.dumps(content), "contentType": CONTENT_TYPE, "encoded": "JSON"}
    return {"content": content, "contentType": CONTENT_TYPE, "encoded": False}


def _state_json(state: ProviderState) -> Json:
    return {"name": state.name, "params": state.params} if state.params else {"name": state.name}
