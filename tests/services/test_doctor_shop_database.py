"""`doctor` on a till's part in a shop database."""

import sqlite3
from contextlib import closing

from bonifiq_desktop.services.doctor import CheckResult, run_checks
from bonifiq_desktop.storage.paths import Paths
from tests.support.headless_till import Till


def shop_database_line(till: Till) -> CheckResult:
    [found] = [result for result in run_checks(Paths(till.path.parent)) if result.name == "shop database"]
    return found


def test_doctor_of_a_till_alone_names_no_shop_database(till: Till) -> None:
    assert shop_database_line(till) == CheckResult("shop database", "not used")


def test_doctor_of_a_till_in_a_shop_counts_its_changes(till: Till) -> None:
    till.look_up("1001")
    till.wait_until_settled(till.refund(100))
    till.ledger.changes.begin(3, "1a" * 16)
    assert shop_database_line(till) == CheckResult("shop database", "incarnation 3, 0 changes, 2 rows to tell")
    till.ledger.changes.tell_untold(100)
    assert shop_database_line(till) == CheckResult("shop database", "incarnation 3, 2 changes, 0 rows to tell")


def test_doctor_finds_a_change_that_is_not_as_written(till: Till) -> None:
    till.look_up("1001")
    till.refund(100)
    till.ledger.changes.begin(1, "1a" * 16)
    till.ledger.changes.tell_untold(100)
    with closing(sqlite3.connect(till.path, isolation_level=None)) as db:
        db.execute("UPDATE changes SET body = replace(body, '\"value\":100', '\"value\":900') WHERE seq = 2")
    found = shop_database_line(till)
    assert (found.fine, found.value.endswith("NOT as they were written, from change 2 on")) == (False, True)
