"""The keys of the customer records: where their secret is kept, and what a seal protects."""

from pathlib import Path

import pytest

from bonifiq_desktop.domain.phones import Phone
from bonifiq_desktop.security.credentials import CredentialsError
from bonifiq_desktop.security.customer_keys import (
    CustomerKeys,
    SealBroken,
    load_customer_keys,
    load_or_create_secret,
)
from bonifiq_desktop.security.keyrings import TimedKeyring
from tests.support.fake_keyring import FakeKeyring
from tests.support.rights import is_private

KEYS = CustomerKeys(b"k" * 32)


@pytest.fixture(name="file")
def secret_file(tmp_path: Path) -> Path:
    return tmp_path / "customer-key.json"


def load(file: Path, keyring: FakeKeyring | None, *, file_allowed: bool = False) -> CustomerKeys:
    return load_customer_keys(file, TimedKeyring(lambda: keyring), file_allowed=file_allowed)


def test_secret_in_a_file_is_created_once_and_kept(file: Path) -> None:
    made = load_or_create_secret(file)
    assert len(made) == 32
    assert load_or_create_secret(file) == made
    assert is_private(file)
    assert load_or_create_secret(file.with_name("other.json")) != made


@pytest.mark.parametrize("content", ["{", '{"key": ""}', '{"key": "AAAA"}', '{"key": "not base64!"}', '{"key": 5}'])
def test_damaged_secret_is_not_replaced_by_a_weak_one(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(CredentialsError):
        load_or_create_secret(file)
    assert not load(file, None, file_allowed=True).is_kept
    assert file.read_text() == content


def test_keyring_keeps_the_secret_and_no_file_does(file: Path) -> None:
    keyring = FakeKeyring()
    made = load(file, keyring, file_allowed=True)
    assert made.is_kept
    assert load(file, keyring) == made
    assert list(file.parent.iterdir()) == []
    assert load(file.parent / "other" / file.name, keyring) != made


@pytest.mark.parametrize("locked", [False, True])
def test_no_usable_keyring_makes_keys_for_one_run(file: Path, *, locked: bool) -> None:
    keyring = FakeKeyring() if locked else None
    if keyring:
        keyring.locked = True
    made = load(file, keyring)
    assert not made.is_kept
    assert load(file, keyring) != made
    assert list(file.parent.iterdir()) == []


def test_secret_of_the_file_moves_into_a_later_keyring(file: Path) -> None:
    in_file = load(file, None, file_allowed=True)
    assert in_file.is_kept
    assert load(file, FakeKeyring(), file_allowed=True) == in_file
    assert not file.exists()


def test_sealed_record_opens_only_in_its_row_and_unchanged() -> None:
    sealed = KEYS.seal(7, b"Ana Lima")
    assert KEYS.unseal(7, sealed) == b"Ana Lima"
    assert KEYS.seal(7, b"Ana Lima") != sealed
    for keys, row, record in (
        (KEYS, 8, sealed),
        (CustomerKeys(b"x" * 32), 7, sealed),
        (KEYS, 7, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (KEYS, 7, b""),
    ):
        with pytest.raises(SealBroken):
            keys.unseal(row, record)


def test_keys_show_no_secret() -> None:
    assert "kkk" not in repr(KEYS)


def test_hashes_need_the_key_and_differ_by_purpose() -> None:
    other = CustomerKeys(b"x" * 32)
    phone = Phone("87654321", "11")
    assert KEYS.identity("529.982.247-25") == KEYS.identity("52998224725") != other.identity("52998224725")
    assert KEYS.phone_hash(phone) != other.phone_hash(phone)
    assert KEYS.phone_hash(phone) != KEYS.identity("", phone="1187654321")
