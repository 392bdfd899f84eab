"""What a result store keeps of a call where the app says `result_extended`: without secret values.

Celery writes the arguments of a call beside its result for people to look at; nothing reads them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.celery_compat.result_stores import change_result_stores
from taskcontract.declare.serving import find_providers
from taskcontract.safety_net.quarantine.hiding import hide_in_call
from taskcontract.safety_net.quarantine.secret_parameters import SecretsOfServices

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["hide_when_stored"]

ATTRIBUTE = "taskcontract_hides_when_stored"


def hide_when_stored(app: Celery) -> None:
    """Make the result stores of `app`, of which each thread may get its own, keep calls so."""
    celery_app: Any = app
    if getattr(celery_app, ATTRIBUTE, False):
        return
    setattr(celery_app, ATTRIBUTE, True)
    change_result_stores(app, lambda store: _hide(store, celery_app))


def _hide(backend: Any, app: Any) -> None:
    store = backend.store_result

    def store_result(*args: Any, **options: Any) -> Any:
        request = options.get("request")
        if request is not None and app.conf.find_value_for_key("extended", "result"):
            options["request"] = _without_secrets(request, app)
        return store(*args, **options)

    backend.store_result = store_result


def _without_secrets(request: Any, app: Celery) -> Any:
    known = SecretsOfServices(provider.service for provider in find_providers(app))
    args, kwargs = getattr(request, "args", None), getattr(request, "kwargs", None)
    # The later links of a chain that failed are signatures, not calls yet.
    shifts = not getattr(request, "immutable", True)
    shown = hide_in_call(str(getattr(request, "task", "")), args, kwargs, known, shifts=shifts)
    return request if shown is None else _Shown(request, *shown)


class _Shown:
    """A request as others see it: all of it, with other arguments."""

    def __init__(self, request: Any, args: Any, kwargs: Any) -> None:
        self._request = request
        self.args = args
        self.kwargs = kwargs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)
