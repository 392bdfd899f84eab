"""Where the packaging files of a project say that its modules are imported from; they are read, never run."""

from __future__ import annotations

import ast
import configparser
import posixpath
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.errors import SpecError
from taskcontract.extract.static.lost import FAILURES
from taskcontract.extract.static.prefilter import is_packaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskcontract.extract.source_tree import SourceTree

__all__ = ["Layout", "find_layouts"]

LARGEST = 1_000_000
"""Bytes of a packaging file that is read."""


class Layout(NamedTuple):
    """The modules below `folder` are named from the folder `root`, with the package `prefix` before it."""

    folder: str
    root: str
    prefix: str = ""


def find_layouts(tree: SourceTree) -> dict[str, Layout]:
    """Return each folder that a packaging file of `tree` speaks of -> how the modules in it are named.

    What is installed already, as a wheel's files are, is named from where its metadata lie.
    """
    found: dict[str, Layout] = {}
    for path in sorted(tree.files(), key=lambda path: (path.count("/"), path)):
        base, _, file = path.rpartition("/")
        if file == "METADATA" and base.endswith(".dist-info"):
            base = posixpath.dirname(base)
            said: list[Layout] = [Layout(base, base)]
        elif file in READERS and is_packaged(path):
            said = _read(tree, path, file, base)
        else:
            continue
        for layout in said:
            found.setdefault(layout.folder, layout)
    return found


def _read(tree: SourceTree, path: str, file: str, base: str) -> list[Layout]:
    """Return what one file says; nothing where it cannot be read, which its own tools complain of."""
    try:
        text = tree.read(path)
        if len(text) > LARGEST:
            return []
        said = READERS[file](text.decode("utf-8-sig"))
        return [layout for each in said if (layout := _place(base, each)) is not None]
    except (SpecError, UnicodeDecodeError, tomllib.TOMLDecodeError, configparser.Error, *FAILURES):
        return []


def _place(base: str, layout: Layout) -> Layout | None:
    """Return a layout whose folders count from the root of the tree; None where one leads out of it."""
    folder, root = (
        posixpath.normpath(posixpath.join(base, each.replace("\\", "/")))
        for each in (layout.folder, layout.root)
    )
    if any(each.startswith(("..", "/")) for each in (folder, root)):
        return None
    return Layout("" if folder == "." else folder, "" if root == "." else root, layout.prefix)


def _read_pyproject(text: str) -> Iterator[Layout]:
    document = tomllib.loads(text)
    tool = _table(document, "tool")
    setuptools = _table(tool, "setuptools")
    if "project" in document and not {"packages", "package-dir", "py-modules"} & setuptools.keys():
        backend = _table(_table(document, "build-system"), "build-backend", str)
        if not backend or backend.startswith("setuptools"):
            yield Layout("src", "src")  # where it looks by itself, also for packages without `__init__.py`
    packages = setuptools.get("packages")
    where = _table(_table(packages, "find"), "where", list)
    yield from _of_setuptools(_table(setuptools, "package-dir"), packages, where)
    for package in _table(_table(tool, "poetry"), "packages", list):
        yield from _of_poetry(package)
    hatch = _table(_table(tool, "hatch"), "build")
    yield from _of_hatch(_table(_table(hatch, "targets"), "wheel"), hatch)
    others = (
        _table(_table(tool, "pdm"), "build").get("package-dir"),
        _table(_table(tool, "uv"), "build-backend").get("module-root"),
        _table(tool, "maturin").get("python-source"),
    )
    yield from (Layout(folder, folder) for folder in others if isinstance(folder, str) and folder)


def _of_setuptools(folders: Mapping[str, Any], packages: object, where: list[Any]) -> Iterator[Layout]:
    """Yield what `package_dir`, the packages that are named and those that are looked for say."""
    named = {name: folder for name, folder in folders.items() if isinstance(folder, str)}
    for name, folder in named.items():
        yield Layout(folder, folder, name)
    yield from (Layout(folder, folder) for folder in where if isinstance(folder, str))
    for package in packages if isinstance(packages, list) else ():
        if isinstance(package, str) and package not in named:
            yield _of_package(package, named)


def _of_package(package: str, named: Mapping[str, str]) -> Layout:
    """Return where setuptools looks for a package: in the folder of the nearest one above that has one."""
    above, rest = package, ""
    while above and above not in named:
        above, _, last = above.rpartition(".")
        rest = f"{last}/{rest}" if rest else last
    root = named.get(above, ".")
    return Layout(posixpath.join(root, rest), root, above)


