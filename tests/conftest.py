"""Fixtures that every test folder may use."""

pytest_plugins = ["tests.corpus", "tests.servers.fixtures", "tests.workers"]
