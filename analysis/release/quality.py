"""What stands behind the numbers of a Release: questions, response, cleaning, weights and what is hidden."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.release.tables import SUPPRESSED
from survey import Ledger, Question, State, Wave, answers_to

__all__ = ["cleaning_table", "hidden_table", "question_table", "response_table", "weighting_table"]

_COLUMNS = ["question", "stat", "n", "estimate"]


def question_table(wave: Wave) -> pd.DataFrame:
    """What each tabulated question is: `question`, `kind`, `is_ordered`, `unit`, `asked_if`, `nets`.

    Ordered are questions whose answers are bands of a number, or have nets of neighbours: their
    answers keep the order of the questionnaire, others are shown by size. `nets` names the answers that
    each net adds up: `net=a;b|other=c;d`.
    """
    rows = [
        (
            q.id,
            q.kind,
            _is_ordered(q),
            q.unit,
            q.asked_if,
            "|".join(f"{net}={';'.join(parts)}" for net, parts in q.nets.items()),
        )
        for q in wave.codebook.tabulated()
    ]
    return pd.DataFrame(rows, columns=["question", "kind", "is_ordered", "unit", "asked_if", "nets"])


def response_table(wave: Wave) -> pd.DataFrame:
    """How many of the firms that returned a questionnaire answered each question, and why others did not.

    Returns
    -------
    pandas.DataFrame
        `question`, `stat` (a word of `State` in small letters), `n` (firms that returned), `estimate`
        (firms in that state, whole; states nobody is in have no row, but `answered` always has).
    """
    rows = []
    for q in wave.codebook.tabulated():
        state = answers_to(wave, q.id).state
        for one in State:
            firms = int((state == one).sum())
            if firms or one is State.ANSWERED:
                rows.append((q.id, one.name.lower(), len(state), float(firms)))
    return pd.DataFrame(rows, columns=_COLUMNS)


def cleaning_table(ledger: Ledger, wave: Wave, floor: int) -> pd.DataFrame:
    """What cleaning changed, without any answer.

    Returns
    -------
    pandas.DataFrame
        `rule`, `question`, `reason`, `who`, `stat` (`cells`), `n` (rows read), `estimate` (cells changed).
        Above a floor of 0: by rule alone, no question, reason or person, and a number under the floor
        has the flag `suppressed`; a reason can name a firm.
    """
    counts = ledger.counts()
    of = {column: q.id for q in wave.codebook.questions for column in q.columns}
    table = pd.DataFrame(
        {
            "rule": counts["rule"],
            "question": [of.get(str(column), str(column)) for column in counts["column"]],
            "reason": counts["reason"],
            "who": counts["who"],
            "stat": "cells",
            "n": ledger.rows,
            "estimate": counts["cells"].astype(float),
            "flag": "",
        }
    )
    if floor:
        table = table.groupby("rule", sort=False, as_index=False).agg(
            question=("question", lambda _: ""), reason=("reason", lambda _: ""), who=("who", lambda _: ""),
            stat=("stat", "first"), n=("n", "first"), estimate=("estimate", "sum"), flag=("flag", "first"),
        )  # fmt: skip
        few = table["estimate"] < floor
        table["estimate"] = table["estimate"].mask(few)
        table["flag"] = table["flag"].mask(few, SUPPRESSED)
    text = ["rule", "question", "reason", "who", "stat", "flag"]
    return table.astype({**dict.fromkeys(text, "str"), "n": "int64", "estimate": "float64"})


def weighting_table(wave: Wave) -> pd.DataFrame:
    """How the firms were weighted: diagnostics, then each category of each margin.

    Returns
    -------
    pandas.DataFrame
        `margin`, `category`, `source`, `date`, `stat`, `n`, `estimate`; without weights made by
        `survey.weigh` no row. `stat` is `smallest`, `largest`, `design effect`, `rounds`, `unmatched`, and of
        a margin `wanted`, `before`, `after`.
    """
    made = wave.weighted
    rows: list[tuple[str, str, str, str, str, int, float]] = []
    if made is not None:
        n = int((made.weight != 0).sum())
        for stat, value in (
            ("smallest", made.smallest),
            ("largest", made.largest),
            ("design effect", made.design_effect),
            ("rounds", made.rounds),
            ("unmatched", len(made.unmatched)),
        ):
            rows.append(("", "", "", "", stat, n, float(value)))
        for met in made.margins:
            for stat in ("wanted", "before", "after"):
                place = (met.margin, met.category, met.source, met.date)
                rows.append((*place, stat, met.firms, float(getattr(met, stat))))
    return pd.DataFrame(rows, columns=["margin", "category", "source", "date", "stat", "n", "estimate"])


def hidden_table(estimates: pd.DataFrame, questions: Sequence[str]) -> pd.DataFrame:
    """How much of each question is hidden: `question`, `stat` (`cells hidden`), `n` (cells), `estimate`."""
    table = estimates[estimates["by"] == ""]
    hidden = (table["flag"] == SUPPRESSED).groupby(table["question"]).agg(["size", "sum"])
    found = hidden.reindex([q for q in questions if q in hidden.index])
    return pd.DataFrame(
        {
            "question": found.index.to_numpy(dtype=object),
            "stat": "cells hidden",
            "n": found["size"].to_numpy(dtype=np.int64),
            "estimate": found["sum"].to_numpy(dtype=float),
        }
    ).astype({"question": "str"})


def _is_ordered(question: Question) -> bool:
    if question.kind != "single":
        return False
    if any(choice.low is not None or choice.high is not None for choice in question.choices):
        return True
    codes = [choice.code for choice in question.choices]
    places = [sorted(codes.index(c) for c in parts if c in codes) for parts in question.nets.values()]
    return bool(places) and all(at and at[-1] - at[0] == len(at) - 1 for at in places)
