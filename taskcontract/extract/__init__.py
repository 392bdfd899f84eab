"""A task API, read from where it is declared."""
