"""What Releases do not show, why, and what that loses beside other ways: the last lines of `build`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Release

__all__ = ["withheld_lines"]


def withheld_lines(releases: "Sequence[Release]", languages: Sequence[str]) -> list[str]:
    """Two lines an audience in the study's first language, from the internal Release's `utility`.

    Without an internal Release among them: nothing, for reasons are told to nobody else.
    """
    from dashboard.wording import LANGUAGES

    lang = next((one for one in languages if one in LANGUAGES), "en")
    lines: list[str] = []
    for release in releases:
        if release.audience == "internal" and "utility" in release.tables():
            table = release.table("utility")
            for audience, own in table[table["question"] == ""].groupby("audience", sort=False):
                lines += _lines(lang, str(audience), own)
    return lines


def _lines(lang: str, audience: str, own: "pd.DataFrame") -> list[str]:
    """Cells by reason, and what each way loses, of one audience."""
    from dashboard.withheld import as_way, as_why
    from dashboard.wording import say

    def part(share: float) -> str:
        return say(lang, "unit.percent", value=f"{100 * share:.1f}")

    counts = own[own["stat"] == "cells"].set_index("why")["n"]
    total, hidden = int(counts.sum()), int(counts.drop("shown", errors="ignore").sum())
    if not total:
        return []
    name = say(lang, f"audience.{audience}")
    why = say(lang, "disclosure.join").join(
        f"{as_why(lang, str(word))} {n}" for word, n in counts.items() if word != "shown"
    )
    line = say(lang, "disclosure.line", audience=name, hidden=hidden, cells=total, share=part(hidden / total))
    moved = own[own["stat"] == "moved"].set_index("method")["estimate"].to_dict()
    lost = say(lang, "disclosure.join").join(
        f"{as_way(lang, str(how))} {part(float(value))}" for how, value in moved.items()
    )
    return [f"{line} {why}".rstrip(), say(lang, "disclosure.line_lost", audience=name, ways=lost)]
