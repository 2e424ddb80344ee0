"""The package layers of `pyproject.toml`, and the length of product files."""

from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import bonifiq_desktop

PACKAGE = Path(bonifiq_desktop.__file__).parent
REPOSITORY = PACKAGE.parent
MAX_LINES = 400
SOURCES = sorted(PACKAGE.rglob("*.py"))


def test_imports_follow_the_contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_product_file_is_at_most_400_lines_long(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
