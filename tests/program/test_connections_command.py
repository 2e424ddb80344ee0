"""The command `connections`, in processes of their own: ten shops are set up by script."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Scope
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.returns import AKINON, CounterReason
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import CredentialStore, KeyStorage, StoredSecret
from bonifiq_desktop.services.connections import account_of
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.remote_settings import Learnable, ReasonMapping
from bonifiq_desktop.storage.settings import Settings, load_settings, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier
from tests.support.omnitron import USER, Omnitron, item, order_row
from tests.support.return_actions import money_intent
from tests.support.staff import audit_log_of

REPOSITORY = Path(__file__).parents[2]
NO_SCREEN = {"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
NAME = "Loja on-line"
AWAY = "http://127.0.0.1:9"  # nothing listens there
Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture(name="shop")
def web_shop() -> Iterator[Omnitron]:
    """A web shop that listens in a thread of its own."""
    reasons = [
        {"pk": 7, "cancellation_type": "cancel", "subject": "Desistência"},
        {"pk": 9, "cancellation_type": "refund", "subject": "Devolução"},
    ]
    shop = Omnitron(order_row(item(1)), reasons=reasons)
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()

    async def listen() -> None:
        async with shop.wire.listening():
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(listen()))
    thread.start()
    assert ready.wait(10)
    yield shop
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


@pytest.fixture(name="run")
def command_runner(data: Path) -> Run:
    """Runs `connections` on the data folder, with what it reads from standard input."""

    def run(*arguments: str, secret: str = "", module: tuple[str, ...] = ("bonifiq_desktop",)) -> Done:
        return subprocess.run(
            [sys.executable, "-m", *module, "connections", *arguments, "--data-dir", str(data)],
            input=secret,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=REPOSITORY,
            env={**os.environ, **NO_SCREEN},
        )

    return run


def add(run: Run, url: str, *options: str, name: str = NAME, secret: str = USER.key) -> Done:
    """Add the web shop."""
    return run(
        "add", "--system", "akinon", "--name", name, "--url", url, "--user", USER.token, *options, secret=f"{secret}\n"
    )


def test_added_connection_is_ready_and_proved(run: Run, shop: Omnitron, data: Path) -> None:
    done = add(run, shop.wire.url, "--keep-in-file")
    assert (done.returncode, done.stderr) == (0, "")
    (stored,) = load_settings(Paths(data).settings).connections
    assert (stored.name, stored.system, stored.url, stored.user) == (NAME, "akinon", shop.wire.url, USER.token)
    assert (stored.currency, stored.cancel_lines, stored.by_return_flow, stored.shipping_back) == (
        "BRL",
        Learnable.LEARN,
        False,
        False,
    )
    secrets = CredentialStore(Paths(data).credentials, None).connections
    assert secrets.load(NAME, shop.wire.url) == StoredSecret(USER.key, KeyStorage.FILE)
    assert run("test", "--name", NAME).returncode == 0
    assert "cancel" not in "".join(path for method, path, _body in shop.calls if method == "POST")


def test_secret_is_never_printed_and_no_argument(run: Run, shop: Omnitron) -> None:
    done = [add(run, shop.wire.url, "--keep-in-file"), run("list"), run("list", "--format", "json")]
    done.append(run("test", "--name", NAME))
    assert USER.key not in "".join(each.stdout + each.stderr for each in done)
    assert [each.returncode for each in done] == [0, 0, 0, 0]


def test_connection_of_a_shop_that_does_not_answer_is_added_with_a_warning(run: Run, data: Path) -> None:
    done = add(run, AWAY, "--keep-in-file")
    assert done.returncode == 0
    assert "não foi provada" in done.stderr
    assert [each.name for each in load_settings(Paths(data).settings).connections] == [NAME]
    failed = run("test", "--name", NAME)
    assert (failed.returncode, "não responde" in failed.stderr) == (1, True)


def test_secret_without_a_keyring_is_stored_only_with_the_flag(run: Run, data: Path) -> None:
    done = add(run, AWAY)
    assert done.returncode == 1
    assert "--keep-in-file" in done.stderr
    assert not Paths(data).settings.exists()
    assert not Paths(data).credentials.exists()


def test_secret_with_a_keyring_is_sealed(run: Run, data: Path, tmp_path: Path) -> None:
    keyring = ("tests.support.fake_keyring", str(tmp_path / "keyring.json"))
    data.mkdir()
    typed = ("add", "--system", "akinon", "--name", NAME, "--url", AWAY)
    assert run(*typed, secret="one-token\n", module=keyring).returncode == 0
    assert "one-token" not in Paths(data).credentials.read_text()
    assert "chaveiro" in run("list", module=keyring).stdout
    assert "segredo que não abre" in run("list").stdout


def test_list_names_every_connection_in_text_and_json(run: Run) -> None:
    assert (run("list").stdout, run("list").returncode) == ("", 0)
    add(run, AWAY, "--keep-in-file")
    add(run, AWAY, "--keep-in-file", name="Outra loja")
    lines = run("list").stdout.splitlines()
    assert [line.split("\t")[:3] for line in lines] == [[NAME, "akinon", AWAY], ["Outra loja", "akinon", AWAY]]
    listed = json.loads(run("list", "--format", "json").stdout)
    assert [each["name"] for each in listed] == [NAME, "Outra loja"]


def test_mapped_reason_has_its_codes_and_labels(run: Run, shop: Omnitron, data: Path) -> None:
    add(run, shop.wire.url, "--keep-in-file")
    done = run("map", "--name", NAME, "--reason", "arrependimento", "--cancel", "7", "--refund", "9")
    assert (done.returncode, done.stderr) == (0, "")
    run("map", "--name", NAME, "--reason", "Defeito", "--cancel", "7")
    run("map", "--name", NAME, "--reason", "Defeito", "--refund", "9")
    (stored,) = load_settings(Paths(data).settings).connections
    assert stored.mapping("Arrependimento") == ReasonMapping("Arrependimento", "7", "Desistência", "9", "Devolução")
    assert (stored.mapping("Defeito").cancel_code, stored.mapping("Defeito").refund_code) == ("7", "9")


@pytest.mark.parametrize("codes", [("--cancel", "9"), ("--refund", "7"), ("--cancel", "7", "--refund", "99")])
def test_code_that_the_system_does_not_offer_for_its_purpose_is_not_mapped(
    run: Run, shop: Omnitron, data: Path, codes: tuple[str, ...]
) -> None:
    add(run, shop.wire.url, "--keep-in-file")
    done = run("map", "--name", NAME, "--reason", "Defeito", *codes)
    assert done.returncode == 1
    assert "Nada mudou" in done.stderr
    assert any(f"{code} " in done.stderr for code in ("7", "9"))  # what it does offer
    (stored,) = load_settings(Paths(data).settings).connections
    assert stored.mapping("Defeito") == ReasonMapping("Defeito")


def test_unusable_mapping_is_a_usage_error(run: Run) -> None:
    add(run, AWAY, "--keep-in-file")
    unknown = run("map", "--name", NAME, "--reason", "Não gostei", "--cancel", "7")
    assert unknown.returncode == 2
    assert all(reason in unknown.stderr for reason in CounterReason)
    assert run("map", "--name", NAME, "--reason", "Defeito").returncode == 2
    assert run("map", "--name", "Carrefour", "--reason", "Defeito", "--cancel", "7").returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--system", "mirakl", "--name", "Carrefour", "--url", "https://carrefour.example"),
        ("--system", "mirakl", "--name", "Carrefour", "--url", "http://carrefour.mirakl.net"),
        ("--system", "akinon", "--name", "BonifiQ", "--url", "https://loja.example"),
        ("--system", "shopify", "--name", "Loja", "--url", "https://loja.example"),
        ("--system", "mirakl", "--name", "Carrefour", "--url", "https://c.mirakl.net", "--shop-id", "0"),
    ],
)
def test_unusable_connection_is_a_usage_error(run: Run, data: Path, arguments: tuple[str, ...]) -> None:
    done = run("add", *arguments, "--keep-in-file", secret="key\n")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not Paths(data).settings.exists()


def test_connection_without_a_secret_is_a_usage_error(run: Run) -> None:
    done = add(run, AWAY, "--keep-in-file", secret="")
    assert (done.returncode, "entrada padrão" in done.stderr) == (2, True)


def test_added_again_renews_the_secret_and_keeps_the_reasons(run: Run, data: Path) -> None:
    add(run, AWAY, "--keep-in-file")
    run("map", "--name", NAME, "--reason", "Defeito", "--cancel", "7")
    assert add(run, AWAY, "--keep-in-file", secret="renewed").returncode == 0
    (stored,) = load_settings(Paths(data).settings).connections
    assert stored.mapping("Defeito").cancel_code == "7"
    found = CredentialStore(Paths(data).credentials, None).connections.load(NAME, AWAY)
    assert found == StoredSecret("renewed", KeyStorage.FILE)


def test_removed_connection_leaves_no_secret(run: Run, data: Path) -> None:
    add(run, AWAY, "--keep-in-file")
    assert run("remove", "--name", NAME).returncode == 0
    assert load_settings(Paths(data).settings).connections == ()
    assert not Paths(data).credentials.exists()
    assert run("remove", "--name", NAME).returncode == 1
    changes = [line["change"] for line in audit_log_of(data) if line.get("connection") == NAME]
    assert changes == ["added", "removed"]


def test_unfinished_return_admits_only_its_own_shop_under_the_name_of_its_connection(run: Run, data: Path) -> None:
    add(run, AWAY, "--keep-in-file")
    (stored,) = load_settings(Paths(data).settings).connections
    intent = replace(money_intent(), scope=Scope(AKINON, NAME), account=account_of(stored))
    ledger = Ledger(Paths(data).ledger)
    ledger.enqueue_return([(intent, lambda _index: SerializedRequest("/cancel/", b"{}"))])
    ledger.close()
    elsewhere = add(run, AWAY, "--keep-in-file", "--channel", "3")
    assert (elsewhere.returncode, "há registros em andamento" in elsewhere.stderr) == (1, True)
    assert run("remove", "--name", NAME).returncode == 1
    Paths(data).settings.unlink()
    assert add(run, AWAY, "--keep-in-file", "--channel", "3").returncode == 1, "typed anew, for another shop"
    save_settings(Paths(data).settings, Settings(connections=(replace(stored, channel=3),)))
    assert add(run, AWAY, "--keep-in-file").returncode == 0, "back to its own shop"


def test_open_program_keeps_its_connections_as_they_are(
    run: Run, cashier: Cashier, data: Path, server: TrainingServer
) -> None:
    for done in (
        add(run, AWAY, "--keep-in-file"),
        run("map", "--name", NAME, "--reason", "Defeito", "--cancel", "7"),
        run("remove", "--name", NAME),
    ):
        assert done.returncode == 1
        assert "o programa está aberto" in done.stderr
    assert run("list").returncode == 0


@pytest.mark.parametrize("place", range(3))
def test_options_of_the_program_stand_anywhere(data: Path, place: int) -> None:
    words = ["connections", "list"]
    words[place:place] = ["--data-dir", str(data)]
    done = subprocess.run(
        [sys.executable, "-m", "bonifiq_desktop", *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_training_connects_to_no_real_shop(run: Run, data: Path) -> None:
    done = run(
        "add", "--training", "--system", "akinon", "--name", NAME, "--url", "https://loja.example", secret="key\n"
    )
    assert (done.returncode, "treinamento" in done.stderr) == (2, True)
    assert not data.exists()
