"""`pusher-bindings`, installed where nothing else is, calls a live pusher."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from typing import TYPE_CHECKING

import pytest

from bindings import pusher
from demo.s3 import connect, make_environment, serve_s3
from demo.worker import ROOT, run_worker
from tests.support.worker_options import QUICK

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.live, pytest.mark.slow]

CONSUMER = """
import importlib.util
import json
import sys
from bindings import Stored, delegate_send_to_s3, send_to_s3

url = send_to_s3.delay("items/1.json", "one").get(timeout=20)
stored = delegate_send_to_s3("items/2.json", "two", {"tenant": "acme"}, version="2").get(timeout=20)
assert isinstance(stored, Stored)
never = ("pusher", "boto3", "pytest", "jsonschema_rs")
absent = [name for name in never if importlib.util.find_spec(name) is None]
json.dump({"url": url, "stored": [stored.url, stored.size], "absent": absent}, sys.stdout)
"""


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheels of taskcontract and of pusher-bindings, built from copies: the checkout stays clean."""
    folder = tmp_path_factory.mktemp("wheels")
    nothing_made = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    shutil.copytree(ROOT / "taskcontract", folder / "whole/taskcontract", ignore=nothing_made)
    shutil.copytree(ROOT / "bindings", folder / "bindings", ignore=nothing_made)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder / "whole" / name)
    for source in ("whole", "bindings"):
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, folder / source)
    return sorted(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def empty_python(wheels: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the two wheels and what they need, and no more."""
    folder = tmp_path_factory.mktemp("consumer") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin/python", "install", "--quiet")
    run(*pip, "-c", ROOT / "constraints.txt", *wheels)
    return folder / "bin/python"


def test_an_installed_consumer_calls_a_live_pusher(empty_python: Path, tmp_path: Path) -> None:
    broker = f"embedded://{tmp_path}/broker"
    addresses = {"CELERY_BROKER_URL": broker, "CELERY_RESULT_BACKEND": broker}
    with serve_s3() as url:
        environment = make_environment(url)
        connect(url).create_bucket(Bucket=environment["PUSHER_BUCKET"])
        with run_worker(broker, environment, tmp_path / "worker.log", options=QUICK):
            consumer = subprocess.run(
                [empty_python, "-I", "-c", CONSUMER],
                cwd=tmp_path,
                env={**os.environ, **addresses},
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )

    assert consumer.returncode == 0, consumer.stderr
    assert json.loads(consumer.stdout) == {
        "url": "s3://pusher/items/1.json",
        "stored": ["s3://pusher/items/2.json", 3],
        "absent": ["pusher", "boto3", "pytest", "jsonschema_rs"],
    }


def test_the_wheels_have_all_that_is_in_the_folders_and_are_typed(wheels: list[Path]) -> None:
    names = {name for wheel in wheels for name in zipfile.ZipFile(wheel).namelist()}
    kept = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "taskcontract").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    assert kept <= names
    assert {"taskcontract/py.typed", "bindings/py.typed"} <= names
    assert [name for name in names if name.startswith(("tests/", "demo/", "website/", "pusher/"))] == []


def test_the_wheel_has_the_version_of_the_api() -> None:
    project = tomllib.loads((ROOT / "bindings/pyproject.toml").read_text())["project"]

    assert project["version"] == pusher.version
