"""Notices of newer versions: fetched without the shop's credentials, believed only when signed.

A notice is two parts, `<signature in base64>` and, from the next line on, the JSON that was signed, byte for byte: so
nothing of it is read before the signature is checked, and there is one way to write it.
"""

import asyncio
from base64 import b64decode, b64encode

from bonifiq_desktop.connectors.http_client import HttpClient, HttpResult
from bonifiq_desktop.domain.updates import MAX_BYTES, InvalidUpdateNotice, Release, parse_release


async def fetch_notice(address: str) -> HttpResult:
    """Ask once, and follow nobody elsewhere. Raises UnsafeAddress."""
    # To read the list of certificate authorities takes long enough to hold a look-up up.
    client = await asyncio.to_thread(HttpClient, address, None, max_bytes=MAX_BYTES)
    try:
        return await client.get("")
    finally:
        await client.aclose()


def verified_release(notice: bytes, key: bytes) -> Release:
    """The version that a notice tells of. Raises UnusableNotice, also when this key did not sign it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    signature, _, payload = notice.partition(b"\n")
    try:
        raw = b64decode(signature, validate=True)
        if b64encode(raw) != signature:  # base64 has bits to spare: no other text may pass for the same signature
            raise InvalidUpdateNotice("signature")
        Ed25519PublicKey.from_public_bytes(key).verify(raw, payload)
    except (InvalidSignature, ValueError) as error:
        raise InvalidUpdateNotice("signature") from error
    return parse_release(payload)
