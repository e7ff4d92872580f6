"""What firms answered about their business with a side, as bands of the flows that links give no share of."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.banded import BAND_COLUMNS, share_is_open
from analysis.pressure.channels import CHANNELS, channel_names
from analysis.pressure.totalling import total_ends
from survey import (
    QuestionFault,
    State,
    Study,
    StudyFault,
    Wave,
    answers_to,
    design_frame,
    latest_wave,
    nearest,
)

__all__ = ["ANSWER_COLUMNS", "answers_of", "with_answers"]

Floats = NDArray[np.float64]

ANSWER_COLUMNS = ("firm", "what", "channel", "countries", "low", "high", "question")
"""Columns of `answers_of`: `what` is `share`, `substitutability` or `total`; no `countries` are all."""

_KEYS = ("question", "countries", "channel", "scale", "values")
_WRITE = 'write  sales = [{ question = "sales_share_us", countries = ["US"] }]'


def answers_of(study: Study) -> pd.DataFrame | None:
    """Shares and substitutability as firms answered them in the last wave; None where nothing is declared.

    A firm that gave no answer, or was not asked, has no row: that is missing, never 0.

    Parameters
    ----------
    study : Study
        `[pressure.answers]`: a channel, `substitutability` or `total`, each a list of tables with `question`.

    Returns
    -------
    pandas.DataFrame
        `ANSWER_COLUMNS`, low and high from 0 to 1, of a total in the unit of values; equal where the answer
        is a number.

    Raises
    ------
    StudyFault, QuestionFault
        An unknown key, question, channel or code; a question that tells no number; a share outside 0 to 1.
    """
    told = study.section("pressure").get("answers")
    if told is None:
        return None
    if not isinstance(told, Mapping):
        raise _bad(study, "answers", told, "a table", _WRITE)
    parts = []
    wave = latest_wave(study)
    known = (*CHANNELS, "substitutability", "total")
    for what, rows in told.items():
        if what not in known:
            raise _bad(study, f"answers.{what}", what, "one of: " + ", ".join(known), nearest(what, known))
        for row in rows if isinstance(rows, list) else [rows]:
            parts.append(_answered(study, wave, what, row))
    return pd.concat(parts, ignore_index=True) if parts else None


def with_answers(
    bands: pd.DataFrame | None, answers: pd.DataFrame | None, flows: pd.DataFrame
) -> pd.DataFrame | None:
    """Bands of flows with what firms answered about them; what the file of bands says itself stands.

    The share of a side is that of all its flows in the channel: what flows with a size of their own leave of
    it is divided evenly over those without, on one draw. Substitutability is that of each flow.

    Parameters
    ----------
    bands : pandas.DataFrame or None
        From `read_bands`.
    answers : pandas.DataFrame or None
        From `answers_of`.
    flows : pandas.DataFrame
        From `flows_of`, with or without bands.

    Returns
    -------
    pandas.DataFrame or None
        `BAND_COLUMNS`, and the names `share_draw` and `substitutability_draw` that draws belong to, "" where
        it is the flow's own.
    """
    if answers is None or answers.empty or flows.empty:
        return bands
    lowest, highest, asked = total_ends(flows, answers)
    by_total = (asked != "") & (highest > lowest)
    sells = flows["firm"].astype("str") == flows["seller"].astype("str")
    at = pd.DataFrame(
        {
            "firm": flows["firm"].astype("str"),
            "flow": flows["flow"].astype("str"),
            "of": channel_names(flows).astype("str"),
            "country": flows["buyer_country"].where(sells, flows["seller_country"]).astype("str"),
            "share": np.where(by_total, 0.5 * (lowest + highest), flows["share"].to_numpy(dtype=np.float64)),
            "open": share_is_open(flows) & (asked == ""),
        }
    )
    told = answers.assign(order=np.arange(len(answers)))
    each = told.assign(country=told["countries"].str.split()).explode("country")
    of_all, of_some = each[told["countries"].reindex(each.index) == ""], each[each["country"].notna()]
    met = pd.concat(
        [at.merge(of_some, on=["firm", "country"]), at.merge(of_all.drop(columns="country"), on="firm")]
    )
    met = met[(met["channel"] == "") | (met["of"] == met["channel"])]
    told = at[["firm", "flow", "of"]].assign(low=lowest, high=highest, question=asked)[by_total]
    told = told.drop_duplicates(["firm", "flow"]).assign(order=-1).rename(columns={"of": "countries"})
    made = at[["firm", "flow"]].drop_duplicates().set_index(["firm", "flow"])
    for what in ("share", "substitutability"):
        mine = met[met["what"] == what]
        if what == "share":
            mine = pd.concat([told, _divided(mine)])
        mine = mine.sort_values("order", kind="stable").drop_duplicates(["firm", "flow"])
        mine = mine.assign(draw=mine["firm"] + "\n" + mine["question"] + "\n" + mine["countries"])
        mine = mine.set_index(["firm", "flow"]).reindex(made.index)
        made[f"{what}_low"], made[f"{what}_high"] = mine["low"].to_numpy(), mine["high"].to_numpy()
        made[f"{what}_draw"] = mine["draw"].fillna("").to_numpy(dtype=object)
    if bands is not None and len(bands):
        own = bands.set_index(["firm", "flow"])
        made = made.reindex(made.index.union(own.index, sort=False))
        own = own.reindex(made.index)
        for what in ("share", "substitutability"):
            is_own = own[f"{what}_low"].notna().to_numpy()
            for end in ("low", "high"):
                made[f"{what}_{end}"] = made[f"{what}_{end}"].mask(is_own, own[f"{what}_{end}"])
            made[f"{what}_draw"] = made[f"{what}_draw"].fillna("").mask(is_own, "")
    return made.reset_index()[[*BAND_COLUMNS, "share_draw", "substitutability_draw"]]


def _divided(met: pd.DataFrame) -> pd.DataFrame:
    """Shares of a side over those of its flows that have none of their own."""
    by = met["order"]
    named = met["share"].where(~met["open"], 0.0).groupby(by).transform("sum")
    many = met["open"].groupby(by).transform("sum").clip(lower=1)
    ends = {end: ((met[end] - named).clip(lower=0.0) / many) for end in ("low", "high")}
    return met.assign(**ends)[met["open"]]


def _answered(study: Study, wave: Wave, what: str, row: Any) -> pd.DataFrame:
    at = f"answers.{what}"
    if not isinstance(row, Mapping) or not isinstance(row.get("question"), str):
        raise _bad(study, at, row, "a table with  question", _WRITE)
    for key in row:
        if key not in _KEYS:
            raise _bad(study, f"{at}.{key}", key, "one of: " + ", ".join(_KEYS), nearest(key, _KEYS))
    countries = row.get("countries", [])
    if not isinstance(countries, list) or not all(isinstance(c, str) and c.strip() for c in countries):
        raise _bad(study, f"{at}.countries", countries, "a list of countries", 'write  countries = ["US"]')
    is_share, is_total = what in CHANNELS, what == "total"
    if is_total and countries:
        raise _bad(study, f"{at}.countries", countries, "no countries: a total is of all", "leave it out")
    channel = what if is_share else row.get("channel", "")
    known_channels = (what,) if is_share else CHANNELS if is_total else ("", *CHANNELS)
    if channel not in known_channels or (is_share and "channel" in row):
        expected = "no channel beside that of the key" if is_share else "one of: " + ", ".join(CHANNELS)
        raise _bad(study, f"{at}.channel", row.get("channel"), expected, "")
    scale = row.get("scale", 1.0)
    if isinstance(scale, bool) or not isinstance(scale, (int, float)) or not scale > 0:
        raise _bad(study, f"{at}.scale", scale, "a number above 0", "write  scale = 0.01  for percents")
    low, high = _ends(study, wave, at, row, float(scale))
    known = np.isfinite(low)
    wrong = known & ((low < 0.0) | (low > high))
    wrong |= known & ((low <= 0.0) if is_total else (high > 1.0))
    if wrong.any() and is_total:
        first = int(np.flatnonzero(wrong)[0])
        raise QuestionFault(
            study.place(f"pressure.{at}"),
            f"{row['question']!r}: {low[first]:g} to {high[first]:g} ({int(wrong.sum())} answers)",
            "a total above 0",
            "mark such answers as missing, or name the lowest number of each choice in  values",
        )
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise QuestionFault(
            study.place(f"pressure.{at}"),
            f"{row['question']!r}: {low[first]:g} to {high[first]:g} ({int(wrong.sum())} answers)",
            "a share from 0 to 1",
            "write  scale = 0.01  where the question asks for percents",
        )
    ids = design_frame(wave, study.design)["id"].astype("str").to_numpy(dtype=object)
    made = pd.DataFrame({"firm": ids[known], "low": low[known], "high": high[known]})
    kind = "share" if is_share else what
    made = made.assign(what=kind, channel=channel, countries=" ".join(countries), question=row["question"])
    return made[list(ANSWER_COLUMNS)]


def _ends(study: Study, wave: Wave, at: str, row: Mapping[str, Any], scale: float) -> tuple[Floats, Floats]:
    """Lower and upper end of each firm's answer, nan where it gave none."""
    answers = answers_to(wave, row["question"])
    did = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED))
    given = row.get("values")
    if not answers.options and given is None:
        value = np.where(did, answers.values * scale, np.nan)
        return value, value
    codes = list(answers.options)
    if given is None:
        choices = {choice.code: choice for choice in wave.codebook.question(row["question"]).choices}
        told = {
            code: (c.low, c.high) for code, c in choices.items() if c.low is not None and c.high is not None
        }
        ends = {code: (low * scale, high * scale) for code, (low, high) in told.items()}
    elif isinstance(given, Mapping):
        for code in given:
            if str(code) not in codes:
                expected = "one of: " + ", ".join(codes[:12]) if codes else "a question with choices"
                raise QuestionFault(
                    study.place(f"pressure.{at}.values"),
                    f"code {code!r}",
                    expected,
                    nearest(str(code), codes),
                )
        ends = {str(code): _pair(study, at, value) for code, value in given.items()}
    else:
        raise _bad(study, f"{at}.values", given, "a table", "write  values = { 1 = 0, 2 = [0.1, 0.3] }")
    used = [code for i, code in enumerate(codes) if answers.ticks[did, i].any()]
    lost = [code for code in used if code not in ends]
    if lost:
        raise QuestionFault(
            study.place(f"pressure.{at}"),
            f"answers {', '.join(lost)} of {row['question']!r} without a number",
            "low  and  high  of each choice in the codebook, or  values",
            "write  values = { 1 = 0, 2 = [0.1, 0.3] }",
        )
    table = np.array([ends.get(code, (np.nan, np.nan)) for code in codes])
    did &= answers.ticks.any(axis=1)
    pick = np.argmax(answers.ticks, axis=1)
    return np.where(did, table[pick, 0], np.nan), np.where(did, table[pick, 1], np.nan)


def _pair(study: Study, at: str, value: Any) -> tuple[float, float]:
    pair = value if isinstance(value, list) else [value, value]
    if len(pair) != 2 or not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in pair):
        raise _bad(study, f"{at}.values", value, "a number, or two: from and to", "write  [0.1, 0.3]")
    return float(pair[0]), float(pair[1])


def _bad(study: Study, key: str, found: object, expected: str, do: str) -> StudyFault:
    return StudyFault(study.place(f"pressure.{key}"), repr(found), expected, do)
