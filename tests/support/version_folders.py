"""An installation with version folders, made by hand."""

from pathlib import Path

from bonifiq_desktop.ledger.schema import MIGRATIONS


class VersionFolders:
    """The folder that holds `current.txt`, `versions/` and `starts/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "starts").mkdir(parents=True, exist_ok=True)

    def add(self, name: str, *, ledger: int = len(MIGRATIONS), program: str = "bonifiq-desktop") -> Path:
        """Make a version's folder with a manifest and an empty program; return the program's path."""
        folder = self.root / "versions" / name
        folder.mkdir(parents=True)
        (folder / "manifest.txt").write_text(f"# ledger {ledger}\n", encoding="utf-8")
        (folder / program).touch()
        return folder / program

    def set_current(self, *lines: str) -> None:
        """Write `current.txt`."""
        (self.root / "current.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    @property
    def current(self) -> list[str]:
        """The lines of `current.txt`."""
        return (self.root / "current.txt").read_text(encoding="utf-8").splitlines()

    @property
    def names(self) -> set[str]:
        """The folders of versions that are there."""
        return {folder.name for folder in (self.root / "versions").iterdir()}

    def count(self, name: str, kind: str) -> int:
        """How many bytes a mark has, 0 when there is none."""
        mark = self.root / "starts" / f"{name}.{kind}"
        return mark.stat().st_size if mark.exists() else 0

    def set_count(self, name: str, kind: str, count: int) -> None:
        """Write a mark with so many bytes."""
        (self.root / "starts" / f"{name}.{kind}").write_bytes(b"+" * count)
