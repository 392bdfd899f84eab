"""What the tests of skeletons share."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Protocol

import pytest

from taskcontract.codegen.adapters import write_adapters
from taskcontract.codegen.imports import Origin

if TYPE_CHECKING:
    from pathlib import Path

BINDINGS = """\
from dataclasses import InitVar, dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic.dataclasses import dataclass as pydantic_dataclass
from taskcontract import Service
from typing_extensions import TypedDict

service = Service("service")
"""


class Write(Protocol):
    """Writes the adapters between two variables of a module: the imports above, and what is `declared`."""

    def __call__(
        self, declared: str, old: str = "f", new: str = "f_v2", provider: str = "provider"
    ) -> str: ...


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes skeletons of adapters."""

    def write(declared: str, old: str = "f", new: str = "f_v2", provider: str = "provider") -> str:
        file = tmp_path / "declared_here.py"
        file.write_text(BINDINGS + declared, encoding="utf-8")
        spec = spec_from_file_location("declared_here", file)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "declared_here", module)
        spec.loader.exec_module(module)
        text = write_adapters(getattr(module, old), getattr(module, new), Origin("app", provider))
        compile(text, "adapters.py", "exec")
        return text

    return write
