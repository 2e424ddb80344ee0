"""Tests of the proof of ownership."""

import asyncio
from pathlib import Path

import pytest

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.security.credentials import Credentials, CredentialStore
from bonifiq_desktop.services.settings_store import verify_owner
from bonifiq_desktop.storage.settings import Settings, account_for_token
from bonifiq_desktop.training_server.server import TrainingServer

OURS = Credentials("token-of-the-shop", "key-of-the-shop")
DEFAULT = Settings()
THEIRS = Credentials("token-of-another", "key-of-another")


@pytest.fixture(name="file")
def credentials_file(tmp_path: Path) -> Path:
    """The credential store of the till."""
    return tmp_path / "credentials.json"


def owns(typed: Credentials, store: CredentialStore, settings: Settings = DEFAULT) -> bool:
    """Verify a typed pair."""
    return asyncio.run(verify_owner(typed, store, settings, connect=BonifiqConnector))


@pytest.mark.parametrize("file_allowed", [True, False])
def test_owner_is_proved_by_stored_pair_only(file: Path, *, file_allowed: bool) -> None:
    store = CredentialStore(file, None)
    store.save(OURS, "https://api.exemplo.com.br", allow_plain_file=file_allowed)
    assert owns(OURS, store)
    for other in (THEIRS, Credentials(OURS.token, THEIRS.key), Credentials(THEIRS.token, OURS.key)):
        assert not owns(other, store)


def test_owner_is_not_proved_by_environment_pair(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = CredentialStore(file, None)
    store.save(OURS, "https://api.exemplo.com.br", allow_plain_file=True)
    monkeypatch.setenv("BONIFIQ_API_TOKEN", THEIRS.token)
    monkeypatch.setenv("BONIFIQ_API_KEY", THEIRS.key)
    assert not owns(THEIRS, store)
    assert owns(OURS, store)


def test_owner_with_stored_pair_is_not_proved_by_server(file: Path, server: TrainingServer) -> None:
    store = CredentialStore(file, None)
    store.save(OURS, "https://api.exemplo.com.br", allow_plain_file=True)
    assert not owns(Credentials(server.token, server.key), store, Settings(url=server.url))


def test_owner_without_stored_pair_is_proved_by_server(file: Path, server: TrainingServer) -> None:
    right = Credentials(server.token, server.key)
    ours = Settings(url=server.url, account=account_for_token(server.token))
    assert owns(right, CredentialStore(file, None), ours)
    assert not owns(Credentials(server.token, "wrong"), CredentialStore(file, None), ours)
    assert not owns(right, CredentialStore(file, None), Settings(url=server.url, account="OUTRA"))


def test_owner_offline_without_stored_pair_is_unknown(file: Path, server: TrainingServer) -> None:
    settings = Settings(url=server.url)
    server.stop()
    with pytest.raises(LookupFailed):
        owns(Credentials(server.token, server.key), CredentialStore(file, None), settings)


def test_owner_with_unreadable_stored_pair_is_proved_by_server(file: Path, server: TrainingServer) -> None:
    file.write_text('{"token": "x", "sealed_key": "damaged"}')
    settings = Settings(url=server.url, account=account_for_token(server.token))
    assert owns(Credentials(server.token, server.key), CredentialStore(file, None), settings)
