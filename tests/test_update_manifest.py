"""The release tool: private keys are protected, and tills accept its signatures."""

import stat
import subprocess
import sys
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest

from bonifiq_desktop import __version__
from bonifiq_desktop.connectors.update_feed import verified_release
from bonifiq_desktop.storage.settings import Settings
from tests.support.update_publisher import PACKAGING, PAGE


def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the tool in a child process."""
    command = [sys.executable, "-B", str(PACKAGING / "update_manifest.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(name="key")
def made_key(tmp_path: Path) -> tuple[str, str]:
    """The private key's file and the printed public key."""
    made = tool("keys", str(tmp_path / "key.pem"))
    assert made.returncode == 0, made.stderr
    return str(tmp_path / "key.pem"), made.stdout.strip()


def test_signed_notice_is_accepted_with_the_printed_key(key: tuple[str, str], tmp_path: Path) -> None:
    private, public = key
    done = tool("sign", private, "--page", PAGE, "--out", str(tmp_path / "notice.txt"))
    assert (done.returncode, done.stdout.strip()) == (0, public)
    feed = Settings(update_feed=f"https://loja.example/notice.txt#{public}").validated().update_feed
    release = verified_release((tmp_path / "notice.txt").read_bytes(), urlsafe_b64decode(feed.partition("#")[2] + "="))
    assert (release.name, release.page) == (__version__, PAGE)


def test_private_key_is_readable_by_its_owner_only_and_never_replaced(key: tuple[str, str]) -> None:
    file = Path(key[0])
    before = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = tool("keys", str(file))
    assert (again.returncode, again.stdout) == (1, "")
    assert file.read_bytes() == before


def test_notice_that_tills_would_refuse_is_not_signed(key: tuple[str, str], tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"no key")
    for private, page in ((key[0], "http://loja.example"), (str(junk), PAGE), (str(tmp_path / "none"), PAGE)):
        done = tool("sign", private, "--page", page, "--out", str(tmp_path / "notice.txt"))
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "notice.txt").exists()
