"""Why a number is not shown, and ways to protect numbers, in words."""

from dashboard.wording import say

__all__ = ["as_way", "as_why"]


def as_why(lang: str, reason: str) -> str:
    """A reason of the report on what protection costs (`utility`), in words."""
    return say(lang, f"disclosure.why_{reason.replace(' ', '_')}")


def as_way(lang: str, how: str) -> str:
    """A way of the same report in words; the number at its end is how far it reaches."""
    key = {"suppression": "hiding", "whole tables": "whole"}.get(how)
    if key:
        return say(lang, f"disclosure.way_{key}")
    word, _, reach = how.rpartition(" ")
    return say(lang, f"disclosure.way_{'round' if word.startswith('rounding') else 'noise'}", reach=reach)
