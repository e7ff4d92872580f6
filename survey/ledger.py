"""What we changed in the answers, in order, so that it can be shown and replayed."""

from dataclasses import dataclass

__all__ = ["Change", "Ledger"]


@dataclass(frozen=True, slots=True)
class Change:
    """One rule applied: its name, the rows and column touched, values before and after, why."""

    rule: str
    column: str
    rows: tuple[int, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """All changes made to a wave, in the order they were made."""

    changes: tuple[Change, ...] = ()
