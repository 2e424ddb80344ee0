"""CPF and CNPJ: read as typed or scanned, checked, and masked wherever they are shown."""

import re

from validate_docbr import CNPJ, CPF

_SEPARATORS = re.compile(r"[\s.\-/]")
_CPF_LENGTH = 11
_CNPJ_LENGTH = 14


class DocumentError(ValueError):
    """The text is not a CPF or CNPJ with right check digits."""


def read_document(text: str) -> str:
    """The bare document: 11 digits of a CPF, or 14 characters of a CNPJ (letters in capitals, valid since July 2026).

    Only separators are taken out: dropping every "non-digit" would turn one company's CNPJ into another number.
    Raises DocumentError.
    """
    bare = _SEPARATORS.sub("", text).upper()
    if len(bare) == _CPF_LENGTH and bare.isdecimal() and CPF().validate(bare):
        return bare
    if len(bare) == _CNPJ_LENGTH and bare.isascii() and CNPJ().validate(bare):
        return bare
    raise DocumentError


def mask_document(document: str | None) -> str:
    """A document as it may be seen over a shoulder: `***.456.789-**` for a CPF; a company's CNPJ is public.

    Anything that is neither is hidden whole. Empty text for no document.
    """
    if not document:
        return ""
    bare = _SEPARATORS.sub("", document).upper()
    if len(bare) == _CPF_LENGTH and bare.isdecimal():
        return f"***.{bare[3:6]}.{bare[6:9]}-**"
    if len(bare) == _CNPJ_LENGTH and bare.isalnum():
        return f"{bare[:2]}.{bare[2:5]}.{bare[5:8]}/{bare[8:12]}-{bare[12:]}"
    return "***"
