"""Celery's signatures, checked where more is given to them and where they are sent.

Private: `Signature._merge`, which takes what is given later, and `Signature._apply_async`, what a signature
is sent with in whatever canvas. Without either, values would be sent unchecked: importing this raises a
ConfigError, so that no signature of a declared task can be made. `Signature._app` is the app that a
signature was made for; without it that is the app which it would be sent through.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar, cast

from celery.canvas import Signature

from taskcontract.celery_compat.lacking import require

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HookedSignature", "own_app"]

R = TypeVar("R")

require(Signature, "_merge", "_apply_async", needed_for="signatures of declared tasks")


class HookedSignature(Signature[R]):
    """A signature that asks `before_merging` what to merge, and is sent by `send_merged`."""

    def before_merging(self, args: Any, kwargs: Any, options: Any, force: bool) -> tuple[Any, Any, Any]:
        """Return what to merge instead; `force` says that an immutable signature takes arguments, too."""
        return args, kwargs, options

    @abstractmethod
    def send_merged(self, args: Any, kwargs: Any, options: Mapping[str, Any]) -> Any:
        """Send the call of all arguments and options; gives its result."""

    def merge(self, args: Any, kwargs: Any, options: Any) -> tuple[Any, Any, dict[str, Any]]:
        """Return the arguments, keywords and options of the call with those given."""
        return cast("tuple[Any, Any, dict[str, Any]]", self._merge(args, kwargs, options))

    def _apply_async(self, args: Any, kwargs: Any, **options: Any) -> Any:
        return self.send_merged(args, kwargs, options)

    def _merge(self, args: Any = None, kwargs: Any = None, options: Any = None, force: bool = False) -> Any:
        args, kwargs, options = self.before_merging(args, kwargs, options, force)
        return cast("Any", super())._merge(args, kwargs, options, force)


def own_app(signature: Any) -> Any:
    """Return the app that `signature` was made for."""
    return signature._app if hasattr(signature, "_app") else signature.app
