"""A real CUPS with made-up printers: its own configuration and folders, on loopback, gone with the test process.

Each printer has a driver (a PPD) of its own, and a backend that keeps what it gets: the PDF, its title and its options.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtGui import QImage

from tests.support.ports import free_port

CUPSD, PDFTOPPM, SETPRIV = "/usr/sbin/cupsd", "/usr/bin/pdftoppm", "/usr/bin/setpriv"
_PATIENCE = 15.0  # seconds

_BACKEND = """\
#!/bin/sh
[ $# -eq 0 ] && exit 0
printf '%s\\n' "$3" "$4" "$5" > {out}/"$PRINTER-$1.txt"
cat "$6" > {out}/"$PRINTER-$1.part"
mv {out}/"$PRINTER-$1.part" {out}/"$PRINTER-$1.pdf"
"""

_DAEMON = """\
Listen 127.0.0.1:{port}
LogLevel warn
Browsing Off
WebInterface No
DefaultAuthType None
<Location />
Order deny,allow
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""

_FILES = """\
ServerRoot {folder}/root
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/run
ServerBin {folder}/bin
AccessLog {folder}/access.log
ErrorLog {folder}/error.log
PageLog {folder}/page.log
"""

_PRINTER = """\
<{tag} {name}>
DeviceURI shop:/
State {state}
Accepting {accepting}
Shared No
JobSheets none none
OpPolicy default
ErrorPolicy abort-job
</{tag}>
"""

_PPD = """\
*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "SHOP.PPD"
*Manufacturer: "Shop"
*Product: "(Shop)"
*ModelName: "Shop"
*ShortNickName: "Shop"
*NickName: "Shop"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*FileSystem: False
*LandscapeOrientation: Plus90
*cupsVersion: 2.4
*cupsFilter: "application/pdf 0 -"
"""


@dataclass(frozen=True)
class Form:
    """A paper of a driver, in points, with the margin that its head does not reach at the left and right."""

    name: str
    width: int
    height: int
    margin: int = 0


ROLL_72 = Form("72mm x 200mm", 204, 567)
ROLL_80 = Form("80mm x 297mm", 227, 842, margin=11)
ROLL_48 = Form("48mm x 210mm", 136, 595)
A4 = Form("A4", 595, 842, margin=12)


@dataclass(frozen=True)
class Driver:
    """A printer's driver. `custom`: the margin of papers of any size, in points; None: it takes none of these."""

    forms: tuple[Form, ...]
    resolutions: tuple[int, ...] = (203,)
    custom: int | None = 0
    longest: int = 8000

    def ppd(self) -> str:
        keys = [(f"Form{number}", form) for number, form in enumerate(self.forms)]
        lines = [_PPD]
        for option in ("PageSize", "PageRegion"):
            choices = [
                f'*{option} {key}/{form.name}: "<</PageSize[{form.width} {form.height}]>>setpagedevice"'
                for key, form in keys
            ]
            lines += [
                f"*OpenUI *{option}: PickOne",
                f"*Default{option}: Form0",
                *choices,
                f"*CloseUI: *{option}",
            ]
        lines += ["*DefaultImageableArea: Form0", "*DefaultPaperDimension: Form0"]
        for key, form in keys:
            lines.append(f'*ImageableArea {key}: "{form.margin} 0 {form.width - form.margin} {form.height}"')
            lines.append(f'*PaperDimension {key}: "{form.width} {form.height}"')
        if self.custom is not None:
            lines.append(
                textwrap.dedent(f"""\
                *MaxMediaWidth: "227"
                *MaxMediaHeight: "{self.longest}"
                *HWMargins: {self.custom} {self.custom} {self.custom} {self.custom}
                *CustomPageSize True: "pop pop pop <</PageSize[5 -2 roll]>>setpagedevice"
                *ParamCustomPageSize Width: 1 points 36 227
                *ParamCustomPageSize Height: 2 points 36 {self.longest}
                *ParamCustomPageSize WidthOffset: 3 points 0 0
                *ParamCustomPageSize HeightOffset: 4 points 0 0
                *ParamCustomPageSize Orientation: 5 int 0 0""")
            )
        lines += ["*OpenUI *Resolution: PickOne", f"*DefaultResolution: {self.resolutions[0]}dpi"]
        lines += [
            f'*Resolution {each}dpi: "<</HWResolution[{each} {each}]>>setpagedevice"' for each in self.resolutions
        ]
        return "\n".join([*lines, "*CloseUI: *Resolution", ""])


PRINTERS = {
    "Balcao": Driver((ROLL_72, ROLL_80)),
    "Estreita": Driver((ROLL_48,)),
    "Margens": Driver((ROLL_80,), custom=11),
    "Curta": Driver((ROLL_72,), longest=300),
    "Fixa": Driver((ROLL_72,), custom=None),
    "Epson180": Driver((ROLL_80,), (180,)),
    "Fina": Driver((ROLL_80,), (300, 600)),
    "Antiga": Driver((ROLL_80,), (150,)),
    "Laser": Driver((A4,), (600, 300), custom=None),
    "Parada": Driver((ROLL_72,)),
    "Recusa": Driver((ROLL_72,)),
}
"""`Parada` is stopped; `Recusa` takes no jobs, which its state does not show."""
DEFAULT = "Balcao"


@dataclass(frozen=True)
class Printed:
    """What came out of a printer."""

    pdf: Path
    title: str
    copies: str
    options: str = field(repr=False)

    def pages(self, resolution: int) -> list[QImage]:
        """The pages, as a head with this many dots per inch prints them: black or white."""
        folder = Path(tempfile.mkdtemp(dir=self.pdf.parent))
        subprocess.run([PDFTOPPM, "-r", str(resolution), "-mono", self.pdf, folder / "page"], check=True)
        return [QImage(str(page)).convertToFormat(QImage.Format.Format_Mono) for page in sorted(folder.iterdir())]


class Cups:
    """The running daemon."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.address = f"127.0.0.1:{port}"

    def printed(self, printer: str, *, count: int = 1) -> list[Printed]:
        """Wait until a printer got as many jobs, and take them. Raises AssertionError where they do not come."""
        out = self.folder / "out"
        deadline = time.monotonic() + _PATIENCE
        while len(found := sorted(out.glob(f"{printer}-*.pdf"))) < count:
            assert time.monotonic() < deadline, (self.folder / "error.log").read_text()
            time.sleep(0.05)
        assert len(found) == count
        jobs = []
        for pdf in found:
            taken = pdf.rename(self.folder / "taken" / pdf.name)
            jobs.append(Printed(taken, *pdf.with_suffix(".txt").read_text().splitlines()))
        return jobs

    def got_nothing(self, printer: str) -> bool:
        """Whether a printer has got no job; one would have come at once."""
        time.sleep(0.3)
        return not list((self.folder / "out").glob(f"{printer}-*.p*"))


@contextmanager
def running_cups() -> Iterator[Cups]:
    """Run a CUPS with PRINTERS until the block ends. The kernel ends it where the test process dies."""
    folder = Path(tempfile.mkdtemp(prefix="cups-"))  # outside pytest's folders: its own user must reach it
    folder.chmod(0o755)
    port = free_port()
    _write_files(folder, port)
    daemon = subprocess.Popen(
        [SETPRIV, "--pdeathsig", "TERM", CUPSD, "-f", "-c", folder / "cupsd.conf", "-s", folder / "cups-files.conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(daemon, port)
        yield Cups(folder, port)
    finally:
        daemon.terminate()
        try:
            daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _write_files(folder: Path, port: int) -> None:
    for name in ("root/ppd", "run/certs", "cache", "spool/tmp", "bin/backend", "bin/daemon", "bin/filter", "taken"):
        (folder / name).mkdir(parents=True)
    (folder / "out").mkdir(mode=0o777)
    (folder / "out").chmod(0o777)
    (folder / "bin/daemon/cups-exec").symlink_to("/usr/lib/cups/daemon/cups-exec")
    backend = folder / "bin/backend/shop"
    backend.write_text(_BACKEND.format(out=folder / "out"))
    backend.chmod(0o700 if os.geteuid() == 0 else 0o755)
    (folder / "cupsd.conf").write_text(_DAEMON.format(port=port))
    (folder / "cups-files.conf").write_text(_FILES.format(folder=folder))
    queues = []
    for name, driver in PRINTERS.items():
        (folder / f"root/ppd/{name}.ppd").write_text(driver.ppd())
        tag = "DefaultPrinter" if name == DEFAULT else "Printer"
        state, accepting = "Stopped" if name == "Parada" else "Idle", "No" if name == "Recusa" else "Yes"
        queues.append(_PRINTER.format(tag=tag, name=name, state=state, accepting=accepting))
    (folder / "root/printers.conf").write_text("".join(queues))


def _wait_for(daemon: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        assert daemon.poll() is None, f"cupsd ended: {daemon.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return
