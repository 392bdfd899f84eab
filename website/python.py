"""The page of the Python API: the names that are promised, each described by its docstring."""

from __future__ import annotations

from importlib import import_module

MODULES = {
    "taskcontract": "What bindings, workers and contract tests import",
    "taskcontract.errors": "Errors",
    "taskcontract.pytest_plugin": "The type of the fixture `contract`",
    "taskcontract.testing": "For unit tests",
    "taskcontract.canvas": "Whether the links of a canvas fit",
    "taskcontract.verification": "Verifying without pytest",
    "taskcontract.pact": "Contract files",
    "taskcontract.diff": "Comparing two task APIs",
    "taskcontract.safety_net": "The safety net of a worker without bindings",
    "taskcontract.embedded": "The embedded broker",
}

APART = frozenset({"taskcontract.testing.pytest_celery"})
"""Modules that need what is not installed beside all else; the page *Verification* says what is in them."""

INTERNAL = {
    "taskcontract.Carried": "ask codec decode fill find find_served refuse_missing spec spell_place",
    "taskcontract.Provider": "check count_call examples_of find_refusal paths refuse_to_start",
    "taskcontract.Result": "UNREAD before_reading read_meta",
    "taskcontract.Task": "binder decode_result examples send_options",
    "taskcontract.diff.Policy": "is_over style_of weigh",
    "taskcontract.testing.Answers": "is_for is_said key reply_to",
    "taskcontract.verification.Verifier": "describe explain pid plan replay settle wait",
}
"""What our own modules use of a promised class: no part of the promise."""

GIVEN = (
    "taskcontract.Result",
    "taskcontract.Task",
    "taskcontract.diff.Finding",
    "taskcontract.canvas.CanvasReport",
    "taskcontract.canvas.Link",
    "taskcontract.pytest_plugin.ContractFixture",
    "taskcontract.testing.Answers",
    "taskcontract.testing.FakeCall",
    "taskcontract.testing.FakeService",
    "taskcontract.testing.GivenTask",
    "taskcontract.verification.Outcome",
    "taskcontract.verification.Verification",
)
"""Classes whose objects users are given: how they are made is no part of the promise."""

INTRODUCTION = """\
# Python

What is on this page is promised: the name, where it is imported from, its signature, and what its description
says. It changes with a major version alone (before 1.0 with a minor one), and
[upgrading](../upgrading.md) says so.

A name that is not here is private, and may move or go without a word: other modules of `taskcontract`, other
names and members of these, names with an underscore in front. What a promised function takes or returns may
be used as described; import its class only where it is here. `Task`, `Result`, `Finding`, `ContractFixture`,
`FakeService`, `Answers`, `FakeCall`, `Outcome` and `Verification` are given to you: how they are made is not
promised.

Each of these modules lists in `__all__` what is promised of it. `taskcontract.__version__` is the installed
version. `import taskcontract` loads none of it: each name is loaded when it is first used.
"""


def write_python() -> str:
    """The page, with a section for each module and a part for each of its names."""
    parts = [INTRODUCTION]
    for module, title in MODULES.items():
        parts.append(f"## {title}\n")
        parts += [_write_part(f"{module}.{name}") for name in import_module(module).__all__]
    return "\n".join(parts)


def _write_part(path: str) -> str:
    options = ["heading_level: 3"]
    if path in INTERNAL:
        hidden = "|".join(INTERNAL[path].split())
        options.append(f'filters: ["!^_", "!^({hidden})$"]')
    if path in GIVEN:
        options.append("merge_init_into_class: false")
    return f"::: {path}\n    options:\n" + "".join(f"      {option}\n" for option in options)
