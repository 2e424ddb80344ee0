"""Linux packages of the program folder: a .tar.gz and a .deb."""

import gzip
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from string import Template

import identity
import version_manifest

from bonifiq_desktop import __version__

LINUX = Path(__file__).resolve().parent / "linux"
MAINTAINER = "BonifiQ Desktop <bonifiq-desktop@users.noreply.github.com>"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class _At(Template):
    delimiter = "@"


def build_time() -> int:
    """The time stamp of packaged files, which makes builds reproducible."""
    return int(os.environ["SOURCE_DATE_EPOCH"])


def size_of(folder: Path) -> int:
    """The size of a folder's files without links, in bytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def remove_build_paths(folder: Path) -> None:
    """Remove from libraries where the builder's Python was; on another PC a stranger could put a library there."""
    for library in _libraries(folder):
        paths = _patchelf("--print-rpath", library)
        if paths and not paths.startswith("$ORIGIN"):
            _patchelf("--remove-rpath", library)


def _patchelf(option: str, library: Path) -> str:
    command = ["patchelf", option, str(library)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _libraries(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*.so*")) if file.is_file() and not file.is_symlink()]


def make_tar(folder: Path, out: Path) -> Path:
    """Pack the folder and its installer in a fixed order, owned by root."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = build_time()
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    name = f"bonifiq-desktop-{__version__}"
    target = out / f"{name}-linux-{platform.machine()}.tar.gz"
    with (
        tempfile.TemporaryDirectory() as temporary,
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=build_time()) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        tar.add(folder, name, recursive=False, filter=plain)
        for file in sorted(folder.rglob("*")):
            tar.add(file, f"{name}/{file.relative_to(folder)}", recursive=False, filter=plain)
        for file in _write_installer(Path(temporary), folder):
            tar.add(file, f"{name}/{file.name}", filter=plain)
    return target


def _write_installer(target: Path, folder: Path) -> list[Path]:
    """Write what installs a program folder: the script, the starter, the manifest."""
    install, starter, manifest = (target / name for name in ("install.sh", "starter.sh", version_manifest.NAME))
    _fill(LINUX / install.name, install, {})
    shutil.copyfile(LINUX / starter.name, starter)
    install.chmod(0o755)
    starter.chmod(0o755)
    manifest.write_text(version_manifest.manifest_of(folder), encoding="ascii")
    return [install, manifest, starter]


def make_deb(folder: Path, icons: Path, out: Path) -> Path:
    """A Debian package: the folder in /usr/lib, a command, a desktop entry, icons, AppStream metadata, a manual page.

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
        libraries = _libraries(root)
        for path in (root, *root.rglob("*")):
            if not path.is_symlink():
                is_program = path.stat().st_mode & 0o100 and path not in libraries
                path.chmod(0o755 if path.is_dir() or is_program else 0o644)
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
    _fill_packed(LINUX / "changelog", documents / "changelog.gz")
    _fill_packed(LINUX / "bonifiq-desktop.1", share / "man" / "man1" / "bonifiq-desktop.1.gz")
    _copy(LINUX / "lintian-overrides", share / "lintian" / "overrides" / "bonifiq-desktop")
    _fill(LINUX / "metainfo.xml", share / "metainfo" / f"{identity.IDENTIFIER}.metainfo.xml", {})


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _fill(source: Path, target: Path, facts: dict[str, str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_filled(source, facts), encoding="utf-8")


def _fill_packed(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(_filled(source, {}).encode(), mtime=0))


def _filled(source: Path, facts: dict[str, str]) -> str:
    built = datetime.fromtimestamp(build_time(), UTC)
    facts = facts | {
        "version": __version__,
        "date": f"{built:%Y-%m-%d}",
        "long_date": format_datetime(built),
        "identifier": identity.IDENTIFIER,
        "maintainer": MAINTAINER,
        "site": identity.SITE,
    }
    return _At(source.read_text(encoding="utf-8")).substitute(facts)
