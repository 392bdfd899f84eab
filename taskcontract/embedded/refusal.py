"""The error for a folder that cannot serve; a module of its own, so that only a refusal imports click."""

from __future__ import annotations

from click import ClickException

from taskcontract.errors import BrokerError


class FolderRefusedError(ClickException, BrokerError):
    """A folder that cannot be created or written: Celery's command line shows it and exits with 2."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        super().__init__(what)
        self.where = where
        self.do = do

    def __str__(self) -> str:
        return BrokerError.__str__(self)

    def format_message(self) -> str:
        """Return what the command line prints."""
        return str(self)
