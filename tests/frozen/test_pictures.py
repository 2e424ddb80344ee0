"""The packaged program paints the same pictures as the program from source."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.frozen.shop_pc import PATIENCE, ShopPC
from tests.support import tour_pictures

_REFUND = "03-refund.png"  # words, plurals, Qt's own boxes and arrows as SVG; nothing in it depends on the clock
_SAME, _OTHER = 20, 2000  # pixels
_STRIP = 48
"""Pixels at the foot, where the status strip has the clock and the age of the connection."""

Take = Callable[[str], Path]


@pytest.fixture(name="packaged", scope="module")
def packaged_pictures(pc: ShopPC) -> Take:
    """The packaged program's tour in a language."""

    def take(language: str) -> Path:
        out = pc.home / f"tour {language}"
        assert (
            pc.run("tour", "--out", str(out), "--lang", language)
            == f"tour: {tour_pictures.OF_ALL_SYSTEMS} pictures in {out}\n"
        )
        return out

    return take


@pytest.fixture(name="from_source", scope="module")
def source_pictures(tmp_path_factory: pytest.TempPathFactory) -> Take:
    """The tour of the program as it is in the checkout."""

    def take(language: str) -> Path:
        out = tmp_path_factory.mktemp("tour")
        command = [sys.executable, "-B", "-m", "bonifiq_desktop", "tour", "--out", str(out), "--lang", language]
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE, env=environment)
        return out

    return take


def test_packaged_pictures_equal_those_from_source(packaged: Take, from_source: Take) -> None:
    theirs = {language: _picture(packaged(language)) for language in ("pt_BR", "en")}
    for language, picture in theirs.items():
        assert _differing(picture, _picture(from_source(language))) < _SAME, language
    assert _differing(theirs["pt_BR"], theirs["en"]) > _OTHER


def _picture(folder: Path) -> QImage:
    assert len(list(folder.glob("*.png"))) == tour_pictures.OF_ALL_SYSTEMS
    picture = QImage(str(folder / _REFUND)).convertToFormat(QImage.Format.Format_RGB32)
    assert not picture.isNull()
    return picture.copy(0, 0, picture.width(), picture.height() - _STRIP)


def _differing(one: QImage, other: QImage) -> int:
    """How many pixels differ."""
    assert one.size() == other.size()
    pairs = zip(memoryview(one.constBits()).cast("I"), memoryview(other.constBits()).cast("I"), strict=True)
    return sum(left != right for left, right in pairs)
