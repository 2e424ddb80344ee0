"""Paths of the data folder's files and of the program's resources."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


class Paths:
    """Paths in one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def ledger(self) -> Path:
        """Operations, attempts and CancelKeys (SQLite)."""
        return self.folder / "ledger.db"

    @property
    def settings(self) -> Path:
        """The shop's settings (JSON)."""
        return self.folder / "settings.json"

    @property
    def credentials(self) -> Path:
        """Token and sealed API key (JSON)."""
        return self.folder / "credentials.json"

    @property
    def staff(self) -> Path:
        """The staff of this till, with hashed PINs (JSON)."""
        return self.folder / "people.json"

    @property
    def update_check(self) -> Path:
        """The last check for a newer version (JSON)."""
        return self.folder / "updates.json"

    @property
    def drafts(self) -> Path:
        """Drafts, a JSON file per screen."""
        return self.folder / "drafts"

    @property
    def logs(self) -> Path:
        """The program's log files."""
        return self.folder / "logs"

    @property
    def crash_reports(self) -> Path:
        """Crash reports and the fault log."""
        return self.folder / "reports"

    @property
    def window_placement(self) -> Path:
        """The window's last position and size (JSON)."""
        return self.folder / "window.json"

    @property
    def training_state(self) -> Path:
        """The training server's orders and customers (training only)."""
        return self.folder / "training-shop.json"


def data_folder(chosen: str | None, *, training: bool) -> Path:
    """Return the chosen data folder, or this user's local (not roaming) one; training has its own folder in it."""
    base = (Path(chosen) if chosen else _default_folder()).expanduser().resolve()
    return base / "training" if training else base


def _default_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("BonifiQ Desktop", appauthor=False, roaming=False))


def resource(name: str) -> Path:
    """A file of `resources/`. Raises FileNotFoundError."""
    return _shipped("resources", name)


def document(name: str) -> Path:
    """A file of `docs/` that the window shows. Raises FileNotFoundError."""
    return _shipped("docs", name)


def _shipped(folder: str, name: str) -> Path:
    """A file that comes with the program: in a wheel or a packaged build inside the package, else beside it."""
    for root in (_PACKAGE, _PACKAGE.parent):
        if (root / folder / name).is_file():
            return root / folder / name
    raise FileNotFoundError(name)
