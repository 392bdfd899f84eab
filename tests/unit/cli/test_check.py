"""`taskcontract check`: is the declared version enough?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.support.project import PUSHER

if TYPE_CHECKING:
    from tests.support.project import Project

REMOVED = PUSHER.replace("key: str, content: str)", "key: str)")
ADDED = PUSHER.replace("meta: dict[str, str])", "meta: dict[str, str], public: bool = False)")


def with_version(source: str, version: str) -> str:
    return source.replace('Service("pusher"', f'Service("pusher", version="{version}"')


@pytest.fixture
def published(project: Project) -> Project:
    assert project.run("snapshot", "bindings.pusher", "--publish").returncode == 0
    return project


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        (PUSHER, 0, "Nothing changed"),
        (ADDED, 1, "service 'pusher' stays at 2.0.0"),
        (with_version(ADDED, "2.0.1"), 1, "service 'pusher' goes from 2.0.0 to 2.0.1"),
        (with_version(ADDED, "2.1.0").replace('"2.0.0"', '"2.1.0"'), 0, "minor"),
        (with_version(REMOVED, "2.9.0"), 1, "needs a major bump"),
        (with_version(REMOVED, "3.0.0"), 1, "task 'send_to_s3' stays at 1.0.0"),
    ],
)
def test_the_version_must_say_what_changed(published: Project, source: str, code: int, said: str) -> None:
    published.write("bindings/pusher.py", source)
    done = published.run("check", "bindings.pusher")
    assert (done.returncode, done.stderr) == (code, "")
    assert said in done.stdout


def test_the_modules_are_those_of_the_configuration(published: Project) -> None:
    published.write("pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.pusher']\n")
    assert published.run("check").returncode == 0
    published.write("bindings/pusher.py", REMOVED)
    report = json.loads(published.run("check", "--format", "json").stdout)
    assert [gap["task"] for gap in report["version_gaps"]] == ["", "send_to_s3"]


def test_another_published_version_may_be_the_measure(published: Project) -> None:
    published.write("bindings/pusher.py", with_version(ADDED, "2.5.0").replace('"2.0.0"', '"2.5.0"'))
    assert published.run("snapshot", "bindings.pusher", "--publish").returncode == 0
    assert published.run("check", "bindings.pusher").stdout.startswith("pusher 2.5.0 -> 2.5.0\n")
    done = published.run("check", "bindings.pusher", "--against", "2.0.0")
    assert done.stdout.startswith("pusher 2.0.0 -> 2.5.0\n")
    assert done.returncode == 0


def test_what_cannot_be_compared_is_said(project: Project) -> None:
    nothing = project.run("check")
    assert nothing.returncode == 2
    assert "no bindings are named" in nothing.stderr
    unpublished = project.run("check", "bindings.pusher")
    assert unpublished.returncode == 2
    assert "no spec of pusher is published" in unpublished.stderr


def test_the_reports_on_several_services_are_one_document(published: Project) -> None:
    published.write("bindings/other.py", PUSHER.replace("pusher", "other"))
    assert published.run("snapshot", "bindings.other", "--publish").returncode == 0

    def check(form: str) -> str:
        return published.run("check", "bindings.pusher", "bindings.other", "--format", form).stdout

    assert check("text").count("Nothing changed") == 2
    assert len(json.loads(check("sarif"))["runs"]) == 2
    assert [each.get("name") for each in ElementTree.fromstring(check("junit"))] == [
        "pusher 2.0.0 -> 2.0.0",
        "other 2.0.0 -> 2.0.0",
    ]
    assert [each["new"]["name"] for each in json.loads(check("json"))["reports"]] == ["pusher", "other"]


@pytest.mark.parametrize(
    ("options", "mark"),
    [((), "taskcontract: warning: "), (("--format", "github"), "::warning title=sunset::")],
)
def test_a_near_sunset_is_warned_of(project: Project, options: tuple[str, ...], mark: str) -> None:
    past = PUSHER.replace('version="1.0.0"', 'version="1.0.0", sunset="2020-01-31"')
    project.write("bindings/pusher.py", past)
    assert project.run("snapshot", "bindings.pusher", "--publish").returncode == 0
    done = project.run("check", "bindings.pusher", *options)
    assert done.returncode == 0
    assert f"{mark}send_to_s3@1.0.0 had its sunset on 2020-01-31" in done.stderr
