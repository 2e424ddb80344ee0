"""A server with a refused certificate receives nothing, and the certificate problem is reported."""

import ast
import asyncio
import logging
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import bonifiq_desktop
from bonifiq_desktop.connectors.bonifiq.classify import classify_answer
from bonifiq_desktop.connectors.certificates import CertificateProblem
from bonifiq_desktop.connectors.http_client import HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import FailureReason, NotSent
from tests.support.loopback import HOST, answer, client_of

REFUSED = TransportFailure(FailureReason.CERTIFICATE, possibly_sent=False)
DAY = timedelta(days=1)
ALL_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def _certificate(folder: Path, *, host: str = HOST, begins: timedelta = -DAY, ends: timedelta = DAY) -> Path:
    """A file with a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now + begins, now + ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@dataclass
class Exchange:
    """Result of a call over TLS, and the bytes that the server received."""

    seen: HttpResult
    heard: bytes


def _exchange(certificate: Path) -> Exchange:
    heard = b""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        heard += await reader.read(1000)
        writer.write(answer(b"{}"))
        writer.close()

    async def post() -> HttpResult:
        server = await asyncio.start_server(listen, HOST, 0, ssl=context)
        async with server, client_of(f"https://{HOST}:{server.sockets[0].getsockname()[1]}") as client:
            return await client.post("/v1/pvt/POS/orders", b"{}")

    return Exchange(asyncio.run(post()), heard)


@pytest.mark.parametrize("variables", [(), ALL_VARIABLES])
def test_self_signed_certificate_is_refused_before_sending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: tuple[str, ...]
) -> None:
    certificate = _certificate(tmp_path)
    for name in variables:  # the environment must not add trusted authorities
        monkeypatch.setenv(name, str(certificate))
    exchange = _exchange(certificate)
    assert exchange.seen == REFUSED
    assert exchange.heard == b""


@pytest.mark.parametrize(
    ("fault", "trusted", "made"),
    [
        (CertificateProblem.UNKNOWN_AUTHORITY, False, {}),
        (CertificateProblem.EXPIRED, True, {"begins": -2 * DAY, "ends": -DAY}),
        (CertificateProblem.NOT_YET_VALID, True, {"begins": DAY, "ends": 2 * DAY}),
        (CertificateProblem.HOST_MISMATCH, True, {"host": "192.0.2.1"}),
    ],
)
def test_refused_certificate_is_logged_once_with_its_problem(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: CertificateProblem,
    made: dict[str, timedelta],
    *,
    trusted: bool,
) -> None:
    certificate = _certificate(tmp_path, **made)  # type: ignore[arg-type]
    if trusted:
        monkeypatch.setattr(certifi, "where", lambda: str(certificate))
    with caplog.at_level(logging.WARNING):
        exchange = _exchange(certificate)
    assert exchange == Exchange(REFUSED, b"")
    assert isinstance(exchange.seen, TransportFailure)
    assert exchange.seen.certificate is fault
    lines = [(record.name, record.message, vars(record)["kind"]) for record in caplog.records]
    assert lines == [("bonifiq_desktop.connectors.http_client", "server certificate refused", fault.value)]
    for kind in Kind:
        assert classify_answer(kind, exchange.seen, order_id="A-1", cancel_key=None) == NotSent(
            FailureReason.CERTIFICATE
        )


def test_tls_session_keys_are_never_written_to_sslkeylogfile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = _certificate(tmp_path)
    monkeypatch.setattr(certifi, "where", lambda: str(certificate))
    keys = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    assert _exchange(certificate).seen == HttpResponse(200, b"{}")
    assert not keys.exists()
    # Control: the default context of Python does write the file.
    assert ssl.create_default_context().keylog_filename == str(keys)
    assert keys.exists()


def test_tls_context_is_created_in_one_module_only() -> None:
    makers = {"create_default_context", "SSLContext", "create_ssl_context", "_create_stdlib_context", "wrap_socket"}
    package = Path(bonifiq_desktop.__file__).parent
    found = [
        (file.relative_to(package).as_posix(), node.func.attr)
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in makers
    ]
    assert found == [("connectors/certificates.py", "SSLContext")]
