"""Tests of update notices and version numbers."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop import __version__
from bonifiq_desktop.domain.updates import PROGRAM, InvalidUpdateNotice, Release, parse_release, parse_version

SAID = {"program": PROGRAM, "version": "0.10.0", "page": "https://loja.example/baixar", "published": "2026-12-01"}
NUMBERS = st.tuples(*[st.integers(0, 999_999)] * 3)


def payload(**other: Any) -> bytes:
    """A notice with some fields replaced."""
    return json.dumps(SAID | other).encode()


@given(NUMBERS, NUMBERS)
def test_versions_compare_as_numbers(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    read = [parse_version(".".join(map(str, numbers))) for numbers in (one, other)]
    assert read == [one, other]
    assert (read[0] < read[1]) is (one < other)


def test_version_ten_is_newer_than_nine() -> None:
    assert parse_version("0.9.9") < parse_version("0.10.0") < parse_version("1.0.0")


def test_own_version_is_parsable() -> None:
    assert parse_version(__version__)


@given(st.text(alphabet="0123456789.v-+ rc\n\u0661", max_size=12))
def test_version_other_than_three_numbers_is_refused(text: str) -> None:
    parts = text.split(".")
    is_one = len(parts) == 3 and all(p.isascii() and p.isdecimal() and len(p) < 7 and p == str(int(p)) for p in parts)
    try:
        parse_version(text)
    except InvalidUpdateNotice:
        assert not is_one
    else:
        assert is_one


@pytest.mark.parametrize("text", ["1.2", "1.2.3.4", "01.2.3", "1.2.3-rc1", "v1.2.3", "1.2.3\n", "1.2.1234567", "1.-2"])
def test_version_lookalike_is_refused(text: str) -> None:
    with pytest.raises(InvalidUpdateNotice):
        parse_version(text)


def test_notice_with_unknown_fields_gives_release() -> None:
    release = parse_release(payload(size=5))
    assert release == Release((0, 10, 0), "https://loja.example/baixar", date(2026, 12, 1))
    assert release.name == "0.10.0"


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b"\xff", b"{}", b'"x"', b"[" * 500),
        *(payload(program="another"), payload(program=None), payload(version="1.2"), payload(version=1)),
        *(
            payload(page="http://loja.example"),
            payload(page="https://a@b.example"),
            payload(page="https://loja.example/?a"),
        ),
        *(payload(page="https://loja.example/\u202egnp"), payload(page="javascript:1"), payload(page=["https://a"])),
        *(payload(page="https://loja.example/" + "a" * 300), payload(page="https://loja.example/a b")),
        *(payload(published="2026-13-01"), payload(published="2026-1-1"), payload(published=20261201)),
        payload()[:-1] + b', "version": "9.9.9"}',
        payload()[:-1] + b', "size": NaN}',
    ],
)
def test_notice_malformed_or_of_other_program_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidUpdateNotice):
        parse_release(content)
