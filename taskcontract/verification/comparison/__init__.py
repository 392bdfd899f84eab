"""Comparing a value with an example and its rules, as Pact does."""
