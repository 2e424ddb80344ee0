"""Secrets of connections to marketplaces and web shops: beside BonifiQ's pair, and as safe as that."""

import json
from pathlib import Path

import pytest

from bonifiq_desktop.security.credentials import (
    KEY_VARIABLE,
    TOKEN_VARIABLE,
    Credentials,
    CredentialsError,
    CredentialsForOtherAddress,
    CredentialStore,
    KeyStorage,
    StoredSecret,
)
from tests.support.fake_keyring import FakeKeyring
from tests.support.rights import is_private

API = "https://api.exemplo.com.br"
URL = "https://carrefour.mirakl.net"
PAIR = Credentials("public-token", "pair-key")
SECRET = "s3cret-of-the-shop"


@pytest.fixture(name="fake_keyring")
def make_fake_keyring() -> FakeKeyring:
    """A keyring that works."""
    return FakeKeyring()


@pytest.fixture(name="file")
def credentials_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the secrets are kept, with nothing in the environment."""
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    return tmp_path / "credentials.json"


def _saved(file: Path, keyring: FakeKeyring | None, *, allow_plain_file: bool = False) -> CredentialStore:
    store = CredentialStore(file, keyring)
    store.connections.save("Carrefour", URL, SECRET, allow_plain_file=allow_plain_file)
    return store


def test_secret_with_a_keyring_is_sealed(file: Path, fake_keyring: FakeKeyring) -> None:
    _saved(file, fake_keyring, allow_plain_file=True)
    found = CredentialStore(file, fake_keyring).connections.load("Carrefour", URL)
    assert found == StoredSecret(SECRET, KeyStorage.KEYRING)
    assert SECRET not in file.read_text()
    assert SECRET not in repr(found)
    assert is_private(file)


def test_secret_without_a_keyring_is_stored_only_with_consent(file: Path) -> None:
    store = _saved(file, None)
    assert store.connections.load("Carrefour", URL) == StoredSecret(SECRET, KeyStorage.MEMORY)
    assert not file.exists()
    assert CredentialStore(file, None).connections.load("Carrefour", URL) is None
    _saved(file, None, allow_plain_file=True)
    found = CredentialStore(file, None).connections.load("Carrefour", URL)
    assert found == StoredSecret(SECRET, KeyStorage.FILE)
    assert is_private(file)


def test_secret_opens_while_the_pair_comes_from_the_environment(
    file: Path, fake_keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    _saved(file, fake_keyring)
    monkeypatch.setenv(TOKEN_VARIABLE, "token")
    monkeypatch.setenv(KEY_VARIABLE, "key")
    store = CredentialStore(file, fake_keyring)
    assert store.load(API) == (Credentials("token", "key"), KeyStorage.ENVIRONMENT)
    assert store.connections.load("Carrefour", URL) == StoredSecret(SECRET, KeyStorage.KEYRING)


@pytest.mark.parametrize("sealed", [True, False])
def test_secret_is_loaded_for_its_own_name_and_address_only(
    file: Path, fake_keyring: FakeKeyring, *, sealed: bool
) -> None:
    store = _saved(file, fake_keyring if sealed else None, allow_plain_file=True)
    for other in ("https://thief.mirakl.net", f"{URL}x", URL.replace("https", "http"), "", f"{URL}\n"):
        with pytest.raises(CredentialsForOtherAddress):
            store.connections.load("Carrefour", other)
    assert store.connections.load("Leroy", URL) is None


def test_sealed_secret_under_another_name_does_not_open(file: Path, fake_keyring: FakeKeyring) -> None:
    store = _saved(file, fake_keyring)
    store.connections.save("Leroy", URL, "other", allow_plain_file=False)
    stored = json.loads(file.read_text())
    stored["connections"]["Leroy"] = stored["connections"]["Carrefour"]
    file.write_text(json.dumps(stored))
    with pytest.raises(CredentialsError):
        store.connections.load("Leroy", URL)


def test_saving_the_pair_keeps_the_secrets_of_connections(file: Path, fake_keyring: FakeKeyring) -> None:
    store = _saved(file, fake_keyring)
    store.save(PAIR, API, allow_plain_file=False)
    again = CredentialStore(file, fake_keyring)
    assert again.load(API) == (PAIR, KeyStorage.KEYRING)
    assert again.connections.load("Carrefour", URL) == StoredSecret(SECRET, KeyStorage.KEYRING)


def test_forgetting_the_pair_keeps_the_secrets_of_connections(file: Path, fake_keyring: FakeKeyring) -> None:
    store = _saved(file, fake_keyring)
    store.save(PAIR, API, allow_plain_file=False)
    store.forget()
    again = CredentialStore(file, fake_keyring)
    assert again.load(API) is None
    assert again.connections.load("Carrefour", URL) == StoredSecret(SECRET, KeyStorage.KEYRING)


def test_forgotten_secret_does_not_open_from_an_old_copy(file: Path, fake_keyring: FakeKeyring) -> None:
    store = _saved(file, fake_keyring)
    store.connections.save("Leroy", URL, "other", allow_plain_file=False)
    copy = file.read_bytes()
    store.connections.forget("Carrefour")
    assert store.connections.load("Carrefour", URL) is None
    assert store.connections.load("Leroy", URL) == StoredSecret("other", KeyStorage.KEYRING)
    file.write_bytes(copy)
    with pytest.raises(CredentialsError):
        CredentialStore(file, fake_keyring).connections.load("Carrefour", URL)


def test_last_forgotten_secret_leaves_no_file(file: Path, fake_keyring: FakeKeyring) -> None:
    store = _saved(file, fake_keyring)
    store.connections.forget("Carrefour")
    assert not file.exists()
    assert not fake_keyring.secrets


@pytest.mark.parametrize("content", ["{", '{"connections": 5}', '{"connections": {"Carrefour": {"secret": ""}}}'])
def test_damaged_file_of_secrets_raises_and_is_replaced_by_the_next_one(
    file: Path, fake_keyring: FakeKeyring, content: str
) -> None:
    file.write_text(content)
    with pytest.raises(CredentialsError):
        CredentialStore(file, fake_keyring).connections.load("Carrefour", URL)
    store = _saved(file, fake_keyring)
    assert store.connections.load("Carrefour", URL) == StoredSecret(SECRET, KeyStorage.KEYRING)


def test_secret_sealed_by_a_keyring_that_is_locked_raises(file: Path, fake_keyring: FakeKeyring) -> None:
    _saved(file, fake_keyring)
    fake_keyring.locked = True
    with pytest.raises(CredentialsError):
        CredentialStore(file, fake_keyring).connections.load("Carrefour", URL)
