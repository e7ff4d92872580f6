"""Which provider of OpenID Connect vouches for people, and whom of them this server lets in: a TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard.settled import read_settings
from dashboard.signin.people import ROLES
from survey import Fault

__all__ = ["ProviderFault", "ProviderSettings", "is_private_way", "read_provider"]

_KEYS = ("issuer", "client", "address", "secret_file", "scopes", "claims", "allow", "roles", "trust_email")
_CLAIMS = ("name", "role", "groups")
_ALLOW = ("emails", "domains", "groups")
_MOST_BYTES = 64 * 1024


class ProviderFault(Fault):
    """A provider that is set up wrongly, does not answer, or sends what cannot be believed."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """A provider and its rules.

    Attributes
    ----------
    issuer, client, address : str
        Who vouches; the name under which this server is known there; where people reach this server.
    secret : str
        Of the client; "" for one that has none, which PKCE alone protects.
    scopes : tuple of str
    name_claim, role_claim, group_claim : str
        Claims with the account's name, with what gives roles, and with groups; dots lead into tables.
    emails, domains, groups : frozenset of str
        Who is let in, small letters; all empty: whoever has a role.
    roles : mapping of str to frozenset of str
        Role to the values of `role_claim` that give it; empty: roles come from the accounts here.
    trust_email : bool
        Whether addresses are believed that the provider does not call verified.
    """

    issuer: str
    client: str
    address: str
    secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    name_claim: str = "email"
    role_claim: str = "groups"
    group_claim: str = "groups"
    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    trust_email: bool = False


def read_provider(path: Path | str) -> ProviderSettings:
    """The provider that a file describes.

    Raises
    ------
    ProviderFault
        No such file, no TOML, an unknown key, a value of another kind, or an address without HTTPS.
    """
    file = Path(path)
    told = _read(file)
    _known(file, "", told, _KEYS)
    claims, allow, roles = (_table(file, told, key) for key in ("claims", "allow", "roles"))
    for name, table, keys in (("claims", claims, _CLAIMS), ("allow", allow, _ALLOW), ("roles", roles, ROLES)):
        _known(file, f"{name}.", table, keys)
    lists = {key: _texts(file, f"allow.{key}", allow.get(key, [])) for key in _ALLOW}
    given = {role: frozenset(_texts(file, f"roles.{role}", values)) for role, values in roles.items()}
    if not isinstance(told.get("trust_email", False), bool):
        raise _wrong(file, "trust_email", told["trust_email"], "true or false")
    texts = {key: _text(file, key, told.get(key)) for key in ("issuer", "client", "address")}
    for key in ("issuer", "address"):
        if not is_private_way(texts[key]) or urlsplit(texts[key]).query or urlsplit(texts[key]).fragment:
            raise _wrong(file, key, texts[key], "an address https://... and nothing after its path")
    named = {
        f"{one}_claim": _text(file, f"claims.{key}", claims[key])
        for one, key in (("name", "name"), ("role", "role"), ("group", "groups"))
        if key in claims
    }
    return ProviderSettings(
        issuer=texts["issuer"],
        client=texts["client"],
        address=texts["address"].rstrip("/"),
        secret=_secret(file, told.get("secret_file")),
        scopes=tuple(
            dict.fromkeys(["openid", *_texts(file, "scopes", told.get("scopes", ["email", "profile"]))])
        ),
        emails=frozenset(one.casefold() for one in lists["emails"]),
        domains=frozenset(one.casefold().lstrip("@") for one in lists["domains"]),
        groups=frozenset(lists["groups"]),
        roles=given,
        trust_email=told.get("trust_email", False),
        **named,
    )


def is_private_way(address: str) -> bool:
    """Whether nobody between reads what goes to an address: HTTPS, or this machine itself."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        is_here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_here = False
        if "://" not in address:
            return False
    return (
        bool(host)
        and not parts.username
        and (parts.scheme == "https" or (parts.scheme == "http" and is_here))
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ProviderFault(str(file), "a large file", "the settings of a provider", "name another file")
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        found = (error.strerror or "cannot be read").lower()
    except UnicodeDecodeError:
        found = "no text in UTF-8"
    except tomllib.TOMLDecodeError as error:
        found = str(error)
    raise ProviderFault(
        f"--oidc {file}", found, "a TOML file with issuer, client and address", "see docs/how-to/sign-in.md"
    )


def _secret(file: Path, name: Any) -> str:
    if name is None:
        return str(read_settings()["oidc_secret"].value).strip()
    place = file.parent / _text(file, "secret_file", name)
    try:
        found = place.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ProviderFault(
            f"{file}, secret_file",
            str(getattr(error, "strerror", None) or "no text").lower(),
            "a file with the secret alone",
            "write it, or set oidc_secret",
        ) from None
    if not found:
        raise ProviderFault(f"{file}, secret_file", "nothing in it", "the secret", "write it there")
    return found


def _known(file: Path, where: str, told: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    for key in told:
        if key not in keys:
            raise ProviderFault(f"{file}, {where}{key}", "a key nobody knows", ", ".join(keys), "correct it")


def _table(file: Path, told: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = told.get(key, {})
    if not isinstance(found, dict):
        raise _wrong(file, key, found, f"a section [{key}]")
    return found


def _text(file: Path, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(file, key, value, "a text")
    return value.strip()


def _texts(file: Path, key: str, values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
        raise _wrong(file, key, values, 'a list of texts such as ["one", "two"]')
    return [one.strip() for one in values]


def _wrong(file: Path, key: str, value: Any, expected: str) -> ProviderFault:
    found = "nothing" if value is None else repr(value)[:200]
    if key == "secret_file" and value is not None:  # somebody may have put the secret itself there
        found = type(value).__name__
    return ProviderFault(f"{file}, {key}", found, expected, "see docs/how-to/sign-in.md")
