"""`taskcontract generate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.project import PUSHER

if TYPE_CHECKING:
    from tests.support.project import Project


def test_delegates_are_written_beside_the_module_and_checked(project: Project) -> None:
    assert project.run("generate", "bindings.pusher", "--check").returncode == 1
    assert project.run("generate", "bindings.pusher").returncode == 0
    file = project.root / "bindings" / "delegates.py"
    text = file.read_text(encoding="utf-8")
    assert "def delegate_send_to_s3(" in text
    assert project.run("generate", "bindings/pusher.py", "--check").returncode == 0

    project.write("bindings/pusher.py", PUSHER.replace("content: str", "content: bytes"))
    stale = project.run("generate", "bindings.pusher", "--check")
    assert stale.returncode == 1
    assert "bindings/delegates.py is stale" in stale.stderr
    assert "`taskcontract generate bindings.pusher`" in stale.stderr
    assert file.read_text(encoding="utf-8") == text


def test_a_package_may_import_delegates_that_are_not_written_yet(project: Project) -> None:
    project.write("bindings/__init__.py", "from bindings.delegates import delegate_send_to_s3\n")
    assert project.run("snapshot", "bindings.pusher").returncode == 2
    assert project.run("generate", "bindings.pusher").returncode == 0
    assert project.run("snapshot", "bindings.pusher").returncode == 0


def test_a_package_of_several_services_has_a_file_for_each(project: Project) -> None:
    project.write("bindings/mailer.py", PUSHER.replace('"pusher"', '"mail-er"').replace("pusher", "mailer"))
    project.write(
        "bindings/__init__.py", "from bindings.mailer import mailer\nfrom bindings.pusher import pusher\n"
    )
    assert project.run("generate", "bindings").returncode == 0
    assert "import mailer" in (project.root / "bindings/mail_er_delegates.py").read_text(encoding="utf-8")
    assert "import pusher" in (project.root / "bindings/pusher_delegates.py").read_text(encoding="utf-8")
    assert project.run("generate", "bindings", "--check").returncode == 0


def test_a_file_of_other_hands_is_never_overwritten(project: Project) -> None:
    file = project.write("bindings/delegates.py", "mine = 1\n")
    done = project.run("generate", "bindings.pusher")
    assert done.returncode == 2
    assert "bindings/delegates.py: this file was not written by" in done.stderr
    assert file.read_text(encoding="utf-8") == "mine = 1\n"
    assert project.run("generate", "bindings.pusher", "-o", "elsewhere.py").returncode == 0


def test_a_parameter_named_version_is_refused(project: Project) -> None:
    project.write("bindings/pusher.py", PUSHER.replace("meta:", "version:"))
    done = project.run("generate", "bindings.pusher")
    assert done.returncode == 2
    assert "send_to_s3@2.0.0 has a parameter named 'version'" in done.stderr


def test_the_configured_bindings_are_meant_where_none_are_named(project: Project) -> None:
    project.write("bindings/other/__init__.py", "")
    project.write("bindings/other/mailer.py", PUSHER.replace("pusher", "mailer"))
    project.write(
        "pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.pusher', 'bindings.other.mailer']\n"
    )
    assert project.run("generate", "--check").returncode == 1
    assert project.run("generate").returncode == 0
    assert (project.root / "bindings/delegates.py").is_file()
    assert (project.root / "bindings/other/delegates.py").is_file()
    assert project.run("generate", "--check").returncode == 0
    assert "name one: bindings.pusher, bindings.other.mailer" in project.run("generate", "-o", "x.py").stderr
