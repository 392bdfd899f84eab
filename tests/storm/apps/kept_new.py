"""The new release with taskcontract: version 2 is written, version 1 adapted."""

from __future__ import annotations

from typing import Any

from taskcontract import Call, Provider
from tests.storm.apps import bindings_new as bindings
from tests.storm.apps.bindings_new import Scaled
from tests.storm.apps.settings import make_app
from tests.storm.apps.work import note_run

app = make_app("kept")
provider = Provider(app, bindings.storm)


@provider.implements(bindings.scale_v2)
def scale(number: int, call: str, factor: int) -> Scaled:
    note_run()
    return Scaled(number * factor, factor)


@provider.implements(bindings.stubborn_v2, bind=True)
def stubborn(self: Any, number: int, call: str, tries: int, factor: int) -> Scaled:
    note_run()
    if self.request.retries < tries:
        raise self.retry(countdown=0.3)
    return Scaled(number * factor, factor)


@provider.implements(bindings.total_v2)
def total(parts: list[Scaled], call: str) -> Scaled:
    note_run()
    return Scaled(sum(part.value for part in parts), parts[0].factor)


@provider.upcasts(bindings.scale)
def twice(number: int, call: str) -> Call[Scaled]:
    """Callers of version 1 know no factor: it was always 2."""
    return bindings.scale_v2.call(number, call, 2)


@provider.upcasts(bindings.stubborn)
def stubborn_twice(number: int, call: str, tries: int) -> Call[Scaled]:
    """Callers of version 1 know no factor: it was always 2."""
    return bindings.stubborn_v2.call(number, call, tries, 2)


@provider.upcasts(bindings.total)
def unscaled(numbers: list[int], call: str) -> Call[Scaled]:
    """Callers of version 1 add up plain numbers."""
    return bindings.total_v2.call([Scaled(number, 1) for number in numbers], call)


@provider.downcasts(bindings.scale)
@provider.downcasts(bindings.stubborn)
@provider.downcasts(bindings.total)
def the_value(scaled: Scaled) -> int:
    """Version 1 returned the value alone."""
    return scaled.value
