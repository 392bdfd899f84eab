"""The pytest plugin: options, collection, fixtures; thin."""
