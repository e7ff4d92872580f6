"""Who signs in: a name, a role and a state, and what no name may be."""

from dataclasses import dataclass

__all__ = ["NOBODY", "NOT_NAMES", "ROLES", "Account"]

ROLES = ("viewer", "analyst")
"""A viewer reads the pages, those on scenarios of one's own too; an analyst also takes files away."""

NOBODY = "unknown"
"""Word of the trail for a name that is no account's."""

NOT_NAMES = (NOBODY, "command", "provider")
"""Words of the trail for who is no account."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    Attributes
    ----------
    name : str
    role : str
        A word of `ROLES`.
    state : str
        `invited`, `open` or `closed`.
    """

    name: str
    role: str
    state: str
