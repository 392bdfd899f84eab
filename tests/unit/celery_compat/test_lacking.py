"""What is said of a private name that is not there."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from celery import Celery, canvas
from celery.canvas import Signature

from taskcontract.celery_compat.lacking import require, say_lacking
from taskcontract.errors import ConfigError

CELERY = f"celery {version('celery')}"


def test_it_names_the_package_its_version_and_the_names() -> None:
    assert say_lacking(Signature, "_merge") == ""
    assert say_lacking(Signature, "_merge", "_gone", "_lost") == (
        f"{CELERY} has no Signature._gone, Signature._lost"
    )
    assert say_lacking(canvas, "_gone") == f"{CELERY} has no celery.canvas._gone"
    assert say_lacking(type("Theirs", (Signature,), {}), "_gone") == f"{CELERY} has no Signature._gone"
    assert say_lacking(object(), "_gone") == "builtins has no object._gone"
    assert say_lacking(Celery("an app", set_as_current=False), "_gone") == f"{CELERY} has no Celery._gone"


def test_a_refusal_says_what_is_not_possible_and_what_to_do() -> None:
    require(Signature, "_merge", needed_for="signatures")
    with pytest.raises(ConfigError) as raised:
        require(Signature, "_gone", needed_for="signatures")
    assert str(raised.value) == (
        f"{CELERY} has no Signature._gone, which is needed for signatures\n"
        "  Install another version of that package, or a taskcontract that knows this one."
    )
