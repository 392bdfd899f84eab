"""Whether the URL of a broker or a result store can be used at all: its scheme is known, its library there.

Asked before anything starts, so that the answer is one sentence on what to install.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from taskcontract.errors import BrokerError, ConfigError, TaskContractError
from taskcontract.patience import patience_with
from taskcontract.urls import hide_in_text, hide_password

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "advise_on_key",
    "check_app",
    "check_backend_url",
    "check_broker_answers",
    "check_broker_url",
    "explain_backend_fault",
    "explain_url_fault",
]

OWN_EXTRAS = {
    **dict.fromkeys(("redis", "rediss", "sentinel", "valkey", "valkeys"), "redis"),
    "sqs": "sqs",
}
"""Schemes for whose library we have an extra ourselves."""

OTHER_NAMES = {
    "kafka": "confluentkafka",
    "sqla": "sqlalchemy",
    "db": "sqlalchemy",
    "database": "sqlalchemy",
    "cache": "memcache",
    "gs": "gcs",
}
"""Extras of Celery's or kombu's that are not called like the scheme."""


KEY_REFUSALS = {
    *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"),
    *("AccessDenied", "AccessDeniedException", "AccessDeniedQueueException", "ExpiredToken"),
    *("InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"),
}
"""Errors of AWS's client, of kombu and of AWS itself that are about who may do what."""


def check_broker_url(url: str) -> None:
    """Raise what `explain_url_fault` says of `url`, unless it names a broker that this process could talk to.

    Nothing is connected.
    """
    from kombu import Connection

    try:
        _demand_libraries(Connection(url).transport)
    except Exception as error:  # each transport has errors of its own
        raise explain_url_fault("broker", url, error) from None


def check_backend_url(url: str) -> None:
    """Raise a ConfigError if the `url` is not one of a result backend that can be used here."""
    from celery import Celery

    app = Celery("taskcontract", backend=url, set_as_current=False)
    try:
        app.backend  # noqa: B018 - making it is what tells
    except Exception as error:  # each backend has errors of its own
        raise explain_url_fault("result backend", url, error) from None
    finally:
        app.close()


def check_app(app: Any) -> None:
    """Raise a ConfigError if the broker of a Celery `app`, or its result backend, cannot be used."""
    try:
        app.connection_for_write().transport  # noqa: B018 - making it is what tells
    except Exception as error:  # each transport has errors of its own
        raise explain_url_fault("broker", app.conf.broker_write_url, error) from None
    try:
        app.backend  # noqa: B018 - making it is what tells
    except Exception as error:  # each backend has errors of its own
        raise explain_backend_fault(app, error) from None


def explain_backend_fault(app: Any, error: Exception) -> TaskContractError:
    """Return what the `error` of making the result backend of `app` means."""
    return explain_url_fault("result backend", app.conf.result_backend, error)


def check_broker_answers(url: str, *, seconds: float, do: str) -> None:
    """Connect to the broker at `url`; a BrokerError, its password hidden, where it is away or refuses.

    `do` is what the error tells its reader to do.
    """
    from kombu import Connection

    try:
        connection: Any = Connection(url, connect_timeout=seconds)
        driver = connection.transport.driver_type
        connection.transport_options = patience_with(driver, connecting=seconds, answering=seconds)
    except Exception as error:  # whatever reading a malformed URL raises
        raise explain_url_fault("broker", url, error) from None
    try:
        connection.ensure_connection(max_retries=1, interval_start=0.1, timeout=seconds)
    except Exception as error:  # kombu passes on what the transport's library raises
        said = hide_in_text(str(error), url)
        raise BrokerError(
            f"the broker {hide_password(url)} refuses: {said}", do=advise_on_key(error) or do
        ) from None
    finally:
        connection.release()


def _demand_libraries(transport: Any) -> None:
    """Raise the ImportError of what a worker needs on `transport` and loads when it first waits there."""
    if transport.driver_type == "sqs" and find_spec("kombu.asynchronous.http.curl"):
        import_module("pycurl")  # kombu 5.5 has another client


def advise_on_key(error: BaseException) -> str:
    """Return what to do where AWS's client lacks a key, or AWS refuses it; empty for any other error."""
    for each in (error, error.__cause__):
        response = getattr(each, "response", None)
        code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
        if code in KEY_REFUSALS or type(each).__name__ in KEY_REFUSALS:
            return (
                "Name a key of AWS that may use these queues: in the URL (sqs://KEY:SECRET@, both "
                "percent-encoded) or in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            )
    return ""


def explain_url_fault(kind: str, url: object, error: Exception) -> TaskContractError:
    """Return the error that explains a refused `url` of a server: a missing library, or a wrong URL."""
    if isinstance(error, TaskContractError):
        return error
    shown = hide_password(url)
    scheme = shown.partition("://")[0].partition("+")[0]
    known = _known_schemes(kind)
    if scheme.lower() not in known and "." not in scheme:
        return ConfigError(
            f"no {kind} is known by the scheme {scheme!r}", where=shown, do=f"Known are {', '.join(known)}."
        )
    said = error.args[0] if isinstance(error, KeyError) and error.args else error
    text = hide_in_text(" ".join(str(said).split()).rstrip("."), url)
    if _is_about_a_library(error, text):
        package = _find_extra(scheme)
        return ConfigError(
            f"the {kind} needs a library for {scheme} that is not installed",
            where=shown,
            do=f'Install it: `pip install "{package}"`.' if package else f"Install it: {text}.",
        )
    return ConfigError(f"this is not a {kind} that can be used: {text}", where=shown, do="Check the URL.")


def _is_about_a_library(error: Exception, text: str) -> bool:
    """Return whether the error of a transport or a backend means that its library is not installed."""
    if isinstance(error, ImportError):
        return True
    if isinstance(error, NameError | AttributeError):
        return "is not defined" in text or text.startswith("'NoneType' object")
    return "install" in text.lower()


def _find_extra(scheme: str) -> str:
    """Return what to install for `scheme`, as `taskcontract[redis]` or `celery[sqs]`; empty if unknown."""
    name = scheme.lower()
    if name in OWN_EXTRAS:
        return f"taskcontract[{OWN_EXTRAS[name]}]"
    name = OTHER_NAMES.get(name, name)
    for package in ("celery", "kombu"):
        if name in _extras_of(package):
            return f"{package}[{name}]"
    return ""


def _extras_of(package: str) -> Iterable[str]:
    try:
        return metadata(package).get_all("Provides-Extra") or ()
    except PackageNotFoundError:
        return ()


def _known_schemes(kind: str) -> list[str]:
    if kind == "broker":
        from kombu.transport import TRANSPORT_ALIASES as ALIASES
    else:
        from celery.app.backends import BACKEND_ALIASES as ALIASES
    return sorted({"embedded", *(name.lower() for name in ALIASES)})
