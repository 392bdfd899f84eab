"""What is wrong today in a project's own use of its tasks: calls, schedules, routes and declarations."""
