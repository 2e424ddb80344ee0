"""Start, stop, restart and the state file."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from bonifiq_desktop.training_server.contract import ContractError
from bonifiq_desktop.training_server.listener import TrainingServerError
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import StateFileError
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.training_calls import CANCEL, SALE, client, refund


def test_credentials_and_port_are_new_for_each_server_unless_given(contract: Path) -> None:
    with TrainingServer(contract=contract) as one, TrainingServer(contract=contract) as two:
        assert one.url != two.url
        assert one.url.startswith("http://127.0.0.1:")
        assert one.token != two.token
        assert one.key != two.key
        assert len(one.key) >= 32
    fixed = TrainingServer(contract=contract, token="treino", key="segredo")
    assert (fixed.token, fixed.key) == ("treino", "segredo")


def test_server_listens_on_loopback_only(server: TrainingServer) -> None:
    port = int(server.url.rpartition(":")[2])
    with socket.socket() as probe:
        probe.settimeout(1)
        # On Linux all of 127/8 is loopback: a server bound to every address would answer here too.
        assert probe.connect_ex(("127.0.0.2", port)) != 0


@pytest.mark.posix_only("under Wine a call takes longer than the delay that shows the fault")
def test_answer_is_not_delayed_by_nagles_algorithm(http: httpx.Client) -> None:
    http.get("/v1/pvt/Order/1001")
    times = []
    for _ in range(10):
        start = time.perf_counter()
        http.get("/v1/pvt/Order/1001")
        times.append(time.perf_counter() - start)
    # Nagle's algorithm with delayed acknowledgements would cost 40 ms per call.
    assert min(times) < 0.03


def test_start_on_a_used_port_raises_error_with_the_port(contract: Path, server: TrainingServer) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(TrainingServerError, match=str(port)):
        TrainingServer(contract=contract, port=port).start()


def test_second_start_is_refused_and_second_stop_is_not(contract: Path) -> None:
    server = TrainingServer(contract=contract)
    server.stop()
    with pytest.raises(TrainingServerError, match="no port"):
        _ = server.url
    server.start()
    with pytest.raises(TrainingServerError, match="already"):
        server.start()
    server.stop()
    server.stop()


def test_stopped_server_restarts_on_the_same_port_with_its_orders(contract: Path) -> None:
    server = TrainingServer(contract=contract)
    server.start()
    url = server.url
    with client(server) as http:
        refund(http)
    server.stop()
    with client(server) as http, pytest.raises(httpx.ConnectError):
        http.get("/v1/pvt/Order/1001")
    server.start()
    assert server.url == url
    with client(server) as http:
        assert refund(http).json()["CodeName"] == "CancelKeyAlreadyUsed"
    server.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name == "training-server"] == []


@pytest.mark.parametrize("fault", ["hang", "delay"])
def test_stop_does_not_wait_for_a_hanging_call(contract: Path, fault: str) -> None:
    seen: list[Exception] = []

    def call() -> None:
        try:
            refund(http)
        except httpx.HTTPError as error:
            seen.append(error)

    with TrainingServer(contract=contract) as server, client(server) as http:
        server.faults.add("hang" if fault == "hang" else "delay", seconds=600)
        caller = threading.Thread(target=call)
        caller.start()
        while not server.service.requests:
            time.sleep(0.01)
        start = time.monotonic()
        server.stop()
        assert time.monotonic() - start < 1.8  # a stop that waits for the call takes 2 s
        caller.join(5)
    assert [type(error) for error in seen] == [httpx.RemoteProtocolError]
    # A delay interrupted by the stop applies nothing.
    assert len(server.service.applied) == (1 if fault == "hang" else 0)


def test_stop_closes_idle_connections(contract: Path) -> None:
    with TrainingServer(contract=contract) as server:
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(b"GET /v1/pvt/Or")
            time.sleep(0.05)
            server.stop()
            try:
                assert line.recv(100) == b""
            except ConnectionResetError:
                return


def test_unusable_contract_is_named_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "contract.json"
    with pytest.raises(ContractError, match=r"contract\.json"):
        TrainingServer(contract=path)
    path.write_text("{}")
    with pytest.raises(ContractError, match=r"contract\.json"):
        TrainingServer(contract=path)


def test_state_file_survives_a_restart(contract: Path, tmp_path: Path) -> None:
    state = tmp_path / "training" / "shop.json"
    with TrainingServer(contract=contract, state_file=state) as server, client(server) as http:
        assert not state.exists()
        http.post("/v1/pvt/POS/orders", json=SALE)
        refund(http)
        http.post("/v1/pvt/POS/orders/1002/cancel", json=CANCEL)
        before = (server.service.orders(), server.service.applied)
        looked_up = http.get("/v1/pvt/Order/1001").content
    with TrainingServer(contract=contract, state_file=state) as server, client(server) as http:
        assert (server.service.orders(), server.service.applied) == before
        assert http.get("/v1/pvt/Order/1001").content == looked_up
        assert refund(http).json()["CodeName"] == "CancelKeyAlreadyUsed"
    assert [path.name for path in state.parent.iterdir()] == ["shop.json"]


def test_change_is_in_the_state_file_before_its_answer(contract: Path, tmp_path: Path) -> None:
    state = tmp_path / "shop.json"
    with TrainingServer(contract=contract, state_file=state) as server, client(server) as http:
        server.faults.add("lose_answer")
        with pytest.raises(httpx.RemoteProtocolError):
            refund(http)
        assert LoyaltyService.load(state).applied == server.service.applied != []


def test_unsaved_change_is_answered_with_500(contract: Path, tmp_path: Path) -> None:
    state = tmp_path / "folder" / "shop.json"
    with TrainingServer(contract=contract, state_file=state) as server, client(server) as http:
        (tmp_path / "folder").write_text("a file where the folder should be")
        answer = refund(http)
    assert answer.status_code == 500
    assert "HasError" not in answer.json()


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", '{"format":2,"orders":[],"customers":[],"applied":[]}', '{"format": 1, "orders": [1]}', "\x00"],
)
def test_damaged_state_file_is_renamed_and_the_service_starts_anew(
    contract: Path, tmp_path: Path, content: str
) -> None:
    state = tmp_path / "shop.json"
    state.write_text(content)
    with pytest.raises(StateFileError):
        LoyaltyService.load(state)
    server = TrainingServer(contract=contract, state_file=state)
    assert server.service.find("1001") is not None
    aside = list(tmp_path.glob("shop.json.damaged-*"))
    assert [path.read_text() for path in aside] == [content]
    assert not state.exists()


def test_failed_save_leaves_the_old_file_and_no_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shop.json"
    service = LoyaltyService()
    service.save(path)
    before = path.read_bytes()
    assert json.loads(before)["format"] == 1

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        service.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_connection_made_during_stop_is_closed(contract: Path) -> None:
    for _ in range(30):
        with TrainingServer(contract=contract) as server:
            port = int(server.url.rpartition(":")[2])
            caller = socket.create_connection(("127.0.0.1", port), timeout=5)
        with caller, contextlib.suppress(ConnectionError):
            assert caller.recv(1) == b""
