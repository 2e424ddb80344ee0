"""The log: known fields and nothing else, so that nothing is in it that a stranger may not read."""

import ast
import json
import logging
import sqlite3
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

import bonifiq_desktop
from bonifiq_desktop.diagnostics.log_file import (
    describe_error,
    read_log_lines,
    start_logging,
    stop_logging,
)
from bonifiq_desktop.diagnostics.log_schema import CALL_FIELDS, LOG_LINE, allowed
from bonifiq_desktop.storage import files
from bonifiq_desktop.storage.files import FolderNotPrivate

SOURCES = sorted(Path(bonifiq_desktop.__file__).parent.rglob("*.py"))
FOREIGN = ("529.982.247-25", "52998224725", "ana@exemplo.com.br", "VE9LRU46czNjcjM=", "Maria Aparecida", "11987654321")
LOG = logging.getLogger("bonifiq_desktop.services.outbox")


class Mood(StrEnum):
    """As the program's own enumerations."""

    FINE = "quite_fine"


@pytest.fixture(name="folder")
def log_folder(tmp_path: Path) -> Iterator[Path]:
    """Where the log is while it is open."""
    start_logging(tmp_path / "logs")
    yield tmp_path / "logs"
    stop_logging()


def written(folder: Path) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in folder.iterdir())


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(folder).splitlines()]


def test_log_line_holds_time_level_module_event_and_operation(folder: Path) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    LOG.warning("an operation steps aside", extra={"operation": 17, "state": Mood.FINE})
    [line] = lines(folder)
    assert before <= datetime.fromisoformat(line.pop("at")) <= datetime.now(UTC)
    assert line == {
        "level": "WARNING",
        "where": "bonifiq_desktop.services.outbox",
        "event": "an operation steps aside",
        "operation": 17,
        "state": "quite_fine",
    }


@pytest.mark.parametrize("foreign", FOREIGN)
def test_foreign_text_is_in_no_log_line(folder: Path, foreign: str) -> None:
    LOG.warning("said %s", foreign)
    LOG.warning("fine", extra=dict.fromkeys(CALL_FIELDS, foreign) | {"customer": foreign})
    LOG.warning("fine", extra={name: [foreign] for name in CALL_FIELDS} | {"operation": 52998224725})
    LOG.warning("fine", extra={"copy": f"ledger-{foreign}.db"}, stack_info=True)
    try:
        try:
            raise KeyError(foreign)
        except KeyError as error:
            raise ValueError(foreign) from error
    except ValueError:
        LOG.exception("fine %s", foreign)
        logging.getLogger("httpx").exception("cannot reach %s", foreign)
        logging.getLogger("httpx").error(f"cannot reach {foreign}")
        logging.getLogger(foreign).error(foreign)
    assert len(lines(folder)) == 8
    assert foreign not in written(folder)
    assert "52998224725" not in written(folder)


def test_logged_exception_holds_classes_system_names_and_own_frames(folder: Path, tmp_path: Path) -> None:
    try:
        files.write_private(tmp_path / "Maria Aparecida" / "x.json", b"")
    except OSError:
        LOG.exception("not written")
    try:
        with sqlite3.connect(":memory:") as db:
            db.execute("SELECT maria FROM aparecida")
    except sqlite3.Error:
        LOG.exception("not read")
    finally:
        db.close()
    first, second = lines(folder)
    assert (first["error"], first["errno"]) == (["FileNotFoundError"], "ENOENT")
    assert {frame.partition(":")[0] for frame in first["trace"]} == {"storage/files.py"}
    assert [frame.rpartition(" ")[2] for frame in first["trace"]] == ["write_private", "replace_atomically"]
    assert (second["error"], second["sqlite"], second["trace"]) == (["OperationalError"], "SQLITE_ERROR", [])
    assert not any(word in written(folder).lower() for word in ("maria", "aparecida", "tmp", "site-packages"))


def test_chain_of_causes_is_logged_and_a_cycle_ends() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__context__ = second, first
    assert describe_error(first)["error"][:3] == ["ValueError", "KeyError", "ValueError"]
    first.__cause__, first.__suppress_context__ = None, True
    assert describe_error(first) == {"error": ["ValueError"], "trace": []}


def test_warnings_of_libraries_are_logged_by_logger_and_level_only(folder: Path) -> None:
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).info("GET https://loja.example/")
        logging.getLogger(name).warning("cut", extra={"operation": 1})
    assert [(line["level"], line["where"]) for line in lines(folder)] == [
        ("WARNING", name) for name in ("httpx", "httpcore", "asyncio")
    ]
    assert all(line.keys() == {"at", "level", "where"} for line in lines(folder))


