"""The oracle of the shop database sees each planted difference, and none in a sound shop."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.support.shop_of_tills import Shop
from tests.support.shop_oracle import (
    LOG_BROKEN,
    MIRROR_DIFFERS,
    READABLE,
    ShopObservation,
    find_shared_keys,
    find_shop_violations,
)

PLANTED = {
    "UPDATE shop_operations SET state = 'queued'": MIRROR_DIFFERS,
    "UPDATE shop_operations SET reason = ''": MIRROR_DIFFERS,
    "DELETE FROM shop_operations": MIRROR_DIFFERS,
    "UPDATE shop_operations SET uid = 'nobody'": MIRROR_DIFFERS,
    "UPDATE shop_customers SET identity = 'another'": MIRROR_DIFFERS,
    "UPDATE shop_customers SET sealed = x'00'": MIRROR_DIFFERS,
    "UPDATE changes SET body = replace(body, 'confirmed', 'refused')": "lost",
    "DELETE FROM changes WHERE seq = (SELECT max(seq) FROM changes)": "lost",
}
"""What is changed in a till's ledger, and what the oracle calls it."""


def changed(seen: ShopObservation, statement: str, folder: Path) -> ShopObservation:
    """The same shop with one statement run in a copy of a till's ledger."""
    till, ledger = "CAIXA1", folder / "changed.db"
    shutil.copyfile(seen.ledgers[till], ledger)
    with closing(sqlite3.connect(ledger)) as db:
        assert db.execute(statement).rowcount > 0
        db.commit()
    return replace(seen, ledgers={**seen.ledgers, till: ledger})


def test_oracle_finds_every_planted_difference(two_tills: Shop, tmp_path: Path) -> None:
    for till, order in zip(two_tills.tills, ("1001", "1002"), strict=True):
        till.register("refund", order=order, value=1000)
    two_tills.wait_until(lambda: len(two_tills.service.applied) == len(two_tills.tills))
    two_tills.settle(lambda: all(each["state"] == "confirmed" for t in two_tills.tills for each in t.ask("operations")))
    for till in two_tills.tills:
        till.close()  # everything is in the files themselves
    seen = two_tills.observe()
    assert find_shop_violations(seen) == []
    for statement, kind in PLANTED.items():
        kinds = {found.kind for found in find_shop_violations(changed(seen, statement, tmp_path))}
        assert kind in kinds, statement
    log = list(seen.server)
    for rows in (log[1:], log[:-1], [*log[:-1], (*log[-1][:5], f"{log[-1][5]} ", *log[-1][6:])]):
        assert find_shop_violations(replace(seen, server=rows))
    assert LOG_BROKEN in {found.kind for found in find_shop_violations(replace(seen, server=log[1:]))}
    named = replace(seen, personal=("refund",))
    assert {found.kind for found in find_shop_violations(named)} == {READABLE}


def test_oracle_finds_two_refunds_that_rest_on_one_key(two_bare_tills: Shop) -> None:
    one, other = two_bare_tills.tills
    one.register("refund", order="1001", value=1000)
    two_bare_tills.wait_until(lambda: len(two_bare_tills.service.applied) == 1)
    one.close()
    assert find_shared_keys([one.ledger]) == []
    assert len(find_shared_keys([one.ledger, one.ledger])) == 1
    assert find_shared_keys([one.ledger, other.ledger]) == []
