"""Random days of a shop with five real till processes and a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer
from tests.support.shop_days import ShopDay
from tests.support.shop_of_tills import shop_of

TILLS = 5


@pytest.mark.parametrize("seed", [1, 2])
def test_day_of_five_tills_with_sound_database_keeps_every_promise(
    tmp_path: Path, postgres: PostgresServer, seed: int
) -> None:
    with shop_of(tmp_path / "shop", TILLS, postgres) as shop:
        result = ShopDay(seed, shop, with_partitions=False).run()
        assert result.findings == []
        assert result.states["confirmed"] > 0
        assert shop.claims() == []


@pytest.mark.parametrize("seed", [11, 12])
def test_day_of_five_tills_with_partitions_keeps_every_promise(
    tmp_path: Path, postgres: PostgresServer, seed: int
) -> None:
    with shop_of(tmp_path / "shop", TILLS, postgres) as shop:
        result = ShopDay(seed, shop).run()
        assert result.findings == []
        assert result.states["confirmed"] > 0
        assert shop.claims() == []
