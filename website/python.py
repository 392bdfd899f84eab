"""The page of the Python API: the names that are promised, each described by its docstring."""

from __future__ import annotations

from importlib import import_module

MODULES = {
    "taskcontract": "What bindings, workers and contract tests import",
    "taskcontract.errors": "Errors",
    "taskcontract.testing": "For a provider's own tests",
    "taskcontract.embedded": "The embedded broker",
    "taskcontract.safety_net": "The safety net of a worker without bindings",
    "taskcontract.diff": "Comparing two task APIs",
}

INTRODUCTION = """\
# Python

What users import. A name that is not here may move without a word. `import taskcontract` loads none of it:
each name is loaded when it is first used.
"""


def write_python() -> str:
    """The page, with a section for each module and a part for each of its names."""
    parts = [INTRODUCTION]
    for module, title in MODULES.items():
        parts.append(f"## {title}\n")
        parts += [
            f"::: {module}.{name}\n    options:\n      heading_level: 3\n" for name in _names_of(module)
        ]
    return "\n".join(parts)


def _names_of(module: str) -> list[str]:
    """The names in `__all__`; of a module without, its own classes in their order."""
    loaded = import_module(module)
    listed = getattr(loaded, "__all__", None)
    return listed or [
        name for name, value in vars(loaded).items() if isinstance(value, type) and value.__module__ == module
    ]
