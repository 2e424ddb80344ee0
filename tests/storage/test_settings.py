"""The shop's settings: kept, checked, and never sending credentials where they do not belong."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.urls import is_safe_url
from bonifiq_desktop.storage.settings import (
    DEFAULT_URL,
    Settings,
    SettingsError,
    account_for_token,
    load_settings,
    parse_update_feed,
    save_settings,
)
from tests.support.rights import is_private

KEY = "ljypQYoo3HRDLQFqMe5fWHs3QtKuPMlUeFB7UQRqBz8"

FULL = Settings(
    url="http://127.0.0.1:8700",
    account="7C9E2A10",
    till="LOJA2",
    branch_id="L1",
    branch_name="Centro",
    sales_people=("Bia", "João"),
    payment_methods=(),
    language="en",
    order_paths="Order",
    send_refund_products=True,
    trust_used_key=False,
    update_feed=f"https://loja.example/avisos.txt#{KEY}",
)


def test_settings_are_loaded_as_they_were_saved(tmp_path: Path) -> None:
    for settings in (FULL, Settings()):
        save_settings(tmp_path / "settings.json", settings)
        assert load_settings(tmp_path / "settings.json") == settings
    assert is_private(tmp_path / "settings.json")


def test_settings_without_a_file_are_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == Settings()
    assert Settings().validated() == Settings()
    assert DEFAULT_URL.startswith("https://")


def test_typed_settings_are_tidied() -> None:
    tidy = Settings(url=" https://api.exemplo.com.br// ", till=" caixa2 ").validated()
    assert (tidy.url, tidy.till) == ("https://api.exemplo.com.br", "CAIXA2")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://api.bonifiq.com.br"),
        ("url", ""),
        ("till", ""),
        ("till", "CAIXA-1"),
        ("till", "A" * 13),
        ("language", "fr"),
        ("order_paths", "pos"),
    ],
)
def test_invalid_setting_is_named_and_never_saved(tmp_path: Path, field: str, value: str) -> None:
    wrong: dict[str, Any] = {field: value}
    with pytest.raises(SettingsError) as refused:
        save_settings(tmp_path / "settings.json", replace(Settings(), **wrong))
    assert refused.value.field == field
    assert not (tmp_path / "settings.json").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", 5),
        ("till", None),
        ("sales_people", "Bia"),
        ("sales_people", ["Bia", 5]),
        ("sales_people", {"Bia": 1}),
        ("trust_used_key", 1),
        ("trust_used_key", "false"),
        ("send_refund_products", None),
        ("language", 1.5),
        ("url", "http://evil.com"),
    ],
)
def test_file_with_an_invalid_value_names_the_setting(tmp_path: Path, field: str, value: Any) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({field: value}), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(file)
    assert refused.value.field == field


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"\0" * 50])
def test_unreadable_settings_file_is_an_error_and_left_unchanged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path / "settings.json")
    assert refused.value.field == "file"
    assert (tmp_path / "settings.json").read_bytes() == content


def test_setting_of_a_newer_version_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"till": "LOJA2", "something_new": 5}', encoding="utf-8")
    assert load_settings(tmp_path / "settings.json").till == "LOJA2"


def test_setting_of_a_newer_version_outlives_a_save(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    new = {"something_new": {"a": [1, 0.25, None]}, "another": "é"}
    file.write_text(json.dumps({"till": "LOJA2", **new}), encoding="utf-8")
    save_settings(file, replace(load_settings(file), till="LOJA3"))
    stored = json.loads(file.read_bytes())
    assert {name: stored[name] for name in new} == new
    assert (stored["till"], load_settings(file).till) == ("LOJA3", "LOJA3")


def test_update_feed_is_empty_by_default() -> None:
    assert Settings().update_feed == ""
    assert parse_update_feed("") is None


def test_update_feed_with_a_key_is_parsed() -> None:
    for address in ("https://loja.example/avisos.txt", "http://127.0.0.1:80/a", "https://loja.example:8443"):
        tidy = Settings(update_feed=f"  {address}#{KEY}\n").validated()
        feed = parse_update_feed(tidy.update_feed)
        assert feed is not None
        assert (feed.address, len(feed.key)) == (address, 32)


@pytest.mark.parametrize(
    "feed",
    [
        *("https://loja.example/a", "https://loja.example/a#", f"#{KEY}", KEY, f"loja.example/a#{KEY}"),
        *(f"http://loja.example/a#{KEY}", f"https://eu:senha@loja.example/a#{KEY}", f"https://loja.example/a?b#{KEY}"),
        *(f"https://loja.example/a#{KEY}=", f"https://loja.example/a#{KEY[:-1]}", f"https://loja.example/a#{KEY}A"),
        *(f"https://loja.example/a# {KEY}", f"https://loja.example/a##{KEY}", f"https://loja.example/a#{KEY}#b"),
        f"https://loja.example/a#{'A' * 42}B",  # bits to spare that are not zero
        f"https://loja.example/a#{'+' * 43}",
        f"https://loja.example/a#{'é' * 43}",
    ],
)
def test_update_feed_without_a_valid_key_or_safe_address_is_refused(feed: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings(update_feed=feed).validated()
    assert refused.value.field == "update_feed"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://api.bonifiq.com.br",
            "https://exemplo.com:8443/base",
            "HTTPS://EXEMPLO.COM",
            "https://[2001:db8::1]:1",
        ),
        *("http://127.0.0.1:8700", "http://localhost:1", "http://[::1]:8700", "http://127.9.9.9"),
    ],
)
def test_url_over_tls_or_to_this_machine_is_safe(url: str) -> None:
    assert is_safe_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("http://api.bonifiq.com.br", "http://192.168.0.5", "http://0.0.0.0", "http://localhost.evil.com"),
        *("http://127.0.0.1.evil.com", "http://evil.com/127.0.0.1", "http://2130706433", "http://[::]"),
        *("https://user@host.com", "https://user:pass@host.com", "https://@host.com", "https://a.com\\@evil.com"),
        *("https://host.com?", "https://host.com?a=b", "https://host.com#", "https://host.com#x"),
        *(
            "https://host .com",
            " https://host.com",
            "https://host.com\n",
            "https://ho\tst.com",
            "https://host\u00a0.com",
        ),
        *("https://", "https:host.com", "//host.com", "host.com", "", "ftp://host.com", "file:///etc/passwd"),
        *("https://host.com:0", "https://host.com:99999", "https://host.com:x", "https://[::1", "javascript:1"),
    ],
)
def test_url_of_any_other_form_is_not_safe(url: str) -> None:
    assert not is_safe_url(url)


def test_account_code_depends_on_the_token_and_does_not_reveal_it() -> None:
    assert account_for_token("token") == account_for_token("token") != account_for_token("Token")
    assert account_for_token("token") == "C971463E"
    assert "token" not in account_for_token("token").lower()
