"""Who a Release is for, and whose answers its readers are assumed to know already."""

__all__ = ["AUDIENCES", "MINIMUM_TABLE", "floor_for", "known_to"]

AUDIENCES = ("internal", "members", "public")
"""Who a Release is for: the team that holds the microdata, the firms surveyed, everybody."""

MINIMUM_TABLE = 10
"""Firms below which nothing of a table is printed."""

_COALITION = {"members": 3, "public": 0}
"""Answers the reader is assumed to know already: a member knows its own and two more."""


def floor_for(audience: str, minimum_frequency: int) -> int:
    """Smallest count of firms that an audience may see: minimum frequency plus answers it knows."""
    return minimum_frequency + _COALITION[audience]


def known_to(audience: str) -> int:
    """Firms whose figures a reader of an audience may know: at least one, its own."""
    return max(_COALITION[audience], 1)
