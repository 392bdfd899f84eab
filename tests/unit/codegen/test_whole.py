"""Whole skeletons: they type check, their tests ask and nothing else, and pass once all is decided."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.support.celery_worker import ROOT
from tests.support.project import Project
from tests.support.type_checked import check_types
from tests.unit.codegen.conftest import BINDINGS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

PROVIDER = """\
from celery import Celery
from bindings_of_{name} import service
from taskcontract import Provider

app = Celery("{name}", include=["adapters_of_{name}"], set_as_current=False)
provider = Provider(app, service)
"""

VERSIONS = """
{types}

@service.task(version="1.0.0"{old_errors})
def f({old}) -> {was}: ...

{between}
@service.task(version="2.0.0", supersedes=f{new_errors})
def f_v2({new}) -> {now}: ...
"""

STORED = "@dataclass\nclass New:\n    url: str\n\n\n"

BY_ALIAS = "ConfigDict(serialize_by_alias=True{})"
"""Results are sent by the names that pydantic reads: it writes by others unless it is told."""

MODEL = f"{STORED}class Old(BaseModel):\n    model_config = {BY_ALIAS}\n    "

DATACLASS = f"{STORED}@pydantic_dataclass(config={BY_ALIAS})\nclass Old:\n    "


@dataclass
class Case:
    """Two versions; `asks` is the first question of their skeleton, `answers` go by variable or `return`."""

    types: str = ""
    between: str = ""
    old: str = ""
    new: str = ""
    was: str = "Old"
    now: str = "New"
    old_errors: str = ""
    new_errors: str = ""
    asks: str = ""
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def bindings(self) -> str:
        return BINDINGS + VERSIONS.format(**vars(self))


CASES = {
    "keys": Case(
        'Old = TypedDict("Old", {"content-type": str, "class": str, "a-b": int, "a_b": int, '
        '"provider": str})\n'
        'New = TypedDict("New", {"content-type": str})',
        asks="say what 'class' (str) is",
        answers={"old_class": '""', "a_b": "0", "old_a_b": "1", "old_provider": '""'},
    ),
    "alias": Case(MODEL.format("") + 'url: str = Field(alias="theUrl")'),
    "dashed": Case(
        MODEL.format("") + 'url: str = Field(alias="the-url")\n    etag: int',
        asks="say what 'etag' (int) is",
        answers={"etag": "0"},
    ),
    "validation_alias": Case(
        MODEL.format("") + 'url: str = Field(validation_alias="theUrl", serialization_alias="theUrl")'
    ),
    "annotated": Case(MODEL.format("") + 'url: Annotated[str, Field(alias="theUrl")]'),
    "by_name": Case(MODEL.format(", populate_by_name=True") + 'url: str = Field(alias="theUrl")'),
    "generated": Case(
        MODEL.format(", alias_generator=to_camel") + "url: str\n    the_tag: str",
        asks="say what 'the_tag' (str) is",
        answers={"the_tag": '""'},
    ),
    "dataclass": Case(DATACLASS.format("") + 'url: str = Field(alias="theUrl")'),
    "dashed_dataclass": Case(DATACLASS.format("") + 'url: str = Field(alias="the-url")'),
    "fields": Case(
        f"{STORED}@dataclass\nclass Old:\n    url: str\n    date: date\n    provider: str\n"
        "    f_v2: list[str]\n    result: int\n    id: int | None",
        asks="'date' (date)",
        answers={
            "old_date": "date.min",
            "old_provider": '""',
            "old_f_v2": "[]",
            "old_result": "0",
            "old_id": "None",
        },
    ),
    "hidden": Case(
        old="f_v2: str, date: date, list: str, Call: int, provider: int, f: int",
        new="f_v2: str, date: date, list: str, Call: int, provider: int, f: str, "
        "until: date, tags: list[str]",
        was="str",
        now="str",
        asks="'f' was int and is str",
        answers={"new_f": '""', "until": "date", "tags": '["a"]'},
    ),
    "variables": Case(
        new="provider: str, f_v2: str, date: date, str: int",
        was="int",
        now="int",
        asks="no 'provider'",
        answers={"new_provider": '"a"', "new_f_v2": '"a"', "new_date": "date.min", "new_str": "1"},
    ),
    "variadic": Case(
        old="*more: int, **extra: int",
        new="*more: str, **extra: str",
        was="int",
        now="int",
        asks="'more' was int and is str",
        answers={"new_more": "tuple(map(str, more))", "new_extra": "{}"},
    ),
    "skipped": Case(
        between='\n@service.task(version="1.5.0", supersedes=f)\ndef f_v1_5() -> float: ...\n\n',
        was="None",
        now="str",
    ),
    "errors": Case(
        "class One(Exception): ...\n\n\nclass Two(Exception):\n"
        "    def __init__(self, code: int, msg: str) -> None:\n        super().__init__(code, msg)",
        was="int",
        now="int",
        old_errors=", errors=(Two,)",
        new_errors=", errors=(One,)",
        asks="callers of 1.0.0 get Two(code, msg): say with what arguments",
        answers={"return": "Two(0, str(error))"},
    ),
}


@pytest.mark.slow
def test_skeletons_type_check_and_ask_until_all_is_decided(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name, case in CASES.items():
        project.write(f"bindings_of_{name}.py", case.bindings)
        project.write(f"provider_of_{name}.py", PROVIDER.format(name=name))
    commands = [scaffold(name) for name in CASES]
    done = project.run_python(
        f"from taskcontract.cli.main import main\nfor each in {commands!r}:\n    assert main(each) == 0"
    )
    assert done.returncode == 0, done.stderr
    assert type_check(project) == "Success"

    outcomes = run_tests(project)
    assert outcomes.keys() == CASES.keys()
    for name, case in CASES.items():
        assert ("NotImplementedError" in outcomes[name]) == bool(case.asks), outcomes[name]
        assert case.asks in outcomes[name]

    for name, case in CASES.items():
        file = tmp_path / f"adapters_of_{name}.py"
        file.write_text(decide(file.read_text(encoding="utf-8"), case.answers), encoding="utf-8")
    assert type_check(project) == "Success"
    assert run_tests(project) == dict.fromkeys(CASES, "")


def scaffold(name: str) -> list[str]:
    return [
        *("scaffold", "adapter", "f@1.0.0", "f@2.0.0"),
        *("--bindings", f"bindings_of_{name}", "--provider", f"provider_of_{name}:provider"),
        *("-o", f"adapters_of_{name}.py", "--test", f"test_{name}.py"),
    ]


def decide(text: str, answers: dict[str, str]) -> str:
    """The skeleton with each question replaced by its answer."""
    for variable, answer in answers.items():
        declared = "" if variable == "return" else f"    {variable}: .*\n"
        decided = f"return {answer}" if variable == "return" else f"{variable} = {answer}"
        asked = rf"({declared})    raise NotImplementedError\((.*|\n(?:     .*\n)+    )\)\n"
        text, found = re.subn(asked, rf"\1    {decided}\n", text)
        assert found == 1, (variable, text)
    return text


def type_check(project: Project) -> str:
    """The first word that mypy says where it finds nothing; all that it says where it does."""
    files = [str(file) for stem in ("adapters", "test") for file in project.root.glob(f"{stem}_*.py")]
    said = check_types(project.root, *files)
    return "Success" if said.startswith("Success") else said


def run_tests(project: Project) -> dict[str, str]:
    """What went wrong in the test of each case; empty where it passed."""
    run(project, "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=done.xml", PYTHONPATH=f".:{ROOT}")
    cases = ElementTree.parse(project.root / "done.xml").iter("testcase")
    return {
        case.get("classname", "").removeprefix("test_"): "".join(case.itertext()).strip() for case in cases
    }


def run(project: Project, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )
