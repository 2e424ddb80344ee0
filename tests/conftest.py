"""What every test can rely on."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

# Failing examples are printed, not stored; the rest of what hypothesis writes goes where it is in nobody's way.
_HOME = tempfile.TemporaryDirectory(prefix="bonifiq-hypothesis-")
set_hypothesis_home_dir(Path(_HOME.name))
settings.register_profile("bonifiq", database=None, deadline=None, derandomize=True)
settings.load_profile("bonifiq")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _HOME.cleanup()
