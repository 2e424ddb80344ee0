"""Credentials: sealed where a keyring works, and never on disk in clear without a yes."""

import base64
import json
from pathlib import Path

import keyring
import pytest

from bonifiq_desktop.security.credentials import (
    KEY_VARIABLE,
    TOKEN_VARIABLE,
    Credentials,
    CredentialsError,
    CredentialsForOtherAddress,
    CredentialStore,
    KeyStorage,
)
from bonifiq_desktop.security.keyrings import system_keyring
from tests.support.fake_keyring import FakeKeyring
from tests.support.rights import is_private

URL = "https://api.exemplo.com.br"
PAIR = Credentials("public-token", "s3cret-kéy")


@pytest.fixture(name="fake_keyring")
def make_fake_keyring() -> FakeKeyring:
    """A keyring that works."""
    return FakeKeyring()


@pytest.fixture(name="file")
def credentials_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the credentials are kept, with nothing in the environment."""
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    return tmp_path / "credentials.json"


def _all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def _holds_the_key(content: bytes) -> bool:
    key = PAIR.key.encode()
    return key in content or base64.b64encode(key)[:12] in content or rb"s3cret" in content


def test_key_with_a_keyring_is_sealed(file: Path, fake_keyring: FakeKeyring) -> None:
    store = CredentialStore(file, fake_keyring)
    assert store.load(URL) is None
    assert store.save(PAIR, URL, allow_plain_file=False) is KeyStorage.KEYRING
    assert CredentialStore(file, fake_keyring).load(URL) == (PAIR, KeyStorage.KEYRING)
    assert not _holds_the_key(_all_bytes(file.parent))
    assert PAIR.key not in fake_keyring.secrets.values()
    assert json.loads(file.read_text())["token"] == PAIR.token
    assert is_private(file)


def test_consent_to_a_file_is_not_used_where_a_keyring_works(file: Path, fake_keyring: FakeKeyring) -> None:
    assert CredentialStore(file, fake_keyring).save(PAIR, URL, allow_plain_file=True) is KeyStorage.KEYRING
    assert not _holds_the_key(_all_bytes(file.parent))


def test_key_without_a_keyring_stays_in_memory(file: Path) -> None:
    assert CredentialStore(file, None).save(PAIR, URL, allow_plain_file=False) is KeyStorage.MEMORY
    assert not _holds_the_key(_all_bytes(file.parent))
    assert CredentialStore(file, None).load(URL) is None


def test_key_with_consent_is_in_a_file_only_this_user_can_read(file: Path) -> None:
    file.write_text("{}")
    file.chmod(0o666)
    assert CredentialStore(file, None).save(PAIR, URL, allow_plain_file=True) is KeyStorage.FILE
    assert is_private(file)
    assert CredentialStore(file, None).load(URL) == (PAIR, KeyStorage.FILE)


def test_key_that_moves_to_the_keyring_leaves_the_file(file: Path, fake_keyring: FakeKeyring) -> None:
    CredentialStore(file, None).save(PAIR, URL, allow_plain_file=True)
    CredentialStore(file, fake_keyring).save(PAIR, URL, allow_plain_file=True)
    assert not _holds_the_key(_all_bytes(file.parent))


@pytest.mark.parametrize("sealed", [True, False])
def test_credentials_are_loaded_for_their_own_address_only(
    file: Path, fake_keyring: FakeKeyring, *, sealed: bool
) -> None:
    store = CredentialStore(file, fake_keyring if sealed else None)
    store.save(PAIR, URL, allow_plain_file=True)
    for other in ("https://thief.example", URL + "x", URL.replace("https", "http"), f"{URL}:8443", "", f"{URL}\n"):
        with pytest.raises(CredentialsForOtherAddress):
            store.load(other)
    assert store.load(URL) == (PAIR, KeyStorage.KEYRING if sealed else KeyStorage.FILE)


def test_edited_address_of_sealed_credentials_has_no_effect(file: Path, fake_keyring: FakeKeyring) -> None:
    store = CredentialStore(file, fake_keyring)
    store.save(PAIR, URL, allow_plain_file=False)
    file.write_text(json.dumps({**json.loads(file.read_text()), "url": "https://thief.example"}))
    with pytest.raises(CredentialsForOtherAddress):
        store.load("https://thief.example")


def test_credentials_without_an_address_are_not_loaded(file: Path) -> None:
    file.write_text('{"token": "t", "key": "k"}')
    with pytest.raises(CredentialsForOtherAddress):
        CredentialStore(file, None).load(URL)


@pytest.mark.parametrize("state", ["kept", "locked", "none"])
def test_forgotten_credentials_cannot_be_opened_from_an_old_copy(
    file: Path, fake_keyring: FakeKeyring, state: str
) -> None:
    store = CredentialStore(file, fake_keyring)
    if state != "none":
        store.save(PAIR, URL, allow_plain_file=False)
    copy = file.read_bytes() if state != "none" else b'{"token": "t", "sealed_key": "x"}'
    fake_keyring.locked = state == "locked"
    store.forget()
    assert not file.exists()
    assert store.load(URL) is None
    assert bool(fake_keyring.secrets) is (state == "locked")
    file.write_bytes(copy)
    with pytest.raises(CredentialsError):
        store.load(URL)
    fake_keyring.locked = False
    store.forget()
    assert store.save(PAIR, URL, allow_plain_file=False) is KeyStorage.KEYRING
    assert store.load(URL) == (PAIR, KeyStorage.KEYRING)


@pytest.mark.parametrize(("allowed", "keeping"), [(True, KeyStorage.FILE), (False, KeyStorage.MEMORY)])
def test_locked_keyring_counts_as_none(
    file: Path, fake_keyring: FakeKeyring, *, allowed: bool, keeping: KeyStorage
) -> None:
    fake_keyring.locked = True
    assert CredentialStore(file, fake_keyring).save(PAIR, URL, allow_plain_file=allowed) is keeping
    assert _holds_the_key(_all_bytes(file.parent)) is allowed


def test_keyring_with_an_error_of_the_system_counts_as_none(
    file: Path, fake_keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Windows keyring lets the errors of its library through, which are no KeyringError."""

    def refuse(*_names: str) -> str:
        raise SystemRefused(1312, "CredRead", "no such logon session")

    CredentialStore(file, fake_keyring).save(PAIR, URL, allow_plain_file=False)
    monkeypatch.setattr(fake_keyring, "get_password", refuse)
    store = CredentialStore(file, fake_keyring)
    assert not store.keyring.usable
    with pytest.raises(CredentialsError):
        store.load(URL)
    assert store.save(PAIR, URL, allow_plain_file=False) is KeyStorage.MEMORY
    store.forget()


