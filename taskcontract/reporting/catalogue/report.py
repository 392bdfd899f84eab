"""Where each service and version stands in the pages, as the JSON document of `taskcontract catalogue`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.catalogue.content import name_version, place_environment, place_service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.canonical import Json
    from taskcontract.reporting.catalogue.content import Catalogue

__all__ = ["write_catalogue"]


def write_catalogue(catalogue: Catalogue, folder: str, pages: Iterable[str]) -> dict[str, Json]:
    """Return the document: the folder, its pages, and the addresses in it."""
    return {
        "folder": folder,
        "pages": list(pages),
        "services": [
            {
                "service": service.name,
                "page": place_service(service.name),
                "versions": [
                    {
                        "version": each.version,
                        "address": f"{place_service(service.name)}#{name_version(each.version)}",
                    }
                    for each in service.versions
                ],
            }
            for service in catalogue.services
        ],
        "environments": [
            {"environment": each.name, "page": place_environment(each.name)}
            for each in catalogue.environments
        ],
    }
