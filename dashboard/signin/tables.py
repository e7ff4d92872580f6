"""The tables in which accounts, sessions and the trail are kept, and what lets the trail only grow."""

import sqlalchemy as sql

__all__ = [
    "ACCOUNTS",
    "IDENTITIES",
    "POSTGRES_GUARDS",
    "SECRETS",
    "SESSIONS",
    "SQLITE_GUARDS",
    "TABLES",
    "TICKETS",
    "TRAIL",
    "TRIES",
]

TABLES = sql.MetaData()
"""All of them."""

_NAME = sql.String(128)
_HASH = sql.String(64)

SECRETS = sql.Table(
    "secrets",
    TABLES,
    sql.Column("name", _NAME, primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
)
"""The form of these tables, and the key that forms are signed with."""

ACCOUNTS = sql.Table(
    "accounts",
    TABLES,
    sql.Column("name", _NAME, primary_key=True),
    sql.Column("role", sql.String(16), nullable=False),
    sql.Column("state", sql.String(16), nullable=False),
    sql.Column("password", sql.Text, nullable=False),
    sql.Column("made_at", sql.Float, nullable=False),
)
"""One row an account; `password` is what Argon2 made of it, or empty."""

IDENTITIES = sql.Table(
    "identities",
    TABLES,
    sql.Column("hash", _HASH, primary_key=True),
    sql.Column("name", _NAME, nullable=False, unique=True),
)
"""Accounts that a provider vouches for, by the SHA-256 of its name and of its word for the person."""

TICKETS = sql.Table(
    "tickets",
    TABLES,
    sql.Column("hash", _HASH, primary_key=True),
    sql.Column("name", _NAME, nullable=False),
    sql.Column("until", sql.Float, nullable=False),
)
"""Invitations and resets not used yet, by the SHA-256 of what stands in their address."""

SESSIONS = sql.Table(
    "sessions",
    TABLES,
    sql.Column("hash", _HASH, primary_key=True),
    sql.Column("name", _NAME, nullable=False, index=True),
    sql.Column("began", sql.Float, nullable=False),
    sql.Column("seen", sql.Float, nullable=False),
    sql.Column("place", sql.String(64), nullable=False),
)
"""Sessions that run, by the SHA-256 of their cookie."""

TRIES = sql.Table(
    "tries",
    TABLES,
    sql.Column("about", sql.String(200), primary_key=True),
    sql.Column("failures", sql.Integer, nullable=False),
    sql.Column("last", sql.Float, nullable=False),
)
"""Failed sign-ins since the last that went well, by account and place, by account, and by place."""

TRAIL = sql.Table(
    "trail",
    TABLES,
    sql.Column("number", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("at", sql.String(32), nullable=False),
    sql.Column("who", _NAME, nullable=False),
    sql.Column("act", sql.String(32), nullable=False),
    sql.Column("about", sql.Text, nullable=False),
    sql.Column("place", sql.String(64), nullable=False),
    sql.Column("before", _HASH, nullable=False),
    sql.Column("hash", _HASH, nullable=False),
)
"""What was done, each row with the hash of the one before."""

SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS trail_{act.lower()} BEFORE {act} ON trail "
    "BEGIN SELECT RAISE(ABORT, 'the trail is only ever added to'); END"
    for act in ("UPDATE", "DELETE")
)
POSTGRES_GUARDS = (
    "CREATE OR REPLACE FUNCTION trail_stands() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the trail is only ever added to'; END $$",
    "CREATE OR REPLACE TRIGGER trail_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON trail "
    "FOR EACH STATEMENT EXECUTE FUNCTION trail_stands()",
)
"""Statements that let the trail only grow."""
