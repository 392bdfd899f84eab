"""Published specs: found by version, never changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import SpecError
from taskcontract.model.service import ServiceSpec, TaskSpec
from taskcontract.model.spec_file import dump_spec
from taskcontract.registry.local import LocalRegistry

if TYPE_CHECKING:
    from pathlib import Path

PUSHER = ServiceSpec("pusher", "1.0.0", (TaskSpec("send", "1.0.0", "pusher.send"),))
MAILER = ServiceSpec("mailer", "1.0.0")


@pytest.fixture
def registry(tmp_path: Path) -> LocalRegistry:
    return LocalRegistry(tmp_path / "contracts", tmp_path / "more")


def test_an_empty_registry_says_how_to_fill_it(registry: LocalRegistry) -> None:
    assert registry.services() == ()
    assert registry.versions("pusher") == ()
    with pytest.raises(SpecError, match="snapshot MODULE --publish"):
        registry.find("v1")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("v1", "1.10.0"),
        ("1", "1.10.0"),
        ("1.2", "1.2.1"),
        ("1.2.0", "1.2.0"),
        ("v2", "2.0.0"),
        (">=1,<2", "1.10.0"),
    ],
)
def test_the_newest_that_is_meant_is_found(registry: LocalRegistry, wanted: str, found: str) -> None:
    for version in ("1.2.0", "1.2.1", "1.10.0", "2.0.0"):
        registry.publish(replace(PUSHER, version=version))
    assert registry.find(wanted).version == found
    assert registry.find(wanted, "pusher").version == found


def test_other_files_are_no_specs(registry: LocalRegistry) -> None:
    path, _ = registry.publish(PUSHER)
    path.with_name("notes.json").write_text("[]", encoding="utf-8")
    path.with_name("1.0.json").write_text("[]", encoding="utf-8")
    (path.parent.parent / "service-a--pusher.json").write_text("{}", encoding="utf-8")
    assert registry.services() == ("pusher",)
    assert registry.versions("pusher") == ("1.0.0",)


def test_several_services_are_listed_where_one_is_meant(registry: LocalRegistry) -> None:
    registry.publish(PUSHER)
    registry.publish(MAILER)
    with pytest.raises(SpecError, match="mailer@1, pusher@1"):
        registry.find("v1")
    assert registry.find("v1", "mailer") == MAILER


@pytest.mark.parametrize("service", ["nobody", "../contracts/pusher", ""])
def test_what_is_not_published_is_listed(registry: LocalRegistry, service: str) -> None:
    registry.publish(PUSHER)
    with pytest.raises(SpecError, match="no version 7 of pusher is published"):
        registry.find("7", "pusher")
    if service:
        with pytest.raises(SpecError, match=r"no spec of"):
            registry.find("1", service)


def test_a_published_version_stays_as_it_is(registry: LocalRegistry) -> None:
    path, is_new = registry.publish(PUSHER)
    assert is_new
    assert registry.publish(PUSHER) == (path, False)
    with pytest.raises(SpecError, match="never changes"):
        registry.publish(replace(PUSHER, tasks=()))
    assert registry.load("pusher", "1.0.0") == PUSHER


def test_every_folder_is_read_and_the_first_is_written(registry: LocalRegistry, tmp_path: Path) -> None:
    LocalRegistry(tmp_path / "more").publish(PUSHER)
    assert registry.load("pusher", "1.0.0") == PUSHER
    assert registry.publish(PUSHER) == (tmp_path / "more" / "pusher" / "1.0.0.json", False)
    path, _ = registry.publish(replace(PUSHER, version="1.1.0"))
    assert path == tmp_path / "contracts" / "pusher" / "1.1.0.json"


def test_a_file_in_the_wrong_place_is_refused(registry: LocalRegistry) -> None:
    path, _ = registry.publish(PUSHER)
    path.write_text(dump_spec(MAILER), encoding="utf-8")
    with pytest.raises(SpecError, match=r"1\.0\.0\.json: this file holds mailer 1\.0\.0"):
        registry.find("v1")
