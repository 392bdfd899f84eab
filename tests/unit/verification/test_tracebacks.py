"""Tracebacks: the reader's own frames, and the exception."""

from __future__ import annotations

import pytest

from taskcontract.verification.tracebacks import read_error, trim_traceback

HEAD = "Traceback (most recent call last):\n"
CELERY = (
    '  File "/env/site-packages/celery/app/trace.py", line 479, in trace_task\n    R = retval = fun(*args)\n'
)
BOTO = '  File "/env/site-packages/botocore/auth.py", line 433, in add_auth\n    raise NoCredentialsError()\n'
OWN = '  File "/home/me/shop.py", line 12, in order\n    return pack(item)\n           ^^^^^^^^^^\n'
ERROR = "shop.errors.SoldOut: no tea left\n"


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [
        pytest.param(HEAD + CELERY + OWN + ERROR, HEAD + OWN + ERROR, id="own frames"),
        pytest.param(HEAD + OWN + CELERY + ERROR, HEAD + OWN + ERROR, id="raised by Celery"),
        pytest.param(HEAD + OWN + BOTO + ERROR, HEAD + OWN + BOTO + ERROR, id="raised by a library"),
        pytest.param(HEAD + OWN + BOTO + BOTO + ERROR, HEAD + OWN + BOTO + ERROR, id="deep in a library"),
        pytest.param(HEAD + CELERY + ERROR, ERROR, id="none of one's own"),
        pytest.param(ERROR, ERROR, id="no frames"),
        pytest.param("", "", id="nothing"),
        pytest.param(
            HEAD + OWN * 10 + ERROR, HEAD + "  ... 2 more\n" + OWN * 8 + ERROR, id="the last eight frames"
        ),
    ],
)
def test_trimmed(text: str, trimmed: str) -> None:
    assert trim_traceback(text) == trimmed.strip()


@pytest.mark.parametrize(
    ("last", "error"),
    [
        ("ValueError: refused: it\n", "ValueError: refused: it"),
        (ERROR, "SoldOut: no tea left"),
        ("KeyError\n", "KeyError"),
        ("shop.SoldOut\n", "SoldOut"),
        ("ValueError: first\nsecond: a.b.c\n", "ValueError: first\nsecond: a.b.c"),
    ],
)
def test_error(last: str, error: str) -> None:
    assert read_error(HEAD + OWN + last) == error
