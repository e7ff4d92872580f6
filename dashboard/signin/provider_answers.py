"""Reads what a provider of OpenID Connect answers, and says what of it cannot be believed."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from dashboard.signin.provider_settings import ProviderFault, is_private_way

__all__ = ["ALGORITHMS", "TIMEOUT", "check_description", "fetched", "unbelieved"]

_LOG = logging.getLogger("crosspressure.dashboard")

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"),
    *("EdDSA", "Ed25519"),
)
"""Signatures with a private key; what anybody can make (`none`, a shared secret) is never believed."""

TIMEOUT = (3.05, 8.0)
"""Seconds to reach a provider, and between two pieces of its answer."""

_MOST_BYTES = 1024 * 1024


def fetched(address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON table at an address, read without following it elsewhere.

    Raises
    ------
    ProviderFault
    """
    import requests

    try:
        with requests.get(
            address, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            body = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
        if answer.status_code != 200 or len(body) > _MOST_BYTES:
            raise ValueError(f"status {answer.status_code}, {len(body)} bytes")
        found = json.loads(body)
        if not isinstance(found, dict):
            raise ValueError("no table")
    except (requests.RequestException, OSError, ValueError, RecursionError) as error:
        raise ProviderFault(
            address,
            f"no answer that can be used ({_kind(error)})",
            "a provider of OpenID Connect",
            "see that issuer is right, that this machine reaches it, and that it runs",
        ) from None
    return found


def check_description(issuer: str, found: Mapping[str, Any]) -> None:
    """See that what a provider says of itself can be used (OpenID Connect Discovery 1.0, 4.3).

    Raises
    ------
    ProviderFault
        It is another than the issuer named, leads people off HTTPS, has no PKCE, or signs with what anybody
        can make.
    """
    if found.get("issuer") != issuer:
        raise ProviderFault(
            issuer,
            f"a provider that calls itself {str(found.get('issuer'))[:200]!r}",
            "the same letters in both",
            "write issuer as the provider does",
        )
    for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_private_way(str(found.get(key) or "")):
            raise ProviderFault(
                issuer,
                f"{key} {str(found.get(key))[:200]!r}",
                "an address https://...",
                "mend the provider",
            )
    challenges = found.get("code_challenge_methods_supported")
    if challenges is not None and "S256" not in challenges:
        raise ProviderFault(issuer, "no PKCE with S256", "a provider that has it", "switch it on there")
    offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
    if not set(offered) & set(ALGORITHMS):
        raise ProviderFault(
            issuer, f"tokens signed with {offered}", "RS256, ES256 or the like", "switch one on there"
        )


def unbelieved(what: str, error: Exception | None = None) -> ProviderFault:
    """A fault to raise, told to the log too; what was sent is in neither."""
    told = what if error is None else f"{what} ({_kind(error)})"
    _LOG.warning("a sign-in through the provider failed: %s", told)
    return ProviderFault(
        "sign-in", told, "a code and a token of the provider for this server", "sign in again"
    )


def _kind(error: Exception) -> str:
    """What went wrong in one word of ours or the protocol's; never what was sent."""
    claim = getattr(error, "claim", None) or getattr(error, "error", None)
    name = type(error).__name__
    return f"{name}: {claim}" if isinstance(claim, str) and len(claim) < 60 else name
