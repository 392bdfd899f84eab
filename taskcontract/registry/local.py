"""Published specs in folders of the project: `contracts/<service>/<version>.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.errors import DeclarationError, SpecError
from taskcontract.model.files import create_file
from taskcontract.model.spec_file import dump_spec, load_spec
from taskcontract.model.version import newest_matching, release_of

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.model.service import ServiceSpec

__all__ = ["LocalRegistry"]

PUBLISH = "Publish one with `taskcontract snapshot MODULE --publish`."


class LocalRegistry:
    """The specs published in `folders`: read from all of them, published into the first."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders

    def services(self) -> tuple[str, ...]:
        """Return the names of the services that have a published spec, sorted."""
        found = {path for folder in self.folders if folder.is_dir() for path in folder.iterdir()}
        return tuple(sorted({path.name for path in found if path.is_dir() and self.versions(path.name)}))

    def versions(self, service: str) -> tuple[str, ...]:
        """Return the published versions of `service`, oldest first; none if it is unknown."""
        paths = [path for folder in self.folders for path in (folder / service).glob("*.json")]
        return tuple(sorted({path.stem for path in paths if _is_version(path.stem)}, key=release_of))

    def path(self, service: str, version: str) -> Path:
        """Return the file of a published spec, or the one that it would be published into."""
        paths = [folder / service / f"{version}.json" for folder in self.folders]
        return next((path for path in paths if path.is_file()), paths[0])

    def load(self, service: str, version: str) -> ServiceSpec:
        """Return a published spec; raise a SpecError where the file is not what its name says."""
        path = self.path(service, version)
        spec = load_spec(path)
        if (spec.name, spec.version) != (service, version):
            raise SpecError(
                f"this file holds {spec.name} {spec.version}, not {service} {version}",
                where=str(path),
                do="Move it to the place that its name and version say.",
            )
        return spec

    def find(self, wanted: str, service: str | None = None) -> ServiceSpec:
        """Return the newest published spec that `wanted` admits: `v1`, `1.2.0`, `>=1,<3`.

        Without `service` it is that of the only service there is; a SpecError lists what there is
        where none or several could be meant.
        """
        service = service or self._only_service(wanted)
        versions = self.versions(service) if service in self.services() else ()
        if not versions:
            listed = ", ".join(self.services()) or "nothing"
            raise SpecError(
                f"no spec of {service} is published", where=self._places(), do=f"There is {listed}. {PUBLISH}"
            )
        version = newest_matching(wanted, versions)
        if version is None:
            listed = ", ".join(versions)
            raise SpecError(
                f"no version {wanted} of {service} is published",
                where=self._places(),
                do=f"There is {listed}. {PUBLISH}",
            )
        return self.load(service, version)

    def publish(self, spec: ServiceSpec) -> tuple[Path, bool]:
        """Return the file that holds `spec` from now on, and whether it is new.

        A SpecError where that version is published with other content: it never changes.
        """
        if not spec.version:
            raise SpecError(
                f"{spec.name} has no version to be published under",
                do="Write it to a file instead, or give its tasks bindings.",
            )
        path = self.path(spec.name, spec.version)
        if create_file(path, dump_spec(spec)):
            return path, True
        if dump_spec(load_spec(path)) != dump_spec(spec):
            raise SpecError(
                f"{spec.name} {spec.version} is published with other content, and a published version "
                "never changes",
                where=str(path),
                do="Publish this API under a higher version; `taskcontract check` says which one it needs.",
            )
        return path, False

    def _only_service(self, wanted: str) -> str:
        services = self.services()
        if len(services) == 1:
            return services[0]
        if services:
            choices = ", ".join(f"{service}@{wanted.removeprefix('v')}" for service in services)
            raise SpecError(
                f"{wanted} could be of several services", where=self._places(), do=f"Say which: {choices}."
            )
        raise SpecError("no spec is published here", where=self._places(), do=PUBLISH)

    def _places(self) -> str:
        return ", ".join(str(folder) for folder in self.folders)


def _is_version(text: str) -> bool:
    try:
        release_of(text)
    except DeclarationError:
        return False
    return True
