"""What commands print with --format json, held to the schemas that the project promises."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator


def read_document(command: str, text: str) -> dict[str, Any]:
    """The document that `command` printed; an error where its schema does not allow it."""
    schema = json.loads((files("taskcontract.reporting") / "schemas" / f"{command}.json").read_text("utf-8"))
    document: dict[str, Any] = json.loads(text)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    assert next(iter(document)) == f"taskcontract_{command}"
    return document
