"""The log: nothing in it that a stranger may not read."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonifiq_desktop.config.logs import start_logging, stop_logging

SECRETS = ("529.982.247-25", "52998224725", "ana@exemplo.com.br", "VE9LRU46czNjcjM=", "João.Lima@exemplo.com")


@pytest.fixture(name="folder")
def log_folder(tmp_path: Path) -> Iterator[Path]:
    """Where the log is while it is open."""
    start_logging(tmp_path / "logs")
    yield tmp_path / "logs"
    stop_logging()


def _written(folder: Path) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in folder.iterdir())


@pytest.mark.parametrize(
    "line",
    [
        "CPF 529.982.247-25",
        "cpf_52998224725_x",
        "GET /v1/pvt/Customer/52998224725/points",
        "cliente=ana@exemplo.com.br,",
        "<João.Lima@exemplo.com>",
        "Authorization: Basic VE9LRU46czNjcjM=",
    ],
)
def test_no_line_holds_a_document_an_address_or_a_password(folder: Path, line: str) -> None:
    log = logging.getLogger("bonifiq_desktop.test")
    log.warning("%s", line)
    try:
        raise ValueError(line)
    except ValueError:
        log.exception("falhou")
    written = _written(folder)
    assert "falhou" in written
    assert "[removed]" in written
    assert not any(secret in written for secret in SECRETS)


def test_what_helps_to_find_a_fault_stays(folder: Path) -> None:
    logging.getLogger("bonifiq_desktop.test").info("operation %d steps aside, order %s", 17, "CAIXA1-261120-7KQF-0001")
    assert "operation 17 steps aside, order CAIXA1-261120-7KQF-0001" in _written(folder)


def test_the_http_library_does_not_log_addresses(folder: Path) -> None:
    for name in ("httpx", "httpcore"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_the_log_never_fills_the_disk(folder: Path) -> None:
    log = logging.getLogger("bonifiq_desktop.test")
    for _ in range(1500):
        log.info("x" * 1000)
    assert sum(file.stat().st_size for file in folder.iterdir()) < 600_000


def test_a_huge_line_does_not_hold_the_program_up(folder: Path) -> None:
    started = time.monotonic()
    logging.getLogger("bonifiq_desktop.test").info("x" * 200_000)
    logging.getLogger("bonifiq_desktop.test").info("x@" * 50_000)
    assert time.monotonic() - started < 3


def test_starting_again_moves_the_log(folder: Path, tmp_path: Path) -> None:
    start_logging(tmp_path / "other")
    logging.getLogger("bonifiq_desktop.test").info("dois")
    assert "dois" not in _written(folder)
    assert _written(tmp_path / "other").count("dois") == 1
