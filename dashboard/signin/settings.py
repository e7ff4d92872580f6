"""How people sign in to a server: where accounts are, and how what they send is kept from others' eyes."""

import ssl
import sys
from dataclasses import dataclass
from pathlib import Path

from dashboard.signin.provider_settings import ProviderSettings, read_provider
from dashboard.signin.proxied import Proxy, proxy_of
from survey import Fault

__all__ = ["Admission", "admission_of"]


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is let in, and how they come.

    Attributes
    ----------
    accounts : str
        A file, or an address of PostgreSQL.
    certificate, key : Path or None
        Of HTTPS, which this server then speaks itself.
    proxy : Proxy or None
        The one in front, which then speaks HTTPS; nobody else is answered.
    provider : ProviderSettings or None
        Of OpenID Connect, in the place of passwords.
    """

    accounts: str
    certificate: Path | None = None
    key: Path | None = None
    proxy: Proxy | None = None
    provider: ProviderSettings | None = None

    @property
    def is_secure(self) -> bool:
        """Whether people come by HTTPS."""
        return self.certificate is not None or self.proxy is not None


def admission_of(
    accounts: str,
    *,
    certificate: str = "",
    key: str = "",
    proxy: str = "",
    header: str = "",
    oidc: str = "",
    is_loopback: bool = True,
) -> Admission | None:
    """What the options of `serve` ask for; None where nobody signs in.

    Raises
    ------
    Fault
        Options that need another; a certificate that cannot be used; or passwords that would leave this
        machine in clear.
    """
    if not accounts:
        for name, value in (
            ("--certificate", certificate), ("--key", key), ("--proxy", proxy), ("--user-header", header),
            ("--oidc", oidc),
        ):  # fmt: skip
            if value:
                raise Fault(
                    f"{name} {value}", "no --accounts", "a place of accounts beside it", "add --accounts FILE"
                )
        return None
    if certificate and proxy:
        raise Fault(
            "--certificate", "--proxy beside it", "HTTPS spoken by one of the two", "leave one of them out"
        )
    if header and oidc:
        raise Fault("--oidc", "--user-header beside it", "one that says who asks", "leave one of them out")
    made = Admission(
        accounts,
        Path(certificate) if certificate else None,
        Path(key) if key else None,
        proxy_of(proxy, header) if proxy or header else None,
        read_provider(oidc) if oidc else None,
    )
    if made.certificate is not None:
        _check_certificate(made.certificate, made.key)
    if not is_loopback and not made.is_secure:
        raise Fault(
            "--host",
            "sign-in without HTTPS away from this machine: passwords would travel in clear",
            "HTTPS, spoken here or by a proxy in front",
            "add --certificate FILE --key FILE, or --proxy with the address of the proxy",
        )
    return made


def _check_certificate(certificate: Path, key: Path | None) -> None:
    if sys.platform == "win32":
        raise Fault(
            f"--certificate {certificate}", "Windows", "HTTPS by a proxy in front there", "use --proxy"
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise Fault(
            f"--certificate {certificate}" + (f" --key {key}" if key else ""),
            getattr(error, "reason", None) or error.strerror or str(error),
            "a certificate and its private key, both PEM",
            "correct the file names",
        ) from None
