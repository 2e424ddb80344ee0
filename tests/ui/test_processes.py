"""Other programs get an environment of their own, not ours."""

import json
import sys
import time
from pathlib import Path

import pytest

from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.ui.processes import start_detached

_WRITE = "import json, os, pathlib, sys; t = pathlib.Path(sys.argv[1]); t.write_text(json.dumps(dict(os.environ)))"
_READY = "; t.rename(t.with_suffix('.json'))"


def _environment_of_another(folder: Path) -> dict[str, str]:
    start_detached(sys.executable, ["-S", "-c", _WRITE + _READY, str(folder / "seen.part")])
    end = time.monotonic() + 30
    while not (folder / "seen.json").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    seen: dict[str, str] = json.loads((folder / "seen.json").read_text())
    return seen


def test_started_process_gets_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "token")
    monkeypatch.setenv(KEY_VARIABLE, "key")
    assert not {TOKEN_VARIABLE, KEY_VARIABLE} & set(_environment_of_another(tmp_path))


@pytest.mark.parametrize("before", ["", "/opt/theirs"])
def test_started_process_of_a_packaged_program_gets_no_library_paths(
    before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    monkeypatch.setenv("QT_PLUGIN_PATH", str(tmp_path))
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/usr/lib/bonifiq-desktop/bonifiq-desktop")
    seen = _environment_of_another(tmp_path)
    assert seen.get("LD_LIBRARY_PATH", "") == before
    assert not {"_PYI_ARCHIVE_FILE", "QT_PLUGIN_PATH"} & set(seen)
