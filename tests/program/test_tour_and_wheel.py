"""The `tour` command, from an installed wheel and against another server."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from tests.support import tour_pictures
from tests.support.cashier import program
from tests.support.help_texts import HELP_TEXTS

ROOT = Path(__file__).parents[2]


def pictures_in(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.png"))
    for file in found:
        image = QImage(str(file))
        assert image.width() >= 1000, file
        colours = {image.pixel(x, y) for x in range(0, image.width(), 37) for y in range(0, image.height(), 37)}
        assert len(colours) > 5, f"{file} shows nothing"
    return found


def test_installed_wheel_completes_the_tour(tmp_path: Path) -> None:
    run = [sys.executable, "-m"]
    build = [*run, "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    elsewhere = tmp_path / "a pasta é outra"
    install = [*run, "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(elsewhere), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(elsewhere), "PYTHONDONTWRITEBYTECODE": "1"}
    where = subprocess.run(
        [sys.executable, "-c", "import bonifiq_desktop; print(bonifiq_desktop.__file__)"],
        cwd=tmp_path, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(elsewhere))
    for name in HELP_TEXTS:
        assert (elsewhere / "bonifiq_desktop" / "docs" / name).is_file()
    tour = subprocess.run(
        [*run, "bonifiq_desktop", "tour", "--out", str(tmp_path / "pictures")],
        cwd=tmp_path, env=environment, check=False, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert tour.returncode == 0, tour.stderr
    assert len(pictures_in(tmp_path / "pictures")) == tour_pictures.OF_ALL_SYSTEMS


def test_tour_against_another_server_fails(tmp_path: Path) -> None:
    done = program(
        "tour", "--out", str(tmp_path), "--api-url", "http://127.0.0.1:9",
        BONIFIQ_API_TOKEN="t", BONIFIQ_API_KEY="k", BONIFIQ_TOUR_PATIENCE="2",
    )  # fmt: skip
    assert done.returncode == 1
    assert "look up" in done.stderr
