"""TLS: the trusted authorities, and the problem of a certificate that was refused."""

import ssl
from enum import StrEnum

import certifi


class CertificateProblem(StrEnum):
    """Why a certificate was refused.

    UNKNOWN_AUTHORITY: mostly an antivirus that intercepts connections. NOT_YET_VALID, EXPIRED: a wrong clock of the PC,
    or a server that was not maintained.
    """

    UNKNOWN_AUTHORITY = "unknown_authority"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    HOST_MISMATCH = "another_host"
    OTHER = "other"


# X509_V_ERR_* of OpenSSL
_PROBLEMS = {
    2: CertificateProblem.UNKNOWN_AUTHORITY,
    18: CertificateProblem.UNKNOWN_AUTHORITY,
    19: CertificateProblem.UNKNOWN_AUTHORITY,
    20: CertificateProblem.UNKNOWN_AUTHORITY,
    21: CertificateProblem.UNKNOWN_AUTHORITY,
    9: CertificateProblem.NOT_YET_VALID,
    10: CertificateProblem.EXPIRED,
    62: CertificateProblem.HOST_MISMATCH,
    64: CertificateProblem.HOST_MISMATCH,
}


def trusted_context() -> ssl.SSLContext:
    """A context that trusts the public authorities shipped with the program, and no others.

    Not ssl.create_default_context(): that writes every connection's keys into the file that SSLKEYLOGFILE names.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks certificate and host name, TLS 1.2 or newer
    context.load_verify_locations(cafile=certifi.where())
    return context


def certificate_problem(error: BaseException) -> CertificateProblem | None:
    """The problem of the certificate that an error is about; None for any other error."""
    following: BaseException | None = error
    while following is not None:
        if isinstance(following, ssl.SSLCertVerificationError):
            return _PROBLEMS.get(following.verify_code, CertificateProblem.OTHER)
        following = following.__cause__ or following.__context__
    return None
