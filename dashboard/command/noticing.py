"""The notice on its way out: lines on the terminal, a column of a table, a file beside it."""

from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.outputs import replace_file
from dashboard.command.saying import say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["notice_lines", "put_notice", "tell_notice"]


def tell_notice(ages: "pd.DataFrame | None", *, quiet: bool) -> None:
    """Say on stderr that this is no legal advice and where asking is risky; findings tell the age of lists.

    Parameters
    ----------
    ages : pandas.DataFrame or None
        What `analysis.list_ages` gives; None where nobody was screened.
    """
    from analysis import notice_of

    lines = notice_of("en", ages)
    for line in lines if ages is None else lines[:2]:
        say(f"notice: {line}", quiet=quiet)


def notice_lines(ages: "pd.DataFrame | None") -> tuple[str, ...]:
    """The notice in English, an empty line, and the same in Japanese."""
    from analysis import notice_of

    return (*notice_of("en", ages), "", *notice_of("ja", ages))


def put_notice(out: Path, ages: "pd.DataFrame | None") -> None:
    """Write the notice beside a table, `F.csv` to `F.notice.txt`, in both languages."""
    text = "\n".join(notice_lines(ages)) + "\n"
    beside = out.with_name(out.stem + ".notice.txt")
    replace_file(beside, lambda path: path.write_text(text, encoding="utf-8", newline=""))
