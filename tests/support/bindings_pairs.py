"""Bindings modules in a line: `[queue="slow"] send(key: str) -> str`, one task for each `;`."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taskcontract import Service
    from taskcontract.model.service import ServiceSpec

TASK = re.compile(r"(?:\[(?P<options>.*)\] )?(?P<name>\w+)(?P<signature>\(.*\) -> .+)")
SERVICE = re.compile(r"Service\((?P<options>.*)\)")
MODULE = "bindings_in_a_line"

HEAD = """\
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, NotRequired
from annotated_types import Ge, Le, MaxLen, MinLen
from taskcontract import Secret, Service
from typing_extensions import TypedDict
from uuid import UUID

class BusyError(Exception): pass
class GoneError(Exception): pass

@dataclass
class Url:
    url: str

@dataclass
class Sized:
    url: str
    size: int

class Note(TypedDict):
    text: str
    tag: NotRequired[str]

class Tagged(TypedDict):
    text: str
    tag: str

class Plain(TypedDict):
    text: str
"""


def source_of(text: str) -> str:
    """The module that `text` stands for; the service is `shop`, its queue `shop`."""
    service, lines = 'queue="shop"', []
    for line in filter(None, map(str.strip, text.split(";"))):
        named = SERVICE.fullmatch(line)
        if named:
            service = named["options"]
            continue
        task = TASK.fullmatch(line)
        assert task, line
        options = task["options"] or ""
        version = "" if "version=" in options else 'version="1.0.0", '
        lines.append(f"@shop.task({version}{options})\ndef {task['name']}{task['signature']}: ...\n")
    return f'{HEAD}\nshop = Service("shop", {service})\n\n' + "\n".join(lines)


def spec_of(text: str) -> ServiceSpec:
    """The spec of the service in that module."""
    return service_of(text).spec()


def service_of(text: str) -> Service:
    """The service in that module, which is executed; its types are resolved."""
    module: Any = ModuleType(MODULE)
    sys.modules[MODULE] = module  # type hints are looked up there
    try:
        exec(compile(source_of(text), f"{MODULE}.py", "exec"), vars(module))
        service: Service = module.shop
        service.spec()
    finally:
        del sys.modules[MODULE]
    return service
