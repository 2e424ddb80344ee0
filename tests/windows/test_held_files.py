"""A file that another program holds under Windows is used after its release, and never lost."""

import json

import pytest

from tests.windows.held_files import CASES
from tests.windows.setup_pc import SetupPC, needs_wine

pytestmark = [pytest.mark.windows, needs_wine]


@pytest.fixture(name="pc", scope="module")
def pc_for_this_module(tmp_path_factory: pytest.TempPathFactory) -> SetupPC:
    """A PC."""
    return SetupPC(tmp_path_factory.mktemp("held"))


def use(pc: SetupPC, case: str, seconds: int) -> dict[str, object]:
    """Use a file that is held for so many seconds."""
    folder = f"C:\\held\\{case}-{seconds}"
    status, lines, err = pc.run_python("-m", "tests.windows.held_files", case, str(seconds), folder)
    assert (status, err) == (0, "")
    result: dict[str, object] = json.loads(lines[-1])
    return result


@pytest.mark.parametrize("case", CASES)
def test_file_held_for_a_second_is_used_once_it_is_let_go(pc: SetupPC, case: str) -> None:
    assert use(pc, case, 1) == {"error": None, "content": "new", "left": []}


@pytest.mark.parametrize("case", CASES)
def test_file_held_for_longer_raises_and_keeps_its_content(pc: SetupPC, case: str) -> None:
    result = use(pc, case, 5)
    assert "PermissionError" in str(result["error"]) or "LedgerFailed" in str(result["error"])
    assert (result["content"], result["left"]) == ("old", [])
