"""How far a piece of work is, told as it goes on; whoever is told may stop it between two steps."""

from collections.abc import Callable

__all__ = ["Stopped", "Tick", "untold"]

Tick = Callable[[str, int, int], None]
"""Told before each step: its key (under `step` in the catalogues), which one of how many; 0 of 0 where it is
one alone. It raises `Stopped` to end the work there."""


class Stopped(Exception):
    """Nobody waits for the work any more."""


def untold(step: str, at: int = 0, of: int = 0) -> None:
    """Tell nobody, stop nothing."""
