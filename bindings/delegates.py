"""Delegates of pusher, typed per version.

Written by `taskcontract generate bindings.pusher`: do not edit.
"""

# fmt: off
# isort: skip_file

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from bindings.pusher import pusher

if TYPE_CHECKING:
    from bindings.pusher import Stored
    from taskcontract import Result

__all__ = [
    "delegate_send_to_s3",
]

__taskcontract_generated__ = True
"""A warning about a deprecated version names the line that calls a delegate, not one in here."""


@overload
def delegate_send_to_s3(key: str, content: str, *, version: Literal["1", "1.0.0"] = "1") -> Result[str]: ...
@overload
def delegate_send_to_s3(
    key: str, content: str, meta: dict[str, str], *, version: Literal["2", "2.0.0"]
) -> Result[Stored]: ...
def delegate_send_to_s3(*args: Any, version: str = "1", **kwargs: Any) -> Result[Any]:
    """Send `send_to_s3` to pusher, in version 1.0.0 or 2.0.0."""
    return pusher.choose("send_to_s3", version).delay(*args, **kwargs)
