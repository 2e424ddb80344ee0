"""The sections of the bench, each in its own process."""

from __future__ import annotations

import gc
import importlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from traceback import format_exception

from tests.bench.measure import Bench, Result

SECTIONS = (
    "start", "size", "lookups", "window_stalls", "ledger", "outbox", "history", "history_growth",
    "history_chips", "history_export", "search", "reports", "browser", "shop_database", "shop_counter",
)  # fmt: skip
"""Modules of this folder with a function `rows(bench)`."""


def run_in_process(section: str, bench: Bench) -> list[Result]:
    """Measure a section in a new process, free of other sections' memory. Raises RuntimeError."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_or_why_not, section, bench).result()


def _or_why_not(section: str, bench: Bench) -> list[Result]:
    try:
        return run_here(section, bench)
    except Exception as error:
        raise RuntimeError("".join(format_exception(error))) from None  # some exceptions cannot be pickled


def run_here(section: str, bench: Bench) -> list[Result]:
    """A section's figures, in this process, without garbage collection during a measurement.

    The program's own window collects when it has nothing else to do; sections with a window have that.
    """
    module = importlib.import_module(f"tests.bench.{section}")
    gc.collect()
    gc.freeze()
    gc.disable()
    return list(module.rows(bench))
