"""Who is told of each step while scenarios are compared, and may end the work there by raising."""

from collections.abc import Callable

__all__ = ["Tell", "untold"]

Tell = Callable[[str, int, int], None]
"""Is told of a step, which one of how many of its kind it is; 0 of 0 where it is one alone."""


def untold(step: str, at: int, of: int) -> None:
    """Tell nobody of a step."""
