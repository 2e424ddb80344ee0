"""The secrets of a till's access to the shop database, in the keyring, in a file, in memory."""

from pathlib import Path

import pytest

from bonifiq_desktop.security.credentials import CredentialsError, CredentialStore, KeyStorage
from bonifiq_desktop.security.keyrings import Keyring
from bonifiq_desktop.security.shop_access import ShopAccess, ShopAccessStore
from tests.support.fake_keyring import FakeKeyring

ACCESS = ShopAccess("the-password", bytes(range(32)), "the-next-password")


def opened(folder: Path, keyring: Keyring | None) -> ShopAccessStore:
    return ShopAccessStore(CredentialStore(folder / "credentials.json", keyring).connections)


def test_secrets_in_the_keyring_are_sealed_and_read_again(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    kept = opened(tmp_path, keyring).save("till_1", "shop", ACCESS, allow_plain_file=False)
    assert kept is KeyStorage.KEYRING
    assert opened(tmp_path, keyring).load("till_1", "shop") == (ACCESS, KeyStorage.KEYRING)
    written = (tmp_path / "credentials.json").read_text()
    assert "password" not in written
    assert "password" not in repr(ACCESS)


def test_secrets_without_a_keyring_are_kept_in_a_file_by_consent_only(tmp_path: Path) -> None:
    store = opened(tmp_path, None)
    assert store.save("till_1", "shop", ACCESS, allow_plain_file=False) is KeyStorage.MEMORY
    assert store.load("till_1", "shop") == (ACCESS, KeyStorage.MEMORY)
    assert opened(tmp_path, None).load("till_1", "shop") is None
    assert store.save("till_1", "shop", ACCESS, allow_plain_file=True) is KeyStorage.FILE
    assert opened(tmp_path, None).load("till_1", "shop") == (ACCESS, KeyStorage.FILE)


def test_secrets_of_another_role_or_database_are_not_this_ones(tmp_path: Path) -> None:
    store = opened(tmp_path, None)
    store.save("till_1", "shop", ACCESS, allow_plain_file=True)
    assert store.load("till_2", "shop") is None
    assert store.load("till_1", "other") is None
    store.forget()
    assert store.load("till_1", "shop") is None


def test_damaged_secrets_are_an_error(tmp_path: Path) -> None:
    store = opened(tmp_path, None)
    store.save("till_1", "shop", ShopAccess("p", b"short"), allow_plain_file=True)
    with pytest.raises(CredentialsError):
        store.load("till_1", "shop")