def _of_poetry(package: object) -> Iterator[Layout]:
    include = _table(package, "include", str)
    if not include:
        return
    root = _table(package, "from", str) or "."
    parts = include.split("/")
    stops = [place for place, part in enumerate(parts) if "*" in part or part.endswith(".py")]
    inner = "/".join(parts[: stops[0]] if stops else parts)
    to = _table(package, "to", str).strip("/").replace("/", ".")
    yield Layout(posixpath.join(root, inner), root, to)


def _of_hatch(wheel: Mapping[str, Any], build: Mapping[str, Any]) -> Iterator[Layout]:
    """Yield what `sources` takes off or puts before paths; `packages` keep the last part of theirs.

    Of two sources of one path hatch takes the first in the order of their names, which is the outer one.
    """
    said = wheel if "sources" in wheel else build
    given = said.get("sources")
    sources: dict[str, str] = {}
    rows = (
        given.items() if isinstance(given, dict) else ((each, "") for each in _table(said, "sources", list))
    )
    for source, to in rows:
        if isinstance(source, str) and isinstance(to, str) and (source or to):
            sources[_as_folder(source)] = to.strip("/").replace("/", ".")
    packages = _table(wheel if "packages" in wheel else build, "packages", list)
    for package in (each.strip("/") for each in packages if isinstance(each, str)):
        above = posixpath.dirname(package)
        if above and _as_folder(package) not in sources:
            sources[_as_folder(above)] = ""
        elif package and not above:
            yield Layout(package, ".")
    outer: list[str] = []
    for source, prefix in sorted(sources.items()):
        if not source.startswith(tuple(outer)):
            outer.append(source)
            yield Layout(source, source, prefix)


def _as_removed(said: Mapping[str, Any]) -> dict[Any, str]:
    return {source: "" for source in _table(said, "sources", list) if isinstance(source, str)}


def _as_folder(path: str) -> str:
    return f"{posixpath.normpath(path)}/" if path else ""


def _read_setup_cfg(text: str) -> Iterator[Layout]:
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    options = parser["options"] if parser.has_section("options") else {}
    rows = [row.partition("=") for row in _list(options.get("package_dir", ""))]
    folders = {name.strip(): folder.strip() for name, sign, folder in rows if sign}
    where = parser.get("options.packages.find", "where", fallback="")
    packages = _list(options.get("packages", ""))
    yield from _of_setuptools(folders, packages if all(map(_is_dotted, packages)) else (), _list(where))


def _list(text: str) -> list[str]:
    rows = text.splitlines() if "\n" in text else text.split(",")
    return [row.strip() for row in rows if row.strip()]


def _is_dotted(name: str) -> bool:
    return all(map(str.isidentifier, name.split(".")))


def _read_setup_py(text: str) -> Iterator[Layout]:
    """Yield what the call of `setup` says in literals, or in a name that the file gives a literal."""
    tree = ast.parse(text)
    literals = {
        target.id: statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name_of(node.func) == "setup":
            given = {each.arg: each.value for each in node.keywords if each.arg}
            packages = given.get("packages")
            found = packages if isinstance(packages, ast.Call) else None
            wheres = [] if found is None or not _name_of(found.func).startswith("find_") else [
                *found.args[:1], *(each.value for each in found.keywords if each.arg == "where")
            ]  # fmt: skip
            folders = _literal(given.get("package_dir"), literals)
            yield from _of_setuptools(
                folders if isinstance(folders, dict) else {},
                _literal(packages, literals),
                [_literal(each, literals) for each in wheres],
            )


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _literal(node: ast.expr | None, literals: Mapping[str, ast.expr]) -> object:
    if isinstance(node, ast.Name):
        node = literals.get(node.id)
    try:
        return None if node is None else ast.literal_eval(node)
    except (*FAILURES, TypeError):
        return None


def _table(of: object, key: str, kind: type[Any] = dict) -> Any:
    """Return the item `key` of a table; an empty `kind` where there is none of that kind."""
    found = of.get(key) if isinstance(of, dict) else None
    return found if isinstance(found, kind) else kind()


READERS = {"pyproject.toml": _read_pyproject, "setup.cfg": _read_setup_cfg, "setup.py": _read_setup_py}
