"""Which of our modules name which, read from their source, and the circles among them.

Every `import` counts: at a module's top, inside a function, and for the type checker alone.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

Graph = dict[str, set[str]]


def import_graph(root: Path) -> Graph:
    """Return for each module below the package folder `root` the modules of the package that it imports.

    A module is named by its dotted path from the package on (`taskcontract.model.version`). An import of
    a package's attribute counts as an import of the package's `__init__`, one of a submodule as that module.
    """
    files = {_module(root, file): file for file in sorted(root.rglob("*.py"))}
    graph: Graph = {}
    for module, file in files.items():
        named = {_known(name, files) for name in _imported(module, file)}
        graph[module] = {name for name in named if name not in (None, module)}
    return graph


def circles(graph: Graph) -> list[list[str]]:
    """Return the strongly connected components of two modules or more, each sorted by name (Tarjan)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    found: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = low[module] = len(number)
        stack.append(module)
        waiting.add(module)
        for other in sorted(graph[module]):
            if other not in number:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in waiting:
                low[module] = min(low[module], number[other])
        if low[module] == number[module]:
            at = stack.index(module)
            circle = stack[at:]
            del stack[at:]
            waiting.difference_update(circle)
            if len(circle) > 1:
                found.append(sorted(circle))

    for module in sorted(graph):
        if module not in number:
            visit(module)
    return sorted(found)


def _module(root: Path, file: Path) -> str:
    parts = file.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(module: str, file: Path) -> Iterator[str]:
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parts, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _known(name: str, files: dict[str, Path]) -> str | None:
    """Return the module that `name` is or stands in: an attribute's module where it is no module itself."""
    return name if name in files else parent if (parent := name.rpartition(".")[0]) in files else None
