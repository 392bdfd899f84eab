"""Service A keeps items, and backs each of them up: `python -m examples.service_a add "a teapot"`."""
