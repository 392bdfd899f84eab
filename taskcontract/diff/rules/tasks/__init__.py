"""Rules on a TaskPair: tasks and versions that come, go, are renamed, deprecated or end."""
