"""The secret scanner: finds every encoding, and no harmless text."""

import base64
import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.support.secret_scanner import PlantedSecret, find_secrets

NAME = PlantedSecret("name", "Iracema Açucena d'Ávila")
PAIR = PlantedSecret("pair", "token-1:k~y/+?&=")
CPF = PlantedSecret("cpf", "390.533.447-05", is_number=True)
SECRETS = (NAME, PAIR, CPF)
OTHER_BYTES = b"a haystack of 12 345 678 straws \x00\xff"

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "capitals": lambda text: text.encode().upper(),
    "utf-16 little end": lambda text: text.encode("utf-16-le"),
    "utf-16 big end": lambda text: text.encode("utf-16-be"),
    "latin-1": lambda text: text.encode("latin-1"),
    "json": lambda text: json.dumps({"x": text}).encode(),
    "json in utf-8": lambda text: json.dumps({"x": text}, ensure_ascii=False).encode(),
    "repr": lambda text: repr([text]).encode(),
    "percent": lambda text: quote(text, safe="").encode(),
    "percent with slashes": lambda text: quote(text).encode(),
    "form": lambda text: quote_plus(text).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    **{
        f"base64 after {before}": lambda text, before=before: base64.b64encode(b"x" * before + text.encode() + b"yz")  # type: ignore[misc]
        for before in range(4)
    },
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("needle", SECRETS, ids=lambda needle: needle.name)
def test_secret_is_found_in_every_encoding(tmp_path: Path, needle: PlantedSecret, encoding: str) -> None:
    (tmp_path / "file").write_bytes(OTHER_BYTES + ENCODINGS[encoding](needle.text) + OTHER_BYTES)
    assert find_secrets(tmp_path, SECRETS) == {"file": {needle.name}}


@pytest.mark.parametrize("written", ["39053344705", "390533447-05", "390 533 447 05", "390.533.447\u201305"])
@pytest.mark.parametrize("encoding", ["plain", "utf-16 little end", "json in utf-8", "base64 after 1"])
def test_number_is_found_with_any_separators(tmp_path: Path, written: str, encoding: str) -> None:
    if encoding.startswith("base64") and not written.isdecimal():
        written = CPF.text
    (tmp_path / "file").write_bytes(OTHER_BYTES + ENCODINGS[encoding](written))
    assert find_secrets(tmp_path, [CPF]) == {"file": {"cpf"}}


def test_secret_is_found_in_archives_databases_and_file_names(tmp_path: Path) -> None:
    (tmp_path / "a" / CPF.text).mkdir(parents=True)
    (tmp_path / "b.gz").write_bytes(gzip.compress(NAME.text.encode()))
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner.gz", gzip.compress(PAIR.text.encode()))
        packed.writestr(f"{CPF.text}.txt", b"")
    with closing(sqlite3.connect(tmp_path / "d.db")) as db:
        db.execute("PRAGMA journal_mode = wal")
        db.execute("CREATE TABLE t (x TEXT)")
        db.execute("INSERT INTO t VALUES (?)", (NAME.text,))
        db.commit()
        assert find_secrets(tmp_path, SECRETS) == {
            f"a/{CPF.text}": {"cpf"},
            "b.gz": {"name"},
            "c.zip": {"pair", "cpf"},
            "d.db-wal": {"name"},
        }


@pytest.mark.parametrize("harmless", ["***.533.447-**", "390.533.447-06", "Iracema A.", "token-1", "k~y"])
def test_harmless_text_is_not_found(tmp_path: Path, harmless: str) -> None:
    (tmp_path / "file").write_bytes(OTHER_BYTES + harmless.encode() + OTHER_BYTES)
    assert find_secrets(tmp_path, SECRETS) == {}
