"""The demonstration respondents: firms that reproduce every usable published figure of the wave of 2021."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from survey.codebook import Codebook
from survey.faults import QuestionFault
from survey.synthetic_counts import CHOSEN_BASES, CHOSEN_COUNTS, published_counts
from survey.synthetic_fill import highest
from survey.synthetic_questionnaire import demo_codebook

__all__ = ["DEMO_SEED", "FIRMS", "demo_respondents"]

DEMO_SEED = 20211215
"""Seed of the demonstration firms."""

FIRMS = 100
"""Firms on the list of the first wave."""

_NOT_ASKED, _DO_NOT_KNOW, _NO_ANSWER = 97.0, 98.0, 99.0

_SECTORS = (26, 24, 18, 16, 16)
_SECTOR_US = (0.5, 0.3, 0.1, -0.2, -0.6)
_SECTOR_CN = (0.6, 0.4, 0.3, -0.4, -0.8)

# share of the variance of a tick that the firm's exposure to the United States, to China, and its
# readiness explain: score = loadings . latents + noise; the firms with the highest scores tick
_LOADINGS: Mapping[str, tuple[float, float, float]] = {
    "sales_share_us": (0.9, 0.0, 0.0),
    "sales_share_cn": (0.0, 0.9, 0.0),
    "awareness": (0.2, 0.2, 0.7),
    "measures_started": (0.2, 0.3, 0.6),
    "us_china_impact": (0.4, 0.5, 0.1),
    "impact_type": (0.3, 0.4, 0.0),
    "had_to_choose": (0.2, 0.3, 0.0),
    "tech_transfer_demand": (0.0, 0.6, 0.0),
    "gov_request": (0.3, 0.3, 0.1),
    "main_challenge/us_china_uncertainty": (0.3, 0.4, 0.0),
    "main_challenge/getting_information": (0.0, 0.2, -0.3),
    "main_challenge/risk_assessment": (0.1, 0.2, -0.2),
    "main_challenge/intl_intelligence": (0.1, 0.1, -0.3),
    "measures_taken/information_control": (0.1, 0.2, 0.4),
    "measures_taken/supplier_change": (0.3, 0.4, 0.1),
    "measures_taken/new_unit": (0.1, 0.1, 0.5),
    "measures_taken/investment_plan_change": (0.2, 0.4, 0.1),
    "measures_taken/relocate_production": (0.2, 0.4, 0.0),
    "impact_type/us_regulation_cost": (0.6, 0.1, 0.0),
    "impact_type/supplier_change": (0.3, 0.3, 0.1),
    "impact_type/cn_regulation_cost": (0.0, 0.6, 0.0),
    "impact_type/sales_drop": (0.1, 0.4, 0.0),
    "us_concerns": (0.4, 0.2, 0.0),
    "cn_concerns": (0.0, 0.5, 0.1),
}

_ACTIVE = 88
_NONE_PART = 0.6


def _standard(rng: np.random.Generator, rows: int) -> NDArray[np.float64]:
    # by inversion, so that only the stream of uniforms has to stay what it is
    return np.asarray(ndtri(rng.random(rows)), dtype=np.float64)


def _top(score: NDArray[np.float64], many: int, among: NDArray[np.bool_], question: str) -> NDArray[np.bool_]:
    """The `many` firms with the highest score among those allowed; shape (firms,)."""
    if many > int(among.sum()):
        raise QuestionFault(
            f"question {question!r}",
            f"{many} firms to choose among {int(among.sum())}",
            "a published count that the routing of the questionnaire allows",
            "check the counts in data/reference/published",
        )
    return highest(score, many, among)


class _Maker:
    """Holds the latent traits and the answers while the questionnaire is filled in, question by question."""

    def __init__(self, counts: Mapping[tuple[str, str], tuple[int, int]], seed: int) -> None:
        self.counts = counts
        self.rng = np.random.default_rng(seed)
        self.columns: dict[str, NDArray[np.float64]] = {}
        self.everyone = np.ones(FIRMS, dtype=bool)
        shuffled = self.rng.permutation(FIRMS)
        sector: NDArray[np.int64] = np.repeat(np.arange(len(_SECTORS)), _SECTORS)[shuffled]
        self.columns["sector"] = sector.astype(np.float64) + 1.0
        noise = [_standard(self.rng, FIRMS) for _ in range(3)]
        us = np.asarray(_SECTOR_US)[sector] + 0.9 * noise[0]
        cn = np.asarray(_SECTOR_CN)[sector] + 0.3 * noise[0] + 0.8 * noise[1]
        self.latents = np.column_stack([us, cn, noise[2]])

    def score(self, key: str) -> NDArray[np.float64]:
        """Loadings times latents plus noise of what variance is left; shape (firms,)."""
        question = key.split("/")[0]
        loadings = np.asarray(_LOADINGS.get(key, _LOADINGS.get(question, (0.0, 0.0, 0.0))))
        rest = np.sqrt(max(0.05, 1.0 - float(loadings @ loadings)))
        return np.asarray(self.latents @ loadings + rest * _standard(self.rng, FIRMS))

    def base(self, question: str) -> int:
        """Firms that answered the question, as published, else as chosen."""
        published = [base for (name, _), (_, base) in self.counts.items() if name == question]
        return published[0] if published else CHOSEN_BASES[question]

    def blank(
        self,
        question: str,
        asked: NDArray[np.bool_],
        base: int,
        may_be_silent: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.float64]:
        """A column of codes: nan where an answer is to come, a reason elsewhere; shape (firms,)."""
        codes = np.full(FIRMS, np.nan)
        codes[~asked] = _NOT_ASKED
        among = asked if may_be_silent is None else asked & may_be_silent
        silent = _top(self.score("silence"), int(asked.sum()) - base, among, question)
        unsure = _top(self.score("silence"), int(silent.sum()) // 2, silent, question)
        codes[silent] = _NO_ANSWER
        codes[unsure] = _DO_NOT_KNOW
        return codes

    def single(
        self, question: str, codes: NDArray[np.float64], wanted: Mapping[str, int], rest: str
    ) -> NDArray[np.float64]:
        """Fill in one of k, highest scores first, in the order of `wanted`; all others answer `rest`."""
        score = self.score(question)
        for code, many in wanted.items():
            codes[_top(score, many, np.isnan(codes), question)] = float(code)
        codes[np.isnan(codes)] = float(rest)
        self.columns[question] = codes
        return codes

    def several(self, codebook: Codebook, question: str, codes: NDArray[np.float64]) -> None:
        """Fill in a multiple-response set: exact counts, and everybody who answered ticks something."""
        choices = codebook.question(question).choices
        open_to = np.isnan(codes)
        ticked = np.zeros(FIRMS, dtype=bool)
        for choice in choices:
            many = self.counts.get(
                (question, choice.code), (CHOSEN_COUNTS.get(question, {}).get(choice.code, 0), 0)
            )[0]
            chosen = _top(self.score(f"{question}/{choice.code}"), many, open_to, question)
            self.columns[choice.column] = np.where(open_to, chosen.astype(float), codes)
            ticked |= chosen
        empty = open_to & ~ticked
        names = {choice.code: choice.column for choice in choices}
        none = np.zeros(FIRMS, dtype=bool)
        if "none" in names:
            none = _top(self.score("none"), round(_NONE_PART * int(empty.sum())), empty, question)
            self.columns[names["none"]][none] = 1.0
        self.columns[names["other"]][empty & ~none] = 1.0


def demo_respondents(published: Path, seed: int = DEMO_SEED) -> tuple[pd.DataFrame, Codebook]:
    """One hundred synthetic firms that reproduce exactly every usable figure of the 2021 wave.

    Each firm has three latent traits (exposure to the United States, exposure to China, readiness),
    higher in some sectors. A firm's score for an answer is a weighted sum of its traits and noise;
    the firms with the highest scores give the answer, exactly as many as the source reports. No
    answer is drawn and thrown away.

    Parameters
    ----------
    published : Path
        `published_waves.csv`.
    seed : int
        Seed of the generator.

    Returns
    -------
    pandas.DataFrame
        Shape (100, columns of the codebook): text for `firm_id` and `firm_name`, else codes as
        float64, with 97 not asked, 98 do not know, 99 no answer.
    Codebook
        What the codes mean.

    Raises
    ------
    FileFault, QuestionFault
        The published file is missing, or its counts cannot hold together.
    """
    codebook = demo_codebook()
    made = _Maker(published_counts(published, "2021"), seed)
    pub = made.counts

    for side, trait in (("us", 0), ("cn", 1)):
        active = _top(made.latents[:, trait], _ACTIVE, made.everyone, f"active_{side}")
        made.columns[f"active_{side}"] = np.where(active, 1.0, 2.0)
        _sales_band(made, side, active)

    aware = pub["awareness", "aware"][0]
    strongly = CHOSEN_COUNTS["awareness"]["1"]
    codes = made.blank("awareness", made.everyone, made.base("awareness"))
    made.single("awareness", codes, {"1": strongly, "2": aware - strongly}, "3")

    started = made.blank("measures_started", made.everyone, made.base("measures_started"))
    started = made.single("measures_started", started, {"1": pub["measures_started", "yes"][0]}, "2")
    made.several(codebook, "measures_taken", _leaky(made, "measures_taken", started))
    made.several(
        codebook, "main_challenge", made.blank("main_challenge", made.everyone, made.base("main_challenge"))
    )

    hit = np.full(FIRMS, np.nan)
    hit[
        _top(made.score("silence"), FIRMS - made.base("us_china_impact"), made.everyone, "us_china_impact")
    ] = _NO_ANSWER
    hit = made.single("us_china_impact", hit, {"1": pub["us_china_impact", "yes"][0]}, "2")
    made.several(codebook, "impact_type", _leaky(made, "impact_type", hit))

    sells_cn = made.columns["sales_share_cn"] > 1
    chose = made.blank("had_to_choose", made.everyone, made.base("had_to_choose"), sells_cn)
    both = (hit == 1) & (made.columns["active_us"] == 1) & sells_cn
    yes = _top(
        made.score("had_to_choose"), pub["had_to_choose", "yes"][0], both & np.isnan(chose), "had_to_choose"
    )
    made.columns["had_to_choose"] = np.where(yes, 1.0, np.where(np.isnan(chose), 2.0, chose))

    for side in ("us", "cn"):
        asked = made.columns[f"active_{side}"] == 1
        made.several(
            codebook,
            f"{side}_concerns",
            made.blank(f"{side}_concerns", asked, made.base(f"{side}_concerns")),
        )

    asked = made.columns["active_cn"] == 1
    demand = made.blank("tech_transfer_demand", asked, made.base("tech_transfer_demand"))
    demand = made.single("tech_transfer_demand", demand, {"1": pub["tech_transfer_demand", "yes"][0]}, "2")
    gate_is_blank = (demand == _DO_NOT_KNOW) | (demand == _NO_ANSWER)
    after = np.where(demand == 1, np.nan, np.where(gate_is_blank, _NO_ANSWER, _NOT_ASKED))
    complied = pub["tech_transfer_complied", "complied"][0]
    made.single(
        "tech_transfer_complied",
        after,
        {"1": complied, "2": CHOSEN_COUNTS["tech_transfer_complied"]["2"]},
        "3",
    )

    wish = made.blank("gov_request", made.everyone, made.base("gov_request"))
    first = {"1": pub["gov_request", "policy_direction"][0], "2": pub["gov_request", "corporate_interest"][0]}
    made.single("gov_request", wish, {**first, **CHOSEN_COUNTS["gov_request"]}, "6")

    number = pd.Series(np.arange(1, FIRMS + 1)).map("{:03d}".format)
    names = "Synthetic Firm " + number + " / 合成企業" + number
    names[[6, 57]] += "　"
    names[22] = "Synthetic Firm 023 / 合成企業０２３"
    texts = {"firm_id": "S" + number, "firm_name": names}
    order = [column for question in codebook.questions for column in question.columns]
    return pd.DataFrame({**texts, **made.columns})[order], codebook


def _sales_band(made: _Maker, side: str, active: NDArray[np.bool_]) -> None:
    """Fill in the banded share of sales of one market: as many firms at a tenth or more as printed."""
    question = f"sales_share_{side}"
    free = CHOSEN_COUNTS[question]
    tenth = made.counts[question, f"{side}_ge10"][0]
    wanted = {code: free[code] for code in ("6", "5", "4")}
    wanted["3"] = tenth - sum(wanted.values())
    wanted["2"] = free["2"]
    codes = np.where(active, np.nan, 1.0)
    score = made.score(question)
    first = made.columns.get("sales_share_us", np.zeros(FIRMS))
    highest = {"6": 4.0, "5": 4.0}  # no firm sells more than all it sells
    for code, many in wanted.items():
        fits = np.isnan(codes) & (first <= highest.get(code, 6.0))
        codes[_top(score, many, fits, question)] = float(code)
    codes[np.isnan(codes)] = 1.0
    made.columns[question] = codes


def _leaky(made: _Maker, question: str, gate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Codes of a follow-up: all who passed the gate answer, and as many who said no as the base needs."""
    extra = made.base(question) - int((gate == 1).sum())
    leaks = _top(made.score(question), extra, gate == 2, question)
    return np.where((gate == 1) | leaks, np.nan, np.where(gate == 2, _NOT_ASKED, _NO_ANSWER))
