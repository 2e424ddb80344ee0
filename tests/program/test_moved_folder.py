"""A data folder with the lock of another PC: taken over only after a question."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSysInfo
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from bonifiq_desktop import cli
from bonifiq_desktop.app import App
from bonifiq_desktop.arguments import parse_arguments
from tests.support.cashier import program

HERE = QSysInfo.machineHostName()
SINCE = time.mktime((2026, 11, 20, 18, 45, 0, 0, 0, -1))


def left_by(data: Path, name: str, machine: str, *, process: int = os.getpid()) -> Path:
    """The lock that a program on that PC left; its process number may be in use here, too."""
    data.mkdir(mode=0o700, exist_ok=True)
    lock = data / "in-use.lock"
    lock.write_text(f"{process}\nbonifiq-desktop\n{name}\n{machine}\n00000000-boot\n")
    lock.chmod(0o600)
    os.utime(lock, (SINCE, SINCE))
    return lock


# Without a machine id, as in a bare container, only the host name distinguishes two PCs.
WITH_MACHINE_ID = pytest.mark.skipif(QSysInfo.machineUniqueId().isEmpty(), reason="this machine has no id")


@pytest.mark.parametrize("name", ["CAIXA-DA-FRENTE", pytest.param(HERE, marks=WITH_MACHINE_ID)])
@pytest.mark.parametrize("command", [["--quit-when-ready"], ["doctor", "--restore=x.db", "--name=Ana"]])
def test_lock_of_another_pc_is_reported_with_name_time_and_way_on(data: Path, name: str, command: list[str]) -> None:
    lock = left_by(data, name, "another-machine-id")
    (data / "backups").mkdir(mode=0o700)
    (data / "backups" / "x.db").write_bytes(b"")
    before = lock.read_bytes()
    done = program(*command, "--data-dir", str(data))
    assert done.returncode == 1
    for said in (name, "20/11/2026 18:45", "--take-over"):
        assert said in done.stderr
    assert lock.read_bytes() == before
    assert program("--data-dir", str(data), "--quit-when-ready", "--take-over").returncode == 0
    assert program("--data-dir", str(data), "--quit-when-ready").returncode == 0


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_window_asks_before_it_takes_a_folder_over(
    qapp: QApplication, data: Path, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_by(data, "CAIXA-DA-FRENTE", "another-machine-id")
    asked: list[str] = []

    def question(_parent: Any, _title: str, text: str, *_buttons: Any) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(QMessageBox, "question", question)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    ran: list[App] = []

    def run(app: App) -> int:
        ran.append(app)
        return 0

    monkeypatch.setattr(App, "run", run)
    status = cli.main(["--data-dir", str(data)])
    assert len(asked) == 1
    assert "CAIXA-DA-FRENTE" in asked[0]
    assert (status, len(ran)) == ((0, 1) if answer == "Yes" else (1, 0))
    for app in ran:
        assert app.stop()


def test_take_over_refuses_the_lock_of_a_running_program_of_this_pc(data: Path, qapp: QApplication) -> None:
    app = App(parse_arguments(["--data-dir", str(data)]))
    try:
        done = program("--data-dir", str(data), "--quit-when-ready", "--take-over")
        assert done.returncode == 3
    finally:
        app.stop()
