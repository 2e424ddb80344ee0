"""Notices of newer versions: fetched without the shop's credentials, and used only when they are signed.

A notice has two parts: `<signature in base64>` and, from the next line on, the JSON that was signed, byte for byte.
Nothing of it is parsed before the signature was verified.
"""

import asyncio
from base64 import b64decode, b64encode
from contextlib import aclosing

from bonifiq_desktop.connectors.http_client import HttpClient, HttpResponse, HttpResult
from bonifiq_desktop.domain.updates import MAX_BYTES, InvalidUpdateNotice, Release, parse_release

_OK = 200


class FeedNotReached(Exception):
    """No byte of the question was sent."""


async def read_notice(address: str, key: bytes) -> bytes | None:
    """The notice at an address; None for an answer that is none, or that this key did not sign.

    Raises FeedNotReached, UnsafeUrl.
    """
    result = await fetch_notice(address)
    if not isinstance(result, HttpResponse):
        if result.possibly_sent:
            return None
        raise FeedNotReached
    if result.status != _OK:
        return None
    try:
        verified_release(result.body, key)
    except InvalidUpdateNotice:
        return None
    return result.body


async def fetch_notice(address: str) -> HttpResult:
    """Fetch a notice once, without redirects. Raises UnsafeUrl."""
    # On a thread: reading the list of certificate authorities takes long enough to delay a look-up.
    client = await asyncio.to_thread(HttpClient, address, None, max_bytes=MAX_BYTES)
    async with aclosing(client):
        return await client.get("")


def verified_release(notice: bytes, key: bytes) -> Release:
    """The release that a notice announces. Raises InvalidUpdateNotice, also when this key did not sign it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    signature, _, payload = notice.partition(b"\n")
    try:
        raw = b64decode(signature, validate=True)
        if b64encode(raw) != signature:  # base64 has unused bits: accept one text only for a signature
            raise InvalidUpdateNotice("signature")
        Ed25519PublicKey.from_public_bytes(key).verify(raw, payload)
    except (InvalidSignature, ValueError) as error:
        raise InvalidUpdateNotice("signature") from error
    return parse_release(payload)
