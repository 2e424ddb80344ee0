"""The gallery of `make pictures` draws each part in each look."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from bonifiq_desktop.ui import theme

REPOSITORY = Path(__file__).parent.parent.parent


def test_gallery_draws_the_parts_in_each_look(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "packaging/gallery.py", str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1"},
    )
    assert done.returncode == 0, done.stderr
    names = [f"{look}-100" for look in theme.LOOKS] + ["light-130"]
    pictures = {name: QImage(str(tmp_path / f"parts-{name}-at-100%.png")) for name in names}
    assert all(picture.width() >= 1180 and picture.height() > 1000 for picture in pictures.values())
    colours = {name: picture.pixelColor(2, 2).name() for name, picture in pictures.items()}
    grounds = {look: str(theme._tokens()[look]["bg"]).lower() for look in theme.LOOKS}
    assert colours == {f"{look}-100": ground for look, ground in grounds.items()} | {"light-130": grounds["light"]}
