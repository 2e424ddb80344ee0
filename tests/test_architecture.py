"""The package layers of `pyproject.toml`, and the length of product files."""

import subprocess
import sys
from pathlib import Path

import pytest

import bonifiq_desktop

PACKAGE = Path(bonifiq_desktop.__file__).parent
REPOSITORY = PACKAGE.parent
MAX_LINES = 400
SOURCES = sorted(PACKAGE.rglob("*.py"))


def test_imports_follow_the_contracts() -> None:
    # In a process of its own: import-linter disables the loggers of the process that it runs in.
    lint = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports as run; sys.exit(run(no_cache=True))",
    ]
    done = subprocess.run(lint, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_product_file_is_at_most_400_lines_long(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
