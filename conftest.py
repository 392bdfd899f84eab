"""What holds for every test in this project: in tests/ and in examples/."""

pytest_plugins = ["tests.support.outside"]
