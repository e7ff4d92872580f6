"""Talks to a provider of OpenID Connect: where it is, where people are sent, whom its tokens vouch for."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from dashboard.signin.handing import Round
from dashboard.signin.provider_answers import ALGORITHMS, TIMEOUT, check_description, fetched, unbelieved
from dashboard.signin.provider_settings import ProviderFault, ProviderSettings, is_private_way

__all__ = ["BACK", "Provider"]

BACK = "/sign-in/back"
"""Path that the provider sends people back to; it must be told of the whole address."""

_DISCOVERY = "/.well-known/openid-configuration"
_KEPT = 3600.0
"""Seconds after which the provider's own description is read again."""

_PAUSE = 10.0
"""Seconds between two readings of keys because a token names one that is not known."""

_LEEWAY = 60
"""Seconds by which clocks may differ."""


class Provider:
    """One provider; what it says of itself is kept for an hour.

    Parameters
    ----------
    settings : ProviderSettings
    clock : callable
        Seconds since 1970.

    Raises
    ------
    ProviderFault
        Without the extra `oidc`.
    """

    def __init__(self, settings: ProviderSettings, clock: Callable[[], float] = time.time) -> None:
        _check_extra()
        self.settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._said: dict[str, Any] = {}
        self._read_at = 0.0
        self._keys: dict[str, Any] = {}
        self._keys_at = 0.0

    def said(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0, 4).

        Raises
        ------
        ProviderFault
            It does not answer, is another than the issuer named, has no PKCE, or leads people off HTTPS.
        """
        with self._lock:
            if not self._said or self._clock() - self._read_at > _KEPT:
                found = fetched(self.settings.issuer.rstrip("/") + _DISCOVERY)
                check_description(self.settings.issuer, found)
                self._said, self._read_at = found, self._clock()
            return self._said

    def way_there(self, one: Round, lang: str) -> str:
        """Address to which a browser is sent to sign in."""
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self.said()["authorization_endpoint"],
                state=one.state,
                nonce=one.nonce,
                code_verifier=one.verifier,
                ui_locales=lang,
            )
        return str(address)

    def way_out(self, lang: str) -> str:
        """Address at which somebody signs out there too; "" where the provider has none."""
        place = str(self.said().get("end_session_endpoint") or "")
        if not is_private_way(place):
            return ""
        back = {
            "client_id": self.settings.client,
            "post_logout_redirect_uri": f"{self.settings.address}/sign-in",
            "ui_locales": lang,
        }
        return place + ("&" if "?" in place else "?") + urlencode(back)

    def claims(self, code: str, one: Round) -> dict[str, Any]:
        """What the provider says of who comes back with a code.

        Raises
        ------
        ProviderFault
            The provider refuses the code, or its token cannot be believed: another issuer, audience, nonce,
            time or signature. Nothing of the token is in the message.
        """
        from authlib.integrations.base_client import OAuthError
        from requests import RequestException

        said = self.said()
        try:
            with self._client() as client:
                token = client.fetch_token(
                    said["token_endpoint"],
                    code=code,
                    code_verifier=one.verifier,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
        except (OAuthError, RequestException, ValueError) as error:
            raise unbelieved("the code was not exchanged", error) from None
        if not isinstance(token, Mapping) or not isinstance(token.get("id_token"), str):
            raise unbelieved("no token that says who it is")
        found = self._checked(token, one.nonce)
        place = str(said.get("userinfo_endpoint") or "")
        if self._lacks(found) and is_private_way(place) and token.get("access_token"):
            more = fetched(place, {"Authorization": f"Bearer {token['access_token']}"})
            if more.get("sub") != found["sub"]:
                raise unbelieved("claims of somebody else")
            found = {**more, **found}
        return found

    def _lacks(self, found: Mapping[str, Any]) -> bool:
        wanted = {"email", self.settings.name_claim, self.settings.role_claim, self.settings.group_claim}
        return any(one.partition(".")[0] not in found and one not in found for one in wanted)

    def _checked(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of a token, each held against what it must be (OpenID Connect Core 1.0, 3.1.3.7)."""
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        said = self.said()
        must = {
            "iss": {"essential": True, "value": said["issuer"]},
            "aud": {"essential": True, "value": self.settings.client},
            "nonce": {"essential": True, "value": nonce},
        }
        about = {"nonce": nonce, "client_id": self.settings.client, "access_token": token.get("access_token")}
        try:
            read = self._opened(token["id_token"])
            claims = CodeIDToken(read.claims, read.header, must, about)
            claims.validate(now=int(self._clock()), leeway=_LEEWAY)
            found = dict(claims)
            self._check_times(found)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise unbelieved("a token that does not hold", error) from None
        if not isinstance(found["sub"], str) or not 0 < len(found["sub"]) < 256:
            raise unbelieved("a token of nobody")
        return found

    def _check_times(self, found: Mapping[str, Any]) -> None:
        for key in ("exp", "iat"):
            if not isinstance(found[key], int | float) or isinstance(found[key], bool):
                raise ValueError(key)

    def _opened(self, text: str) -> Any:
        """A token whose signature holds; keys are read again where it names one that is not known."""
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        offered = self.said().get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(
            algorithms=[one for one in ALGORITHMS if one in offered], strict_check_header=False
        )
        try:
            return jwt.decode(text, KeySet.import_key_set(self._key_set()), registry=registry)
        except (InvalidKeyIdError, BadSignatureError):
            if not self._read_keys_again():
                raise
            return jwt.decode(text, KeySet.import_key_set(self._key_set()), registry=registry)

    def _key_set(self) -> Any:
        if not self._keys:
            self._keys = fetched(str(self.said()["jwks_uri"]))
            self._keys_at = self._clock()
        return self._keys

    def _read_keys_again(self) -> bool:
        with self._lock:
            if self._clock() - self._keys_at < _PAUSE:
                return False
            self._keys = {}
        return True

    def _client(self) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        wanted = self.settings
        return OAuth2Session(
            wanted.client,
            wanted.secret or None,
            token_endpoint_auth_method=self._way_of_secret(),
            scope=" ".join(wanted.scopes),
            redirect_uri=wanted.address + BACK,
            code_challenge_method="S256",
        )

    def _way_of_secret(self) -> str:
        if not self.settings.secret:
            return "none"
        offered = self.said().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"


def _check_extra() -> None:
    try:
        import authlib.integrations.requests_client
        import authlib.oidc.core  # noqa: F401
    except ModuleNotFoundError:
        raise ProviderFault(
            "sign-in through a provider",
            "no authlib here",
            "the extra oidc",
            "python -m pip install 'crosspressure[oidc]'",
        ) from None
