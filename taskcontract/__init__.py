"""Contracts for Celery tasks."""
