"""Rejected certificates: the settings' test and doctor name antivirus and clock."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_server

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PySide6.QtCore import Qt

from bonifiq_desktop.diagnostics.log_file import read_log_lines
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, save_settings
from tests.support.cashier import Cashier, program, wait_until
from tests.support.loopback import stop_listening

DAY = timedelta(days=1)
CASES = {"unknown": (-DAY, DAY, False), "not yet": (DAY, 2 * DAY, True), "expired": (-2 * DAY, -DAY, True)}


def certificate(folder: Path, begins: timedelta, ends: timedelta) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now + begins, now + ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def serving(chain: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    listening = create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _address = listening.accept()
            except OSError:
                return
            with plain:
                plain.settimeout(5)
                with suppress(OSError):
                    context.wrap_socket(plain, server_side=True).close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{listening.getsockname()[1]}"
    stop_listening(listening)
    thread.join(10)


@pytest.mark.parametrize("case", CASES)
def test_certificate_failure_is_reported_by_settings_and_doctor(
    case: str, tmp_path: Path, data: Path, start: Callable[..., Cashier], monkeypatch: pytest.MonkeyPatch
) -> None:
    begins, ends, trusted = CASES[case]
    chain = certificate(tmp_path, begins, ends)
    if trusted:  # trust its authority, so that only the date is wrong
        bundle = tmp_path / "authorities.pem"
        bundle.write_bytes(chain.read_bytes()[chain.read_bytes().index(b"-----BEGIN CERTIFICATE") :])
        monkeypatch.setattr(certifi, "where", lambda: str(bundle))
    with serving(chain) as url:
        data.mkdir(mode=0o700)
        save_settings(Paths(data).settings, Settings(url=url))
        monkeypatch.setenv("BONIFIQ_API_TOKEN", "token-token")
        monkeypatch.setenv("BONIFIQ_API_KEY", "key-key-key")
        cashier = start("--data-dir", str(data))
        wait_until(lambda: cashier.text("settingsUrl") == url, "the settings")
        cashier.press(Qt.Key.Key_F9)
        cashier.press(Qt.Key.Key_Return, "settingsTest")
        words = cashier.wait_for_message("settingsMessage", ("danger",))
        for said in ("certificado", "antivírus", "data e a hora"):
            assert said in words
        assert [line for line in read_log_lines(data / "logs") if "certificate" in line.get("event", "")]
        cashier.app.stop()
        from bonifiq_desktop.services.doctor import probe_server

        found = {finding.name: finding for finding in probe_server(Paths(data))}["connection"]
        assert "certificate is REFUSED" in found.value
        assert {"unknown": "antivirus", "not yet": "date and time", "expired": "date and time"}[case] in found.value
        assert not found.fine
        if not trusted:
            assert "antivirus" in program("doctor", "--data-dir", str(data)).stdout
