"""A reference leads to what a validator finds there, in the model as in the diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from pydantic import BaseModel

from taskcontract import Service
from taskcontract.diff import find_changes
from taskcontract.diff.schemas.document import Document
from taskcontract.model.pointers import NOWHERE, follow_reference, read_reference, spell_reference
from taskcontract.model.spec_file import dump_spec, load_spec

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.model.service import ServiceSpec

NULL = {"type": "null"}
NAMES = (
    "plain",
    "a b",
    "a/b",
    "a~b",
    "~1",
    "~01",
    "%",
    "%25",
    "Größe",
    "項目",
    "a#b",
    "a?b",
    '"',
    "0",
    "01",
    "",
)
ROOT = {"$defs": dict.fromkeys(NAMES, NULL), "prefixItems": [True, NULL]}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_spelled_so_that_a_validator_finds_it(name: str) -> None:
    reference = spell_reference("$defs", name)
    assert reference.isascii()
    assert read_reference(reference) == ["$defs", name]
    assert follow_reference(ROOT, reference) is NULL
    found = Document(ROOT, "", 2020).resolve(reference, Document(ROOT, "", 2020).root)
    assert found is not None
    assert found.schema is NULL
    validator = jsonschema_rs.Draft202012Validator({**ROOT, "items": {"$ref": reference}})
    assert validator.is_valid([1, None, None])
    assert not validator.is_valid([1, None, "x"])


@pytest.mark.parametrize(
    "reference",
    [
        "#/prefixItems/01",
        "#/prefixItems/2",
        "#/prefixItems/+1",
        "#/prefixItems/\u0660",
        "#/prefixItems/-",
        "#/x",
    ],
)
def test_what_is_not_there_is_not_found(reference: str) -> None:
    assert follow_reference(ROOT, reference) is NOWHERE
    document = Document(ROOT, "", 2020)
    assert document.resolve(reference, document.root) is None


def test_the_whole_document_and_an_item() -> None:
    assert follow_reference(ROOT, "#") is ROOT
    assert follow_reference(ROOT, "#/prefixItems/1") is NULL


class Größe(BaseModel):
    """A model whose name has letters beyond ASCII, and that refers to itself."""

    breite: int
    teile: list[Größe] = []


class Longer(BaseModel):
    """The same with a field more."""

    __qualname__ = "Größe"
    breite: int
    höhe: int
    teile: list[Longer] = []


def test_a_type_may_be_named_in_any_script(tmp_path: Path) -> None:
    specs: list[ServiceSpec] = []
    for version, model in (("1.0.0", Größe), ("1.1.0", Longer)):
        service = Service("lager", queue="lager")

        def messen(stück: Größe) -> None: ...

        messen.__annotations__["stück"] = model
        service.task(version=version)(messen)
        file = tmp_path / f"{version}.json"
        file.write_text(dump_spec(service.spec()))
        specs.append(load_spec(file))
        assert specs[-1] == service.spec()
    found = {finding.rule for finding in find_changes(*specs)}
    assert "payload-field-added-required" in found
