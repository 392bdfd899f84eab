"""Default names are those of the modules that are installed, or imported: builds and Celery say which."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.extract.static.project import read_project
from tests.support.source_trees import Texts

if TYPE_CHECKING:
    from pathlib import Path

TASK = "from celery import shared_task\n@shared_task\ndef send(x): ...\n"
PROJECT = '[project]\nname = "proj"\nversion = "1"\n'
SETUPTOOLS = f'[build-system]\nrequires = []\nbuild-backend = "setuptools.build_meta"\n{PROJECT}'
HATCH = f'[build-system]\nrequires = []\nbuild-backend = "hatchling.build"\n{PROJECT}'
POETRY = (
    '[build-system]\nrequires = []\nbuild-backend = "poetry.core.masonry.api"\n'
    '[tool.poetry]\nname = "proj"\nversion = "1"\ndescription = ""\nauthors = []\n'
)
LIB = {"lib/space/deep/work.py": TASK, "lib/top/__init__.py": "", "lib/top/work.py": TASK}

BUILT: dict[str, dict[str, str]] = {
    "setuptools: package-dir": {
        "pyproject.toml": SETUPTOOLS
        + '[tool.setuptools]\npackages = ["top", "space.deep"]\npackage-dir = {"" = "lib"}\n',
        **LIB,
    },
    "setuptools: a folder for a package": {
        "pyproject.toml": SETUPTOOLS
        + '[tool.setuptools]\npackages = ["other", "other.inner"]\npackage-dir = {other = "lib/top"}\n',
        **LIB,
        "lib/top/inner/__init__.py": "",
        "lib/top/inner/work.py": TASK,
    },
    "setuptools: packages.find": {
        "pyproject.toml": SETUPTOOLS + '[tool.setuptools.packages.find]\nwhere = ["lib"]\n',
        **LIB,
    },
    "setuptools: found by itself": {
        "pyproject.toml": SETUPTOOLS,
        "src/space/deep/__init__.py": "",
        "src/space/deep/work.py": TASK,
    },
    "setup.cfg": {
        "setup.cfg": "[metadata]\nname = proj\nversion = 1\n[options]\npackages = find_namespace:\n"
        "package_dir =\n    = lib\n[options.packages.find]\nwhere = lib\n",
        **LIB,
    },
    "setup.py": {
        "setup.py": "from setuptools import find_namespace_packages, setup\nWHERE = {'': 'lib'}\n"
        "setup(name='proj', version='1', package_dir=WHERE, packages=find_namespace_packages('lib'))\n",
        **LIB,
    },
    "setup.py: a folder for a package": {
        "setup.py": "import setuptools\n"
        "setuptools.setup(name='proj', version='1', packages=['a.b'], package_dir={'a': 'lib/space',"
        " 'a.b': 'lib/top'})\n",
        "lib/top/__init__.py": "",
        "lib/top/work.py": TASK,
    },
    "poetry": {
        "pyproject.toml": POETRY
        + 'packages = [{include = "top", from = "lib"}, {include = "space/**/*.py", from = "lib"},'
        ' {include = "flat"}, {include = "moved", from = "lib", to = "target/inner"}]\n',
        **LIB,
        "flat/deep/work.py": TASK,
        "lib/moved/work.py": TASK,
    },
    "hatch: packages": {
        "pyproject.toml": HATCH
        + '[tool.hatch.build.targets.wheel]\npackages = ["lib/top", "lib/space/deep", "flat"]\n',
        **LIB,
        "flat/deep/work.py": TASK,
    },
    "hatch: sources": {
        "pyproject.toml": HATCH
        + '[tool.hatch.build.targets.wheel]\nonly-include = ["lib"]\nsources = ["lib"]\n',
        **LIB,
    },
    "hatch: sources with other names": {
        "pyproject.toml": HATCH
        + '[tool.hatch.build]\nonly-include = ["lib"]\n[tool.hatch.build.sources]\n"lib/top" = "a/b"\n'
        '"lib/space" = "c"\n',
        **LIB,
    },
}

IMPORTED: dict[str, dict[str, str]] = {
    "a package without __init__ in a list": {
        "main.py": "from celery import Celery\napp = Celery('proj', include=['jobs.nightly.clean'])\n",
        "jobs/nightly/clean.py": TASK,
    },
    "a package without __init__ in imports": {
        "main.py": "from celery import Celery\napp = Celery('proj')\napp.conf.imports = ('jobs.clean',)\n",
        "jobs/clean.py": TASK,
    },
    "packages to discover": {
        "main.py": "from celery import Celery\napp = Celery('proj')\napp.autodiscover_tasks(['jobs'])\n",
        "jobs/tasks.py": TASK,
    },
}


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Each project -> what Celery registers of what was built, or of what lies there."""
    folders: dict[str, Path] = {}
    builds: list[str] = []
    for name, files in {**BUILT, **IMPORTED}.items():
        folder = tmp_path_factory.mktemp("project")
        Texts(files).write(folder)
        folders[name] = tmp_path_factory.mktemp("installed") if name in BUILT else folder
        if name in BUILT:
            builds.append(f"{folder}={folders[name]}")
    build = [sys.executable, "-m", "tests.support.built_wheels", *builds]
    subprocess.run(build, stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    command = [sys.executable, "-m", "tests.support.celery_tasks", *map(str, folders.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    said = json.loads(done.stdout)
    return {name: said[str(folder)] for name, folder in folders.items()}


@pytest.mark.process
@pytest.mark.parametrize("name", [*BUILT, *IMPORTED])
def test_default_names_are_those_of_what_is_imported(name: str, registered: dict[str, Any]) -> None:
    files = BUILT.get(name) or IMPORTED[name]
    installed = registered[name]
    assert installed, "Celery cannot import it"
    read = {task.name for task in read_project(Texts(files)).spec.tasks}
    # What is not installed keeps a name as well: no build says which.
    assert installed.keys() <= read
    assert len(read) == sum(path.endswith("work.py") for path in files) or name in IMPORTED


MAINS = {
    "named": "app = Celery('shop')\n",
    "named by a keyword": "app = Celery(main='shop.jobs', set_as_current=True)\n",
    "without a name": "app = Celery()\n",
    "of a subclass": "class Ours(Celery): ...\napp = Ours('ours')\n",
}


@pytest.mark.process
@pytest.mark.parametrize("app", MAINS.values(), ids=MAINS)
def test_the_tasks_of_a_module_that_python_runs_are_named_by_their_app(app: str, tmp_path: Path) -> None:
    text = (
        f"from celery import Celery\n{app}@app.task\ndef send(x): ...\n@app.task(name='own')\ndef b(): ...\n"
        "class Kept(app.Task):\n    def run(self): ...\napp.register_task(Kept())\n"
    )
    ending = "if __name__ == '__main__':\n    print(*(name for name in app.tasks if name[:7] != 'celery.'))\n"
    files = {"proj/__init__.py": "", "proj/__main__.py": text + ending}
    Texts(files).write(tmp_path)
    run = [sys.executable, "-m", "proj"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    found = read_project(Texts(files))
    assert {task.name for task in found.spec.tasks} == set(done.stdout.split())
    assert not found.unresolved


def test_a_shared_task_of_a_module_that_python_runs_is_listed() -> None:
    found = read_project(Texts({"proj/__init__.py": "", "proj/__main__.py": TASK}))
    assert not found.spec.tasks
    (listed,) = found.unresolved
    assert (listed.place.line, listed.what) == (
        3,
        "the task send of proj.__main__ is named by its app, which is not known",
    )


@pytest.mark.parametrize(
    ("file", "text"),
    {
        "pyproject.toml": b"[tool.setuptools\n",
        "setup.cfg": b"package_dir = lib\n",
        "setup.py": b"setup(package_dir={'': 'lib'}\n",
        "src/pyproject.toml": b"\xff\xfe",
        "a/setup.cfg": b"[options]\npackage_dir = = ../..\n",
        "b/setup.py": b"raise SystemExit\nsetup(package_dir={'': '/lib'}, packages=[1, None])\n",
        "c/setup.py": b"setup(package_dir={[]: 'lib'}, packages=find_packages(where=compute()))\n",
        "d/pyproject.toml": b"[tool.setuptools]\npackage-dir = 3\npackages = {find = {where = 'lib'}}\n"
        b"[tool.poetry]\npackages = [3, {include = 3}]\n[tool.hatch.build]\nsources = [3]\npackages = 3\n",
    }.items(),
)
def test_a_packaging_file_that_says_nothing_changes_no_name(file: str, text: bytes) -> None:
    files: dict[str, str | bytes] = {"lib/top/__init__.py": "", "lib/top/work.py": TASK, file: text}
    assert [task.name for task in read_project(Texts(files)).spec.tasks] == ["top.work.send"]


def test_what_a_wheel_holds_is_named_from_its_root() -> None:
    files = {"space/deep/work.py": TASK, "proj-1.dist-info/METADATA": "Name: proj\n"}
    assert [task.name for task in read_project(Texts(files)).spec.tasks] == ["space.deep.work.send"]


def test_a_package_that_others_import_with_its_folder_keeps_it() -> None:
    files = {
        "pyproject.toml": SETUPTOOLS + '[tool.setuptools]\npackage-dir = {"" = "code"}\npackages = ["top"]\n',
        "code/__init__.py": "",
        "code/top/__init__.py": "",
        "code/top/work.py": "from code.top import x\n" + TASK,
    }
    assert [task.name for task in read_project(Texts(files)).spec.tasks] == ["code.top.work.send"]
