"""Reading, checking, formatting and masking of CPF and CNPJ numbers."""

import re
from dataclasses import dataclass, field
from unicodedata import category

from validate_docbr import CNPJ, CPF

from bonifiq_desktop.domain.text import without_hidden

_SEPARATORS = frozenset("./\u2212\u2024\u2044\u2215")  # besides every dash and blank; the last four look like - . /
_CAPTION = re.compile(r"\s*(?:CPF|CNPJ)(?:\s*/\s*(?:CPF|CNPJ))?\s*(?:[:\s]|n[º°o.]+)\s*", re.IGNORECASE)
_MASKED = re.compile(r"\*{3}\.[0-9]{3}\.[0-9]{3}-\*{2}")
CPF_LENGTH = 11
_CNPJ_LENGTH = 14


class DocumentError(ValueError):
    """The text is not a CPF or CNPJ with right check digits."""


@dataclass(frozen=True)
class RevealedDocument:
    """A customer's whole document, `529.982.247-25`, shown on request; empty when BonifiQ has none any more."""

    document: str = field(repr=False)


def read_document(text: str) -> str:
    """Read the bare document: 11 digits of a CPF, or 14 characters of a CNPJ (capital letters since July 2026).

    Removes only separators, invisible characters and a pasted "CPF:". Removing every non-digit would turn one
    company's CNPJ into another number. Raises DocumentError.
    """
    bare = _bare(_CAPTION.sub("", text, count=1) if _CAPTION.match(text) else text)
    if _is_like_cpf(bare) and CPF().validate(bare):
        return bare
    if _is_cnpj(bare):
        return bare
    raise DocumentError


def _bare(text: str) -> str:
    signs = (char for char in without_hidden(text) if char not in _SEPARATORS and not char.isspace())
    found = "".join(char for char in signs if category(char) != "Pd")
    # ASCII is checked before upper(), which turns a dotless i or a long s into a letter that a CNPJ may hold.
    return found.upper() if found.isascii() else ""


def _is_like_cpf(bare: str) -> bool:
    return len(bare) == CPF_LENGTH and bare.isdecimal()


def _is_cnpj(bare: str) -> bool:
    return len(bare) == _CNPJ_LENGTH and CNPJ().validate(bare)


def format_document(document: str) -> str:
    """Format a whole document as `529.982.247-25`; one that is neither CPF nor CNPJ stays unchanged."""
    bare = _bare(document)
    if _is_like_cpf(bare):
        return f"{bare[:3]}.{bare[3:6]}.{bare[6:9]}-{bare[9:]}"
    return mask_document(document) if _is_cnpj(bare) else document


def mask_document(document: str | None) -> str:
    """Mask a CPF as `***.456.789-**`; a CNPJ is public and only formatted.

    Other text is hidden entirely, also a CPF padded with zeros. A masked document stays unchanged; None gives "".
    """
    if not document or _MASKED.fullmatch(document):
        return document or ""
    bare = _bare(document)
    if _is_like_cpf(bare):
        return f"***.{bare[3:6]}.{bare[6:9]}-**"
    if _is_cnpj(bare):
        return f"{bare[:2]}.{bare[2:5]}.{bare[5:8]}/{bare[8:12]}-{bare[12:]}"
    return "***"
