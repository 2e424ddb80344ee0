"""Addresses that credentials may be sent to."""

import ipaddress
from urllib.parse import urlsplit

from bonifiq_desktop.domain.text import is_plain


def is_safe_url(url: str) -> bool:
    """Return whether credentials may go to this address: HTTPS to any host, plain HTTP only to this machine."""
    try:
        parts = urlsplit(url)
        has_valid_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    # Look at the characters, not at the parts: `https://host?` has an empty query, and a path would be appended to it.
    is_bare = is_plain(url) and not any(sign in url for sign in " ?#@\\")
    if not parts.hostname or not is_bare or not has_valid_port:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
