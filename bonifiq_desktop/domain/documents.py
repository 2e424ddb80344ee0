"""CPF and CNPJ: read as typed or scanned, checked, and masked wherever they are shown."""

import re
from unicodedata import category

from validate_docbr import CNPJ, CPF

from bonifiq_desktop.domain.text import without_hidden

_SEPARATORS = frozenset("./\u2212\u2024\u2044\u2215")  # and every dash and blank; the last ones look like - . /
_CAPTION = re.compile(r"\s*(?:CPF|CNPJ)(?:\s*/\s*(?:CPF|CNPJ))?\s*(?:[:\s]|n[º°o.]+)\s*", re.IGNORECASE)
_MASKED = re.compile(r"\*{3}\.[0-9]{3}\.[0-9]{3}-\*{2}")
_CPF_LENGTH = 11
_CNPJ_LENGTH = 14


class DocumentError(ValueError):
    """The text is not a CPF or CNPJ with right check digits."""


def read_document(text: str) -> str:
    """The bare document: 11 digits of a CPF, or 14 characters of a CNPJ (letters in capitals, valid since July 2026).

    Only separators, signs that nobody sees and a pasted "CPF:" are taken out: dropping every "non-digit" would turn
    one company's CNPJ into another number. Raises DocumentError.
    """
    bare = _bare(_CAPTION.sub("", text, count=1) if _CAPTION.match(text) else text)
    if _is_like_cpf(bare) and CPF().validate(bare):
        return bare
    if _is_cnpj(bare):
        return bare
    raise DocumentError


def _bare(text: str) -> str:
    found = "".join(sign for sign in without_hidden(text) if not _separates(sign))
    # Before upper(): it turns letters that no document has (dotless i, long s) into letters that one may have.
    return found.upper() if found.isascii() else ""


def _separates(sign: str) -> bool:
    return sign in _SEPARATORS or sign.isspace() or category(sign) == "Pd"


def _is_like_cpf(bare: str) -> bool:
    return len(bare) == _CPF_LENGTH and bare.isdecimal()


def _is_cnpj(bare: str) -> bool:
    return len(bare) == _CNPJ_LENGTH and CNPJ().validate(bare)


def format_document(document: str) -> str:
    """A whole document as a person reads it, `529.982.247-25`; one that is neither CPF nor CNPJ stays as it is."""
    bare = _bare(document)
    if _is_like_cpf(bare):
        return f"{bare[:3]}.{bare[3:6]}.{bare[6:9]}-{bare[9:]}"
    return mask_document(document) if _is_cnpj(bare) else document


def mask_document(document: str | None) -> str:
    """A document as it may be seen over a shoulder: `***.456.789-**` for a CPF; a company's CNPJ is public.

    Anything that is neither is hidden whole, a CPF filled up with zeros too; what is masked already stays as it is.
    Empty text for no document.
    """
    if not document or _MASKED.fullmatch(document):
        return document or ""
    bare = _bare(document)
    if _is_like_cpf(bare):
        return f"***.{bare[3:6]}.{bare[6:9]}-**"
    if _is_cnpj(bare):
        return f"{bare[:2]}.{bare[2:5]}.{bare[5:8]}/{bare[8:12]}-{bare[12:]}"
    return "***"
