"""The packaged PostgreSQL client: psycopg, libpq with its libraries, the migrations, the authority's file."""

import json
import sys
from pathlib import Path

import pytest

from tests.frozen.shop_pc import LINUX_ONLY, ShopPC
from tests.support.server_certificates import Authority

on_linux = pytest.mark.skipif(sys.platform != "linux", reason=LINUX_ONLY.format("PostgreSQL of the system"))


def _authority_file(pc: ShopPC, content: bytes) -> str:
    file = Path(pc.folder) / "autoridade ção.pem"
    file.write_bytes(content)
    return str(file)


def test_client_without_a_server_says_that_none_answers(pc: ShopPC, data: str) -> None:
    url = "postgresql://administrator@127.0.0.1:1/loja"
    authority = _authority_file(pc, Authority.create().pem)
    says = (
        "BonifiQ Desktop: o banco de dados não responde nesse endereço. "
        "Confira o endereço, a rede e se o servidor está ligado. Nada mudou."
    )
    status = ("shop-database", "status", "--admin-url", url, "--ca", authority, "--data-dir", data)
    pc.run(*status, status=1, says=says, typed="secret\n")


@on_linux
def test_client_sets_a_shop_database_up_and_reads_its_state(pc: ShopPC, data: str) -> None:
    from tests.support.postgres import shared_server

    server = shared_server()
    url = f"postgresql://administrator@localhost:{server.port}/{server.new_database()}"
    authority = _authority_file(pc, server.ca_file.read_bytes())
    typed = f"{server.superuser_password}\n"
    place = ("--admin-url", url, "--ca", authority, "--data-dir", data)
    file = pc.home / "caixa 1 são.bonifiq"
    told = pc.run(
        "shop-database", "init", *place, "--shop", "São João", "--till", "CAIXA1", "--out", str(file), typed=typed
    )
    assert str(file) in told
    assert file.stat().st_size
    [member] = json.loads(pc.run("shop-database", "status", *place, "--format", "json", typed=typed))
    assert (member["shop"], member["till"], member["state"]) == ("São João", "CAIXA1", "convidado")
