"""A server that no public authority vouches for is not spoken to."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from tests.frozen.shop_pc import PATIENCE, ShopPC, new_pc
from tests.support.loopback import stop_listening


class Server:
    """Answers TLS on this machine with a certificate of a test authority; notes what becomes of every connection."""

    def __init__(self, folder: Path) -> None:
        self.authority, chain = _certificates(folder)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(chain)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.refused: list[str] = []
        self.received: list[bytes] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _address = self._socket.accept()
            except OSError:  # closed
                return
            plain.settimeout(10)
            with plain:
                try:
                    with self._context.wrap_socket(plain, server_side=True) as secure:
                        self.received.append(secure.recv(4096))
                except ssl.SSLError as error:
                    self.refused.append(error.reason)
                except OSError as error:
                    self.refused.append(type(error).__name__)

    def close(self) -> None:
        """End."""
        stop_listening(self._socket)
        self._thread.join()


@pytest.fixture(name="stranger")
def unknown_server(tmp_path: Path) -> Iterator[Server]:
    """A server with a certificate of a test authority."""
    server = Server(tmp_path)
    yield server
    server.close()


def test_a_server_of_an_unknown_authority_is_refused_before_a_byte_is_sent(pc: ShopPC, stranger: Server) -> None:
    trusting = ssl.create_default_context(cafile=stranger.authority)
    with (
        socket.create_connection(("127.0.0.1", stranger.port)) as plain,
        trusting.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
    ):
        secure.sendall(b"who trusts it is heard")
        assert secure.recv(1) == b""  # it has read, and hung up
    _call(pc, stranger.port)
    assert stranger.refused
    assert stranger.received == [b"who trusts it is heard"]


def test_it_is_the_store_of_authorities_in_the_package_that_decides(stranger: Server) -> None:
    with new_pc() as pc:
        [store] = pc.folder.rglob("cacert.pem")
        store.write_bytes(store.read_bytes() + stranger.authority.read_bytes())
        _call(pc, stranger.port)
    assert stranger.refused == []
    assert stranger.received[0].startswith((b"GET /", b"POST /"))


def _call(pc: ShopPC, port: int) -> None:
    """A tour that looks an order up at this server: in vain, it is no training server."""
    more = {TOKEN_VARIABLE: "token", KEY_VARIABLE: "unused-key", "BONIFIQ_TOUR_PATIENCE": "5"}
    arguments = ["tour", "--out", str(pc.home / "tour TLS"), "--api-url", f"https://127.0.0.1:{port}"]
    with pc.started(*arguments, **more) as process:
        out, complaints = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    assert complaints.startswith("tour: step look up: waited in vain for the order")


def _certificates(folder: Path) -> tuple[Path, Path]:
    """An authority's certificate, and the chain and key of a server that it vouches for."""
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Test authority", "Test server")]
    keys = [ec.generate_private_key(ec.SECP256R1()) for _name in names]
    made = []
    for name, key, is_authority in zip(names, keys, (True, False), strict=True):
        builder = x509.CertificateBuilder(names[0], name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=1))
        builder = builder.not_valid_after(now + datetime.timedelta(days=1))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        # Python 3.13 refuses an authority without key usage, and a certificate that names no key of its issuer.
        builder = builder.add_extension(_usage(is_authority=is_authority), critical=True)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key())
        builder = builder.add_extension(issuer, critical=False)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        made.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    secret = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    authority, chain = folder / "authority.pem", folder / "chain.pem"
    authority.write_bytes(made[0])
    chain.write_bytes(secret + made[1] + made[0])
    return authority, chain


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    """The use of a key: an authority signs certificates, a server signs its handshake."""
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
