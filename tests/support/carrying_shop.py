# mypy: disable-error-code="empty-body"
"""A service whose calls carry something in each place; its tasks return what they are given of it.

Both the worker and its callers import this. A base class takes the hidden keyword off, as projects' do.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, Task

from taskcontract import Call, Carried, Provider, Service
from taskcontract.safety_net import install_safety_net

__all__ = [
    "CARRIED",
    "account",
    "app",
    "collect",
    "headed",
    "look",
    "look_v2",
    "pass_on",
    "schema",
    "shop",
    "tenant",
    "trace",
    "where",
]

ROOM = os.environ.get("ROOM", "nowhere")
CARRIED = {"tenant": "acme", "schema": "acme_db", "account": 7, "base": 7, "trace": None}

tenant = Carried("tenant", str)
schema = Carried("schema", str, header="_schema_name")
account = Carried("account", int, keyword="_account")
trace = Carried("trace", str, header="X-Trace", required=False)


class AccountTask(Task):
    """Knows whose call it runs."""

    account: int | None = None

    def __call__(self, *args: Any, _account: int, **kwargs: Any) -> Any:
        self.account = _account
        try:
            return super().__call__(*args, **kwargs)
        finally:
            self.account = None


app = Celery("shop", set_as_current=False)
app.conf.task_default_queue = ROOM
shop = Service("shop", carries=(tenant, schema, account, trace))
provider = Provider(app, shop)
install_safety_net(app, quarantine=f"{ROOM}.quarantine")


@shop.task(version="1.0.0")
def look(how: str) -> dict[str, Any]: ...


@shop.task(version="2.0.0", supersedes=look)
def look_v2(how: str, times: int) -> dict[str, Any]: ...


@shop.task(version="1.0.0")
def collect(seen: list[dict[str, Any]]) -> list[dict[str, Any]]: ...


@shop.task(version="1.0.0")
def pass_on(seen: dict[str, Any]) -> list[dict[str, Any]]: ...


def see(self: Any) -> dict[str, Any]:
    return {
        "tenant": tenant.read(),
        "schema": schema.read(),
        "account": account.read(),
        "base": self.account,
        "trace": trace.read(None),
    }


@provider.implements(look_v2, bind=True, base=AccountTask, max_retries=5)
def serve_look(self: Any, how: str, times: int) -> dict[str, Any]:
    if self.request.retries < times:
        given = {"args": (how, times)} if how == "named" and self.name == look_v2.wire_name else {}
        # At once, the next run may end before Celery has stored that this one is to be tried again.
        raise self.retry(countdown=0.3, **given)
    return see(self)


@provider.upcasts(look)
def once(how: str) -> Call[dict[str, Any]]:
    """They did not say."""
    return look_v2.call(how, 1)


@provider.implements(collect, bind=True, base=AccountTask)
def serve_collect(self: Any, seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*seen, see(self)]


@provider.implements(pass_on, bind=True, base=AccountTask)
def serve_pass_on(self: Any, seen: dict[str, Any]) -> list[dict[str, Any]]:
    # A call of a call: nobody fills anything in here, and it carries on what this one has.
    raise self.replace(collect.s([seen]))


headed = Service("headed", carries=(tenant, schema))
headed_provider = Provider(app, headed)


@headed.task(version="1.0.0")
def where(key: str) -> str: ...


@headed_provider.implements(where)
def serve_where(key: str) -> str:
    return f"{key} of {tenant.read()}"
