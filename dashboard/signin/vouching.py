"""Whom a provider vouches for: which of its people come in, with which role, under which account."""

import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sql

from dashboard.signin.accounts import plain_name
from dashboard.signin.people import NOT_NAMES, Account
from dashboard.signin.provider_settings import ProviderSettings
from dashboard.signin.store import Store
from dashboard.signin.tables import ACCOUNTS, IDENTITIES
from dashboard.signin.trail import add_to_trail

__all__ = ["admit", "role_of", "why_not_in"]

_MOST_LETTERS = 100


def why_not_in(settings: ProviderSettings, claims: Mapping[str, Any]) -> str:
    """Key of the reason why somebody stays out; "" for who may come in as far as the lists go."""
    email = _email(settings, claims)
    if settings.name_claim == "email" and not email:
        return "no_email"
    if not _name(settings, claims):
        return "no_name"
    lists = (settings.emails, settings.domains, settings.groups)
    groups = _values(claims, settings.group_claim)
    is_listed = (
        email in settings.emails
        or email.rpartition("@")[2] in settings.domains
        or bool(groups & settings.groups)
    )
    if any(lists) and not is_listed:
        return "not_listed"
    return "no_role" if settings.roles and not role_of(settings, claims) else ""


def role_of(settings: ProviderSettings, claims: Mapping[str, Any]) -> str:
    """The role that claims give, the higher of two; "" for none, or where roles come from accounts."""
    held = _values(claims, settings.role_claim)
    for role in ("analyst", "viewer"):
        if held & settings.roles.get(role, frozenset()):
            return role
    return ""


def admit(
    store: Store, settings: ProviderSettings, claims: Mapping[str, Any], *, place: str, at: float
) -> Account | str:
    """The account of somebody vouched for, or the key of why not; both are on the trail.

    An account belongs to one person of the provider for good, by issuer and subject (OpenID Connect Core 1.0,
    5.7): a name that somebody else has there later opens nothing. One with a password of its own is handed
    to nobody; a reset makes it free.

    Parameters
    ----------
    store : Store
    settings : ProviderSettings
    claims : mapping
        Believed already.
    place : str
        Network address.
    at : float
        Seconds since 1970.
    """
    name, wrong = _name(settings, claims), why_not_in(settings, claims)
    subject = hashlib.sha256(f"{settings.issuer}\n{claims['sub']}".encode()).hexdigest()
    with store.writing() as connection:
        found = wrong or _admitted(connection, settings, claims, name=name, subject=subject, at=at)
        if isinstance(found, str):
            add_to_trail(connection, "unknown", "refused", f"{name} by the provider: {found}", place, at=at)
        return found


def _admitted(
    connection: sql.Connection,
    settings: ProviderSettings,
    claims: Mapping[str, Any],
    *,
    name: str,
    subject: str,
    at: float,
) -> Account | str:
    role = role_of(settings, claims)
    mine = connection.execute(sql.select(IDENTITIES.c.name).where(IDENTITIES.c.hash == subject)).scalar()
    known = str(mine) if mine is not None else name
    row = connection.execute(sql.select(ACCOUNTS).where(ACCOUNTS.c.name == known)).first()
    if mine is None:
        owner = connection.execute(sql.select(IDENTITIES.c.hash).where(IDENTITIES.c.name == known)).scalar()
        if owner is not None or (row is not None and row.password):
            return "taken"
    if row is None:
        if not role:
            return "not_invited"
        made = {"name": known, "role": role, "state": "open", "password": "", "made_at": at}
        connection.execute(sql.insert(ACCOUNTS), made)
    elif row.state == "closed":
        return "closed"
    if mine is None:
        connection.execute(sql.insert(IDENTITIES), {"hash": subject, "name": known})
        add_to_trail(connection, known, "vouched for", f"by {settings.issuer}", at=at)
    before = str(row.role) if row is not None else role
    now = role or before
    if row is not None and now != before:
        add_to_trail(connection, "provider", "role changed", f"{known}: {now}", at=at)
    connection.execute(sql.update(ACCOUNTS).where(ACCOUNTS.c.name == known).values(role=now, state="open"))
    return Account(known, now, "open")


def _name(settings: ProviderSettings, claims: Mapping[str, Any]) -> str:
    value = _claim(claims, settings.name_claim)
    name = plain_name(value) if isinstance(value, str) and len(value) < _MOST_LETTERS else ""
    return name if name.isprintable() and name not in NOT_NAMES else ""


def _email(settings: ProviderSettings, claims: Mapping[str, Any]) -> str:
    """The address, small letters, where it is believed; else ""."""
    value = claims.get("email")
    is_verified = claims.get("email_verified") in (True, "true") or settings.trust_email
    return plain_name(value) if isinstance(value, str) and "@" in value and is_verified else ""


def _values(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """A claim as a set of texts; a single text is one."""
    value = _claim(claims, path)
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(one for one in listed if isinstance(one, str))


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by a way of names with dots into tables."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
