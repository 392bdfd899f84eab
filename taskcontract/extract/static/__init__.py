"""The tasks of a project, read from its source; nothing of it is imported or run."""
