"""Provider states, and what a worker says that it has of them and of tasks."""
