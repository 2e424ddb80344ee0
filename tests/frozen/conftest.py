"""Fixtures of the tests of the packaged program."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.frozen.shop_pc import ShopPC, new_pc


@pytest.fixture(name="pc", scope="session")
def shop_pc() -> Iterator[ShopPC]:
    """A PC with the program. At the end the program's folder must be unchanged."""
    with new_pc() as pc:
        root = pc.folder / "Balcão São João"
        before = _tree(root)
        yield pc
        assert _tree(root) == before


@pytest.fixture(name="data")
def data_folder(pc: ShopPC, request: pytest.FixtureRequest) -> str:
    """The test's data folder, not created yet."""
    return str(pc.home / f"dados ção {request.node.name}")


def _tree(folder: Path) -> dict[str, float]:
    return {str(file.relative_to(folder)): file.lstat().st_mtime for file in folder.rglob("*")}
