"""What the tests of the commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.project import PUSHER, Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with the bindings of pusher, whose send_to_s3 has two versions."""
    project = Project(tmp_path)
    project.write("bindings/__init__.py", "")
    project.write("bindings/pusher.py", PUSHER)
    return project
