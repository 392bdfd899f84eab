"""Sending messages and reading what comes back."""
