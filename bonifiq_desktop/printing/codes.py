"""Codes on slips as modules: a QR code, and a slip number as Code 128-C."""

from collections.abc import Sequence

QUIET_QR = 4
"""Modules of white around a QR code, by its standard."""

QUIET_CODE_128 = 10
"""Modules of white at each side of a Code 128, by its standard."""


def qr_rows(text: str) -> Sequence[Sequence[int]]:
    """The modules of a QR code without its quiet zone, row by row; 1 is dark."""
    import segno

    return [list(row) for row in segno.make_qr(text, error="m").matrix]


def code_128_modules(digits: str) -> str:
    """The modules of an even number of digits without quiet zones; `1` is dark. Code set C holds two in a symbol.

    Raises ValueError for anything but an even number of digits, which would need a wider code set.
    """
    if not (digits.isascii() and digits.isdecimal() and len(digits) % 2 == 0):
        raise ValueError("Code 128-C takes an even number of digits")
    from barcode.codex import Code128

    return str(Code128(digits).build()[0])
