"""The version that is installed; `taskcontract.__version__` is imported from here when it is asked for."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("taskcontract")
except PackageNotFoundError:  # a checkout on the path, never installed
    __version__ = "0+unknown"
