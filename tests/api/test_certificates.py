"""A server that cannot prove who it is gets nothing."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bonifiq_desktop.api.client import NoAnswer, Seen
from bonifiq_desktop.domain.verdicts import Trouble
from tests.api.loopback import HOST, client_of


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize("variables", [(), ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")])
def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: tuple[str, ...]
) -> None:
    heard = b""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = _self_signed(tmp_path)
    context.load_cert_chain(certificate)
    for name in variables:  # whoever sets the environment of a program is not who vouches for BonifiQ
        monkeypatch.setenv(name, str(certificate))

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        heard += await reader.read(1000)
        writer.close()

    async def post() -> Seen:
        server = await asyncio.start_server(listen, HOST, 0, ssl=context)
        async with server, client_of(f"https://{HOST}:{server.sockets[0].getsockname()[1]}") as client:
            return await client.post("/v1/pvt/POS/orders", b"{}")

    assert asyncio.run(post()) == NoAnswer(Trouble.NO_CONNECTION, may_have_left=False)
    assert heard == b""
