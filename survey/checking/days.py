"""Events outside the window the questionnaire asked about, or after the survey."""

from datetime import date

import numpy as np
import pandas as pd

from survey.checking.seen import Seen, rows_said
from survey.checking.settings import CheckSettings
from survey.faults import Finding

__all__ = ["events_outside_window"]

FIRST = date(1900, 1, 1)
"""No event of a survey is earlier, unless `windows` says so."""


def events_outside_window(seen: Seen, settings: CheckSettings) -> list[Finding]:
    """Dates outside `windows` of `[check]`; where it says nothing, before 1900 or after the survey.

    The survey's day is the later of `calibrated_at` and `as_of` of the study.
    """
    findings: list[Finding] = []
    for question in seen.wave.codebook.questions:
        named = question.id in settings.windows
        if not named and (question.kind != "date" or question.role != "question"):
            continue
        first, last = settings.windows.get(question.id, (FIRST, settings.last))
        coded = seen.coded(question, question.columns[0])
        days = pd.to_datetime(pd.Series(coded.found, dtype="str"), errors="coerce", format="ISO8601")
        early = (days < pd.Timestamp(first)).to_numpy()
        late = (
            (days >= pd.Timestamp(last) + pd.Timedelta(days=1)).to_numpy()
            if last
            else np.zeros(len(days), bool)
        )
        out = np.append(early | late, False)[coded.index]
        if out.any():
            shown = ", ".join(np.array(coded.found, dtype=object)[early | late][:3])
            window = f"outside {first} to {last}" if last else f"before {first}"
            findings.append(
                Finding(
                    f"question {question.id}",
                    f"{int(out.sum())} events {window}: {shown} ({rows_said(out)})",
                    "They were not asked about, or are mistyped.",
                    "Correct them, or set them missing with a reason.",
                )
            )
    return findings
