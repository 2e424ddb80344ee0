"""Linux packages of the program folder: a .tar.gz and a .deb."""

import gzip
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import identity

from bonifiq_desktop import __version__

LINUX = Path(__file__).resolve().parent / "linux"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class _At(Template):
    delimiter = "@"


def build_time() -> int:
    """The time stamp of packaged files, which makes builds reproducible."""
    return int(os.environ["SOURCE_DATE_EPOCH"])


def size_of(folder: Path) -> int:
    """The size of a folder's files without links, in bytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def make_tar(folder: Path, out: Path) -> Path:
    """Pack the folder in a fixed order, owned by root."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = build_time()
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    target = out / f"bonifiq-desktop-{__version__}-linux-{platform.machine()}.tar.gz"
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=build_time()) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        tar.add(folder, f"bonifiq-desktop-{__version__}", recursive=False, filter=plain)
        for file in sorted(folder.rglob("*")):
            tar.add(file, f"bonifiq-desktop-{__version__}/{file.relative_to(folder)}", recursive=False, filter=plain)
    return target


def make_deb(folder: Path, icons: Path, out: Path) -> Path:
    """A Debian package: the folder in /usr/lib, a command, a desktop entry, icons, AppStream metadata.

    No script runs when it is installed, updated or removed: no user data can be touched.
    """
    architecture = _ARCHITECTURES[platform.machine()]
    target = out / f"bonifiq-desktop_{__version__}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "root"
        _write_deb_tree(root, folder, icons)
        facts = {
            "architecture": architecture,
            "libc": platform.libc_ver()[1],
            "kib": str(size_of(root) // 1024),
        }
        _fill(LINUX / "control", root / "DEBIAN" / "control", facts)
        for path in (root, *root.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def _write_deb_tree(root: Path, folder: Path, icons: Path) -> None:
    share = root / "usr" / "share"
    shutil.copytree(folder, root / "usr" / "lib" / "bonifiq-desktop", symlinks=True)
    command = root / "usr" / "bin" / "bonifiq-desktop"
    command.parent.mkdir(parents=True)
    command.symlink_to("../lib/bonifiq-desktop/bonifiq-desktop")
    _copy(LINUX / "bonifiq-desktop.desktop", share / "applications" / "bonifiq-desktop.desktop")
    hicolor = share / "icons" / "hicolor"
    for size in identity.SIZES:
        _copy(icons / f"{size}.png", hicolor / f"{size}x{size}" / "apps" / "bonifiq-desktop.png")
    _copy(identity.ICON, hicolor / "scalable" / "apps" / "bonifiq-desktop.svg")
    documents = share / "doc" / "bonifiq-desktop"
    _copy(identity.ROOT / "LICENSE", documents / "copyright")
    (documents / "THIRD-PARTY-NOTICES.txt").symlink_to("../../../lib/bonifiq-desktop/THIRD-PARTY-NOTICES.txt")
    _fill(LINUX / "metainfo.xml", share / "metainfo" / f"{identity.IDENTIFIER}.metainfo.xml", {})


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _fill(source: Path, target: Path, facts: dict[str, str]) -> None:
    date = f"{datetime.fromtimestamp(build_time(), UTC):%Y-%m-%d}"
    facts = facts | {"version": __version__, "date": date, "identifier": identity.IDENTIFIER}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_At(source.read_text(encoding="utf-8")).substitute(facts), encoding="utf-8")
