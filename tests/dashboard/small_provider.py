"""A small provider of OpenID Connect on loopback: codes with PKCE, signed tokens, keys that rotate."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

__all__ = ["CLIENT", "SECRET", "SmallProvider", "running"]

CLIENT, SECRET = "crosspressure", "a secret of the client"


class SmallProvider:
    """What the server below says; a test bends it.

    Attributes
    ----------
    person : dict
        Claims of whoever signs in next.
    bent : dict
        Claims that take the place of the right ones in the next tokens; None takes a claim out.
    said : dict
        Parts of the description that take the place of the right ones.
    """

    def __init__(self) -> None:
        self.address = ""
        self.person: dict[str, Any] = {"sub": "1", "email": "kato@example.org", "email_verified": True}
        self.bent: dict[str, Any] = {}
        self.said: dict[str, Any] = {}
        self.alg = "RS256"
        self.extra: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.seen: list[str] = []
        self.rotate("one")

    def rotate(self, kid: str, *, is_published: bool = True) -> None:
        """Sign with another key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})
        if is_published:
            self.published = [self.key.as_dict(private=False)]

    def description(self) -> dict[str, Any]:
        """The answer of discovery."""
        right = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "end_session_endpoint": f"{self.address}/out",
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return {key: value for key, value in {**right, **self.said}.items() if value is not None}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next: back, with a code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], **self.extra})}"

    def token(self, form: dict[str, str], who: str) -> tuple[int, dict[str, Any]]:
        """A token for a code, once, where client, address and PKCE are right."""
        asked = self.codes.pop(form.get("code", ""), None)
        right = base64.b64encode(f"{CLIENT.replace(' ', '+')}:{SECRET}".encode()).decode()
        if who not in (f"Basic {right}", ""):
            return 401, {"error": "invalid_client"}
        shown = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(shown).decode().rstrip("=")
        if asked is None or asked.get("code_challenge") != challenge:
            return 400, {"error": "invalid_grant"}
        if asked["code_challenge_method"] != "S256" or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "open", "token_type": "Bearer", "id_token": self.signed(asked)}

    def signed(self, asked: dict[str, str]) -> str:
        """The token that says who it is."""
        now = int(time.time())
        right = {"iss": self.address, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": asked["nonce"]}
        claims = {**right, **self.person, **self.bent}
        claims = {key: value for key, value in claims.items() if value is not None}
        if self.alg == "none":
            parts = ({"alg": "none"}, claims)
            plain = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
            return ".".join([*plain, ""])
        if self.alg == "HS256":  # signed with what everybody can read: the public key
            key = OctKey.import_key(json.dumps(self.published[0]).encode())
            return jwt.encode(
                {"alg": "HS256", "kid": self.published[0]["kid"]}, claims, key, algorithms=["HS256"]
            )
        return jwt.encode({"alg": self.alg, "kid": self.key.kid}, claims, self.key)


@contextmanager
def running(provider: SmallProvider) -> Iterator[SmallProvider]:
    """Let a provider answer on a port of loopback."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            provider.seen.append(parts.path)
            if parts.path == "/.well-known/openid-configuration":
                self.tell(200, provider.description())
            elif parts.path == "/keys":
                self.tell(200, {"keys": provider.published})
            elif parts.path == "/userinfo" and self.headers.get("Authorization") == "Bearer open":
                self.tell(200, {"sub": provider.person["sub"], "groups": ["from userinfo"]})
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            else:
                self.tell(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {key: values[0] for key, values in parse_qs(body).items()}
            self.tell(*provider.token(form, self.headers.get("Authorization", "")))

        def tell(self, status: int, what: dict[str, Any]) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
