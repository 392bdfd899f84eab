"""A run's own place on the servers and the disk: its queues, keys and files, and their end."""
