"""Settings of connections to marketplaces and web shops: kept, tidied, and refused by the field that is wrong."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.storage.remote_settings import Learnable, ReasonMapping, RemoteSettings
from bonifiq_desktop.storage.settings import Settings, SettingsError, load_settings, save_settings

MIRAKL = RemoteSettings(
    "Carrefour",
    "mirakl",
    "https://carrefour.mirakl.net",
    shop_id=2041,
    currency="BRL",
    cancel_lines=Learnable.NO,
    by_return_flow=True,
    repeat_limited=False,
    reasons=(ReasonMapping("Defeito", "7", "Item defeituoso", "17", "Defeito"),),
)
AKINON = RemoteSettings(
    "Loja on-line", "akinon", "https://loja.example", user="caixa", channel=3, prefixes=(("orders", "v1"),)
)


def test_connections_are_loaded_as_they_were_saved(tmp_path: Path) -> None:
    settings = Settings(connections=(MIRAKL, AKINON))
    save_settings(tmp_path / "settings.json", settings)
    assert load_settings(tmp_path / "settings.json") == settings


def test_field_of_a_newer_version_outlives_a_save_of_another_connection(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, Settings(connections=(MIRAKL, AKINON)))
    stored = json.loads(path.read_bytes())
    for connection in stored["connections"]:
        connection["dispute_flow"] = {"on": 1.50}
        for mapping in connection["reasons"]:
            mapping["exchange_code"] = "X9"
    path.write_text(json.dumps(stored))
    renewed = replace(MIRAKL, shipping_back=not MIRAKL.shipping_back)
    save_settings(path, Settings(connections=(AKINON, renewed, replace(MIRAKL, name="New"))))
    saved = {each["name"]: each for each in json.loads(path.read_bytes())["connections"]}
    assert [each.get("dispute_flow") for each in saved.values()] == [{"on": 1.50}] * 2 + [None]
    assert saved[MIRAKL.name]["shipping_back"] is renewed.shipping_back
    assert [each["exchange_code"] for each in saved[MIRAKL.name]["reasons"]] == ["X9"] * len(MIRAKL.reasons)
    assert load_settings(path).connections[1] == renewed


def test_typed_connection_is_tidied() -> None:
    typed = RemoteSettings("  Leroy   Merlin ", "mirakl", "https://LM.mirakl.net/ ", currency="brl")
    (tidy,) = Settings(connections=(typed,)).validated().connections
    assert (tidy.name, tidy.url, tidy.currency) == ("Leroy Merlin", "https://LM.mirakl.net", "BRL")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200b"),
        ("name", "n" * 41),
        ("name", "BonifiQ"),
        ("system", "shopify"),
        ("url", "http://carrefour.mirakl.net"),
        ("url", "https://carrefour.example"),
        ("url", "https://mirakl.net.thief.example"),
        ("shop_id", "2041"),
        ("shop_id", 0),
        ("shop_id", True),
        ("channel", -1),
        ("currency", "R$"),
        ("cancel_lines", "perhaps"),
        ("by_return_flow", 1),
        ("reasons", (ReasonMapping("Não gostei"),)),
        ("reasons", (ReasonMapping("Defeito", "1"), ReasonMapping("Defeito", "2"))),
        ("prefixes", (("orders", "../v1"),)),
    ],
)
def test_unusable_field_of_a_connection_is_named(tmp_path: Path, field: str, value: Any) -> None:
    settings = Settings(connections=(AKINON, replace(MIRAKL, **{field: value})))
    with pytest.raises(SettingsError) as refused:
        settings.validated()
    assert refused.value.field == f"connections.{field}"
    with pytest.raises(SettingsError):
        save_settings(tmp_path / "settings.json", settings)


def test_two_connections_with_names_that_differ_in_capitals_are_refused() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings(connections=(MIRAKL, replace(AKINON, name="CARREFOUR"))).validated()
    assert refused.value.field == "connections"


@pytest.mark.parametrize("address", ["http://127.0.0.1:9000", "http://localhost:9000", "https://127.0.0.1"])
def test_training_server_on_this_machine_is_accepted(address: str) -> None:
    (tidy,) = Settings(connections=(replace(MIRAKL, url=address),)).validated().connections
    assert tidy.url == address


@pytest.mark.parametrize(
    "content", [5, {}, [5], [{}], [{"name": "X", "system": "mirakl"}], [{"name": "X", "url": "https://x.mirakl.net"}]]
)
def test_damaged_connections_of_a_file_are_refused(tmp_path: Path, content: Any) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"connections": content}))
    with pytest.raises(SettingsError) as refused:
        load_settings(file)
    assert refused.value.field.startswith("connections")


def test_connection_is_found_by_its_name_in_any_capitals() -> None:
    settings = Settings(connections=(MIRAKL, AKINON))
    assert settings.connection(" carrefour ") == MIRAKL
    assert settings.connection("Leroy") is None