def test_log_size_is_limited(folder: Path) -> None:
    for number in range(6000):
        LOG.info("x" * 100, extra={"operation": number})
    assert sum(file.stat().st_size for file in folder.iterdir()) < 600_000
    kept = [line["operation"] for line in read_log_lines(folder)]
    assert kept == list(range(kept[0], 6000))
    assert len(list(folder.iterdir())) == 4


def test_rotated_log_is_for_this_user_alone(folder: Path) -> None:
    for _ in range(1500):
        LOG.info("x" * 100)
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_huge_line_does_not_block_the_program(folder: Path) -> None:
    started = time.process_time()
    for text in ("x" * 200_000, "x@" * 50_000):
        LOG.info(text)
        LOG.info("fine", extra={"copy": text})
    assert time.process_time() - started < 3
    assert len(written(folder)) < 1000


def test_second_start_logging_moves_the_log(folder: Path, tmp_path: Path) -> None:
    start_logging(tmp_path / "other")
    LOG.info("dois")
    assert written(folder) == ""
    assert written(tmp_path / "other").count("dois") == 1


def test_full_disk_loses_log_lines_and_nothing_else(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = folder / "bonifiq-desktop.log"
    log.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        log.write_bytes(b"x")
    for _ in range(3):
        LOG.error("lost")
    log.unlink()
    LOG.error("there is room again")
    stop_logging()
    assert [line["event"] for line in lines(folder)] == ["there is room again"]
    assert capfd.readouterr() == ("", "")


def test_unwritable_log_raises_no_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_bytes(b"in the way")
    start_logging(tmp_path / "logs")
    LOG.error("lost")
    stop_logging()
    assert read_log_lines(tmp_path / "logs") == []
    assert capfd.readouterr() == ("", "")


def test_log_in_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs").chmod(0o777)
    with pytest.raises(FolderNotPrivate):
        start_logging(tmp_path / "logs")


def test_foreign_log_lines_are_not_read(folder: Path) -> None:
    LOG.info("fine", extra={"operation": 1})
    strange: list[Any] = [
        "2026-01-01 INFO Maria Aparecida",
        "[" * 50_000,
        '["Maria Aparecida"]',
        json.dumps(
            {"event": "x" * 130, "note": "Maria Aparecida", "trace": ["/home/maria/x.py:1 f"], "operation": "1"}
        ),
    ]
    with (folder / "bonifiq-desktop.log").open("a", encoding="utf-8") as file:
        file.write("\n".join(strange))
    [ours, rest] = read_log_lines(folder)
    assert (ours["event"], ours["operation"], rest) == ("fine", 1, {})


# --- the calls


def complaints(source: str) -> Iterator[str]:
    """What no call to the log may be."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="logging"), attr="getLogger"), args=[ast.Name("__name__")]
            ):
                pass
            case ast.Call(func=ast.Attribute(value=ast.Name(id="logging"))):
                yield "logging is called"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="_log")), args=args, keywords=keywords):
                if not (len(args) == 1 and isinstance(args[0], ast.Constant) and isinstance(args[0].value, str)):
                    yield "the text is not a constant alone"
                elif not _is_kept(args[0].value):
                    yield "the text would be left out"
                yield from (complaint for word in keywords for complaint in _about(word))


def _is_kept(text: str) -> bool:
    """Whether the log keeps an event's text."""
    return allowed({"event": text}, LOG_LINE) == {"event": text}


def _about(word: ast.keyword) -> Iterator[str]:
    if word.arg == "exc_info":
        return
    if word.arg != "extra" or not isinstance(word.value, ast.Dict):
        yield f"{word.arg} is given"
        return
    names = [key.value if isinstance(key, ast.Constant) else None for key in word.value.keys]
    yield from ("no such field" for name in names if name not in CALL_FIELDS)


CALLERS = [file for file in SOURCES if file.name != "log_file.py" and "logging" in file.read_text(encoding="utf-8")]


@pytest.mark.parametrize("file", CALLERS, ids=lambda file: str(file.name))
def test_log_call_has_a_constant_text_and_known_fields(file: Path) -> None:
    assert list(complaints(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        *("_log.error(text)", "_log.error(f'no {order}')", "_log.error('no ' + order)", "_log.error('%s', order)"),
        *(
            "_log.error('no', extra={'customer': name})",
            "_log.error('no', extra=facts)",
            "_log.error('no', extra={**f})",
        ),
        *(
            "_log.error('no', stack_info=True)",
            "logging.error('no')",
            "_log.exception(error)",
            "_log.error('pedido nº 1')",
        ),
        *("logging.getLogger('other')", "logging.getLogger()", "_log.error(*texts)", "_log.error('no', **facts)"),
    ],
)
def test_log_call_with_other_text_is_detected(code: str) -> None:
    assert list(complaints(code))
    assert list(complaints("_log.error('no', exc_info=error, extra={'operation': number})")) == []
