"""The enrolment file: sealed by a one-time code, opened on another till."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bonifiq_desktop.domain.shop_database import EnrolmentError, EnrolmentTrouble
from bonifiq_desktop.shop_database.enrolment_file import (
    CODE_LENGTH,
    CODE_LETTERS,
    Enrolment,
    new_code,
    open_enrolment,
    seal_enrolment,
)

CODE = "ABCDE-FGHJK-LMNPQ-RSTUV"
ENROLMENT = Enrolment(
    shop="Padaria São João",
    till="CAIXA2",
    hosts=("servidor.loja.lan", "10.0.0.5:5433"),
    database="bonifiq",
    role="till_caixa2_0a1b2c3d",
    ca="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    until=datetime(2026, 12, 1, 12, tzinfo=UTC),
    password="p4ssw0rd-that-works-once",
    secret=bytes(range(32)),
)


def test_code_is_readable_and_never_the_same() -> None:
    code = new_code()
    letters = code.replace("-", "")
    assert len(letters) == CODE_LENGTH
    assert set(letters) <= set(CODE_LETTERS)
    assert not {"I", "O"} & set(CODE_LETTERS)
    assert new_code() != code


@pytest.mark.parametrize("typed", [CODE, "abcdefghjklmnpqrstuv", " ABCDE FGHJK LMNPQ RSTUV\n"])
def test_enrolment_opens_with_its_code_in_any_writing(typed: str) -> None:
    assert open_enrolment(seal_enrolment(ENROLMENT, CODE), typed) == ENROLMENT


@pytest.mark.parametrize("typed", ["", "ABCDE-FGHJK-LMNPQ-RSTUW", "ABCDE-FGHJK-LMNPQ"])
def test_enrolment_with_another_code_stays_closed(typed: str) -> None:
    with pytest.raises(EnrolmentError) as caught:
        open_enrolment(seal_enrolment(ENROLMENT, CODE), typed)
    assert caught.value.trouble is EnrolmentTrouble.WRONG_CODE


def test_enrolment_file_shows_nothing_of_its_content() -> None:
    data = seal_enrolment(ENROLMENT, CODE).decode()
    for secret in ("Padaria", "CAIXA2", "servidor", ENROLMENT.role, ENROLMENT.password, CODE, CODE.replace("-", "")):
        assert secret not in data
    assert seal_enrolment(ENROLMENT, CODE).decode() != data  # salt and nonce are new each time
    assert ENROLMENT.password not in repr(ENROLMENT)


def test_damaged_or_foreign_enrolment_file_is_unreadable() -> None:
    data = seal_enrolment(ENROLMENT, CODE)
    stored = json.loads(data)
    sealed = stored["sealed"]
    damaged = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]
    for wrong in (
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        data[: len(data) // 2],
        json.dumps(stored | {"format": "another"}).encode(),
        json.dumps(stored | {"version": 2}).encode(),
        json.dumps(stored | {"salt": "%"}).encode(),
        json.dumps(stored | {"nonce": ""}).encode(),
        json.dumps(stored | {"sealed": damaged}).encode(),
    ):
        with pytest.raises(EnrolmentError) as caught:
            open_enrolment(wrong, CODE)
        assert caught.value.trouble is EnrolmentTrouble.UNREADABLE, wrong


def test_enrolment_file_changed_together_with_its_checksum_stays_closed() -> None:
    stored = json.loads(seal_enrolment(ENROLMENT, CODE))
    other = json.loads(seal_enrolment(replace(ENROLMENT, hosts=("attacker",)), "ZZZZZ" * 4))
    forged = stored | {"sealed": other["sealed"], "sha256": other["sha256"]}
    with pytest.raises(EnrolmentError) as caught:
        open_enrolment(json.dumps(forged).encode(), CODE)
    assert caught.value.trouble is EnrolmentTrouble.WRONG_CODE


def test_enrolment_with_a_short_secret_is_unreadable() -> None:
    with pytest.raises(EnrolmentError) as caught:
        open_enrolment(seal_enrolment(replace(ENROLMENT, secret=b"short"), CODE), CODE)
    assert caught.value.trouble is EnrolmentTrouble.UNREADABLE
