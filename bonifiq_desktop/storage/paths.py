"""Paths of the data folder's files and of the program's resources."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


class Paths:
    """Paths in one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = folder / "ledger.db"
        self.settings = folder / "settings.json"
        self.credentials = folder / "credentials.json"  # token and sealed API key
        self.staff = folder / "people.json"  # with hashed PINs
        self.update_check = folder / "updates.json"
        self.drafts = folder / "drafts"  # a JSON file per screen
        self.slips = folder / "slips"  # the shop's own templates and logo
        self.logs = folder / "logs"
        self.crash_reports = folder / "reports"  # and the fault log
        self.appearance = folder / "appearance.json"  # look and size of the window
        self.window_placement = folder / "window.json"
        self.customer_key = folder / "customer-key.json"  # in training, or where the owner agreed to secrets in a file
        self.shop_certificate = folder / "shop-database-ca.pem"  # the authority that signed the database's certificate
        self.training_state = folder / "training-shop.json"  # the training server's orders and customers


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