class SystemRefused(Exception):
    """What pywin32 raises."""


@pytest.mark.parametrize("what", ["emptied", "locked", "replaced", "garbled", "gone"])
def test_keyring_without_the_secret_is_an_error(file: Path, fake_keyring: FakeKeyring, what: str) -> None:
    CredentialStore(file, fake_keyring).save(PAIR, URL, allow_plain_file=False)
    (place,) = fake_keyring.secrets
    if what == "emptied":
        fake_keyring.delete_password(*place)
    elif what == "locked":
        fake_keyring.locked = True
    elif what == "replaced":
        fake_keyring.secrets[place] = base64.urlsafe_b64encode(b"x" * 32).decode()
    elif what == "garbled":
        fake_keyring.secrets[place] = "not a key"
    with pytest.raises(CredentialsError):
        CredentialStore(file, None if what == "gone" else fake_keyring).load(URL)


def test_new_credentials_are_saved_though_the_keyring_lost_the_secret(file: Path, fake_keyring: FakeKeyring) -> None:
    store = CredentialStore(file, fake_keyring)
    store.save(PAIR, URL, allow_plain_file=False)
    (place,) = fake_keyring.secrets
    fake_keyring.secrets[place] = "not a key"
    fresh = Credentials("other", "key")
    assert store.save(fresh, URL, allow_plain_file=False) is KeyStorage.KEYRING
    assert store.load(URL) == (fresh, KeyStorage.KEYRING)


def test_interrupted_save_leaves_the_old_credentials_readable(
    file: Path, fake_keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = CredentialStore(file, fake_keyring)
    store.save(PAIR, URL, allow_plain_file=False)

    def fail(self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device", str(self))

    with monkeypatch.context() as full:
        full.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="No space"):
            store.save(Credentials("other", "key"), URL, allow_plain_file=False)
    assert store.load(URL) == (PAIR, KeyStorage.KEYRING)


def test_two_data_folders_do_not_share_a_secret(tmp_path: Path, file: Path, fake_keyring: FakeKeyring) -> None:
    other = tmp_path / "training" / "credentials.json"
    other.parent.mkdir()
    CredentialStore(file, fake_keyring).save(PAIR, URL, allow_plain_file=False)
    CredentialStore(other, fake_keyring).save(Credentials("t", "k"), URL, allow_plain_file=False)
    assert len(fake_keyring.secrets) == 2
    assert CredentialStore(file, fake_keyring).load(URL) == (PAIR, KeyStorage.KEYRING)


def test_environment_credentials_win_and_are_never_stored(
    file: Path, fake_keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = CredentialStore(file, fake_keyring)
    store.save(PAIR, URL, allow_plain_file=False)
    monkeypatch.setenv(TOKEN_VARIABLE, "kiosk")
    assert store.load(URL) == (PAIR, KeyStorage.KEYRING)  # a token without a key does not count
    monkeypatch.setenv(KEY_VARIABLE, "kiosk-key")
    assert store.load(URL) == (Credentials("kiosk", "kiosk-key"), KeyStorage.ENVIRONMENT)
    assert b"kiosk" not in _all_bytes(file.parent)
    assert (TOKEN_VARIABLE, KEY_VARIABLE) == ("BONIFIQ_API_TOKEN", "BONIFIQ_API_KEY")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"key": "k"}', '{"sealed_key": "x"}', '{"token": "t", "sealed_key": "x"}']
)
def test_damaged_credentials_file_is_an_error_and_kept(file: Path, fake_keyring: FakeKeyring, content: str) -> None:
    file.write_text(content)
    with pytest.raises(CredentialsError):
        CredentialStore(file, fake_keyring).load(URL)
    assert file.read_text() == content


def test_errors_do_not_quote_the_file(file: Path, fake_keyring: FakeKeyring) -> None:
    file.write_text('{"token": "public-token", "sealed_key": "s3cret')
    with pytest.raises(CredentialsError) as failed:
        CredentialStore(file, fake_keyring).load(URL)
    assert "s3cret" not in f"{failed.value} {failed.value.__cause__}"


def test_insecure_keyring_backend_counts_as_none(fake_keyring: FakeKeyring) -> None:
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(fake_keyring)
        assert system_keyring() is None
        assert keyring.get_keyring() is fake_keyring
    finally:
        keyring.set_keyring(before)
