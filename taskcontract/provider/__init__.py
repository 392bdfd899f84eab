"""Inside the worker: implementations, adapters of old versions, provider states."""

from __future__ import annotations

from taskcontract.provider.provider import Provider, providers_of

__all__ = ["Provider", "providers_of"]
