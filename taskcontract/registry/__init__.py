"""What services publish for one another: a project's own folders, and registries that projects share."""
