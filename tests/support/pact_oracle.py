"""Pact's own reader, writer and matcher (its Rust core), as an oracle for ours."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from taskcontract.model.contract import MatchRule


def load_pact_core() -> Any:
    """The module `pact_ffi`; without it the test skips on a laptop and fails in CI."""
    try:
        import pact_ffi
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("pact-python is not installed: Pact's own core cannot be asked")
    return pact_ffi


def rewrite_with_pact(text: str, folder: Path) -> str:
    """The contract `text` as Pact reads it and writes it again, merged with one interaction of its own."""
    core = load_pact_core()
    data = json.loads(text)
    consumer, provider = data["consumer"]["name"], data["provider"]["name"]
    file = folder / f"{consumer}-{provider}.json"
    file.write_text(text, encoding="utf-8")
    pact = core.new_pact(consumer, provider)
    core.with_specification(pact, core.PactSpecification.V4)
    core.new_sync_message_interaction(pact, MERGED)
    core.pact_handle_write_file(pact, str(folder), overwrite=False)
    merged = json.loads(file.read_text(encoding="utf-8"))
    merged["interactions"] = [each for each in merged["interactions"] if each["description"] != MERGED]
    return json.dumps(merged)


MERGED = "an interaction that Pact adds, so that it has something to write"


def pact_accepts(expected: Any, rules: Sequence[MatchRule], actual: Any) -> bool:
    """Whether Pact's matcher takes `actual` for `expected` with `rules`."""
    core = load_pact_core()
    pact = core.new_pact("consumer", "provider")
    core.with_specification(pact, core.PactSpecification.V4)
    interaction = core.new_sync_message_interaction(pact, "a call")
    part = core.InteractionPart.RESPONSE
    core.with_body(interaction, part, "application/json", json.dumps(expected))
    paths: dict[str, Any] = {}
    for rule in rules:
        entry = paths.setdefault(rule.path, {"combine": rule.combine, "matchers": []})
        entry["matchers"].append({"match": rule.match, **rule.parameters})
    if paths:
        core.with_matching_rules(interaction, part, json.dumps({"body": paths}))
    return not core.sync_message_match_response_contents(
        interaction, 0, "application/json", json.dumps(actual)
    )
