"""Write Releases of plainly made-up numbers, so that pages can be tested without building a study."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.pressure.record import DOUBT_COLUMNS
from analysis.release.manifest import SCHEMA, checksum, write_manifest
from tests.dashboard.made_up_links import supply_tables
from tests.dashboard.made_up_rules import rule_tables
from tests.dashboard.made_up_scenarios import scenario_tables

__all__ = ["SECRET", "write_made_up"]

SECRET = "ZZPLANTED Kabushiki Gaisha"
"""A firm name that stands in the internal Release and must stand nowhere in another."""

_SECTORS = [
    ("a", "Machines", "機械"),
    ("b", "Chemicals and materials", "化学・素材"),
    ("c", "Finance", "金融"),
]
_BANDS = [("0", "none", "なし"), ("1", "up to 0.25", "0.25以下"), ("2", "over 0.25", "0.25超")]


def _estimate(question: str, option: str, count: int, n: int, **more: object) -> dict[str, object]:
    share = count / n
    wide = 1.96 * np.sqrt(share * (1 - share) / n)
    row = {
        "question": question,
        "option": option,
        "by": "",
        "group": "",
        "stat": "share",
        "base_rule": "answered",
        "n": n,
        "base": float(n),
        "estimate": share,
        "se": wide / 1.96,
        "low": max(0.0, share - wide),
        "high": min(1.0, share + wide),
        "df": n - 1.0,
        "method": "korn-graubard",
        "flag": "",
        "wave": "1999",
        "level": 0.95,
        "deff": 1.0,
        "n_eff": float(n),
        "p": np.nan,
        "letters": "",
    }
    return row | more


def _hidden(row: dict[str, object]) -> dict[str, object]:
    gone = dict.fromkeys(("base", "estimate", "se", "low", "high", "df", "deff", "n_eff"), np.nan)
    return row | gone | {"n": np.nan, "flag": "suppressed", "method": ""}


def _wording() -> pd.DataFrame:
    words: list[tuple[str, str, str, str]] = []

    def both(question: str, option: str, en: str, ja: str) -> None:
        words.extend([(question, option, "en", en), (question, option, "ja", ja)])

    both(
        "us_china_impact",
        "",
        "Does US-China confrontation affect the business now?",
        "米中対立は現在の事業に影響しているか",
    )
    both(
        "had_to_choose", "", "Has the firm had to choose between the two?", "米中の選択を迫られたことがあるか"
    )
    for question in ("us_china_impact", "had_to_choose"):
        both(question, "1", "Yes", "はい")
        both(question, "2", "No", "いいえ")
    both("impact_type", "", "In what form?", "どのような影響か")
    both("impact_type", "us_cost", "Extra cost from US rules", "米国の規制によるコスト増")
    both("impact_type", "cn_cost", "Extra cost from Chinese rules", "中国の規制によるコスト増")
    for code, en, ja in _SECTORS:
        both("sector", code, en, ja)
    for name, en, ja in (
        ("us", "Reach of US rules", "米国"),
        ("cn", "Reach of Chinese rules", "中国"),
        ("squeeze", "Squeeze", "板挟み"),
    ):
        both(f"pressure.{name}", "", en, ja)
        for code, band_en, band_ja in _BANDS:
            both(f"pressure.{name}", code, band_en, band_ja)
    table = pd.DataFrame(words, columns=["question", "option", "lang", "text"])
    return table.assign(kind=np.where(table["option"] == "", "question", "option"))


def _claims(estimates: pd.DataFrame) -> pd.DataFrame:
    rows = []
    whole = estimates[
        (estimates["by"] == "")
        & estimates["question"].isin(["us_china_impact", "impact_type", "had_to_choose"])
    ]
    for row in whole.to_dict(orient="records"):
        known = pd.notna(row["n"])
        rows.append(
            {
                **row,
                "claim": f"share:{row['question']}:{row['option']}",
                "against": "",
                "count": round(row["n"] * row["estimate"]) if known else None,
            }
        )
    rows.append(
        {
            "claim": "contrast:impact_type:us_cost:cn_cost",
            "stat": "difference",
            "question": "impact_type",
            "option": "us_cost",
            "against": "cn_cost",
            "base_rule": "answered",
            "n": 74,
            "count": 19,
            "base": 74.0,
            "estimate": 19 / 74,
            "low": 0.14,
            "high": 0.37,
            "level": 0.95,
            "method": "paired score",
            "flag": "",
            "wave": "1999",
        }
    )
    keep = [
        "claim",
        "stat",
        "question",
        "option",
        "against",
        "base_rule",
        "n",
        "count",
        "base",
        "estimate",
        "low",
        "high",
        "level",
        "method",
        "flag",
        "wave",
    ]
    return pd.DataFrame(rows)[keep].astype({"n": "Int64", "count": "Int64"})


def _firms(many: int, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    ids = [f"T{number:03d}" for number in range(1, many + 1)]
    sectors = [_SECTORS[number % 3][0] for number in range(many)]
    names = [SECRET, *[f"Made-up {number}" for number in range(2, many + 1)]]
    firms = pd.DataFrame(
        {"firm": ids, "name": names, "name_ja": [f"架空{n}社" for n in range(1, many + 1)], "sector": sectors}
    )
    us, cn = rng.beta(1.3, 2, many), rng.beta(1.2, 2.5, many)
    squeeze = np.minimum(us, cn) * rng.uniform(0.3, 0.9, many)
    p = 1 / (1 + np.exp(2.6 - 4 * squeeze))
    parts = []
    for stat, value, wide in (
        ("us", us, 0.1),
        ("cn", cn, 0.12),
        ("squeeze", squeeze, 0.08),
        ("p_choose", p, 0.15),
    ):
        parts.append(
            pd.DataFrame(
                {
                    "firm": ids,
                    "stat": stat,
                    "n": 1 if stat != "p_choose" else 96,
                    "estimate": value,
                    "low50": (value - wide / 3).clip(0),
                    "high50": (value + wide / 3).clip(0, 1),
                    "low": (value - wide).clip(0),
                    "high": (value + wide).clip(0, 1),
                    "level": 0.9,
                    "method": "draws",
                    "flag": "transported" if stat == "p_choose" else "",
                }
            )
        )
    order = (-squeeze).argsort().argsort() + 1
    plain = {
        "firm": ids,
        "n": 1,
        "low50": np.nan,
        "high50": np.nan,
        "level": 0.9,
        "method": "draws",
        "flag": "",
    }
    parts.append(
        pd.DataFrame(
            {
                **plain,
                "stat": "rank",
                "estimate": np.nan,
                "low": (order - 12).clip(1),
                "high": (order + 12).clip(None, many),
            }
        )
    )
    parts.append(
        pd.DataFrame(
            {
                **plain,
                "stat": "tier",
                "estimate": 1.0 + (order > 14) + (order > 55),
                "low": np.nan,
                "high": np.nan,
            }
        )
    )
    parts.append(
        pd.DataFrame(
            {
                **plain,
                "stat": "p_top10",
                "estimate": (1.2 - order / 20).clip(0, 1),
                "low": np.nan,
                "high": np.nan,
            }
        )
    )
    drivers = pd.DataFrame(
        {
            "firm": np.repeat(ids, 3),
            "term": ["squeeze", "us", "cn"] * many,
            "stat": "logit",
            "n": 1,
            "estimate": rng.normal(0, 1, 3 * many),
            "evidence": "made-up path: T001 > L1 > P1",
        }
    )
    several = np.repeat(ids, 2)
    collisions = pd.DataFrame(
        {
            "firm": several,
            "flow": [f"L{k}" for k in range(2 * many)],
            "channel": ["sales", "inputs"] * many,
            "duty": "US-EL",
            "duty_side": "us",
            "clause": ["CN-AFSL", "CN-UEL"] * many,
            "clause_side": "cn",
            "status": ["duty", "dormant"] * many,
            "value": 1.0,
            "share": 0.2,
            "us_severity": 1.0,
            "cn_severity": 0.5,
            "weight": [1.0, 0.25] * many,
            "substitutability": 0.3,
            "at_stake": rng.uniform(0, 0.2, 2 * many),
            "trigger": "delivery",
            "addressee": "subsidiary",
            "path": "T001 > L1 > P1 (CN) > Entity List > Article 12",
            "as_of": "1999-12-31",
            "warning": ["", "date open"] * many,
            "article": ["Art. 12", "Art. 2"] * many,
            "kind": "cut off",
            "counted": True,
            "lethal": False,
            "sides": "us-cn",
            "value_at_stake": 0.5,
            "stat": "at_stake",
            "n": 1,
            "estimate": 0.1,
        }
    )
    contacts = collisions[["firm", "flow", "path", "as_of", "warning"]].assign(
        side="us", instrument="US-EL", outcome="licence", stat="share", n=1, estimate=0.2
    )
    return {
        "firms": firms,
        "pressure": pd.concat(parts, ignore_index=True),
        "drivers": drivers,
        "collisions": collisions,
        "contacts": contacts,
        "flows": collisions[["firm", "flow", "channel", "share", "path"]].assign(
            seller="", confidence=0.9, stat="share", n=1, estimate=0.2
        ),
        "frozen": _frozen(rng),
        "leaving": _leaving(),
        "doubts": _doubts(many),
    }


def _leaving() -> pd.DataFrame:
    """Two ways out of the top tier for one firm, and a firm for which there is none."""
    plain = {"firm": "T002", "step": 1, "channel": "sales", "unit": "", "stat": "squeeze", "n": 100}
    plain |= {"squeeze_before": 0.07, "p_before": 0.3, "level": 0.9, "tier_before": 1, "method": "made up"}
    plain |= {"flag": "", "fewest": 1, "low": -0.07, "high": -0.05}
    rows = [
        plain
        | {"way": 1, "kind": "flow", "input": "L2", "party": "P1", "from": 0.2, "to": 0.0, "size": 0.2}
        | {"squeeze_after": 0.0, "p_after": 0.1, "estimate": -0.07, "tier_after": 2},
        plain
        | {"way": 2, "kind": "licence", "input": "US-EL", "party": "", "from": 1.0, "to": 0.0, "size": 0.3}
        | {"squeeze_after": 0.02, "p_after": 0.2, "estimate": -0.05, "tier_after": 2},
    ]
    return pd.DataFrame(rows)


def _doubts(many: int) -> pd.DataFrame:
    """Shares of variance of all firms and of one."""
    rows = [
        (firm, "p_choose", source, n, share, low, high, 0.4, ask, "made up")
        for firm, n in (("", many), ("T002", 1))
        for source, share, low, high, ask in (
            ("model", 0.9, np.nan, np.nan, ""),
            ("links", 0.1, 0.05, 0.15, "L2"),
            ("together", 0.0, np.nan, np.nan, ""),
        )
    ]
    return pd.DataFrame(rows, columns=list(DOUBT_COLUMNS))


def _frozen(rng: np.random.Generator) -> pd.DataFrame:
    """A model of one slope with 200 draws, as a Release keeps it."""
    said = {"level": 0.9, "seed": 1.0, "draws": 200.0, "dormant": 0.25, "across": 0.0}
    points = {f"setting {name}": value for name, value in said.items()}
    points |= {"lowest squeeze": 0.0, "highest squeeze": 0.9, "groups": 0.0}
    points |= {"coefficient intercept": -2.6, "coefficient squeeze": 4.0}
    rows = [(stat, 0, value) for stat, value in points.items()]
    for name, middle in (("intercept", -2.6), ("squeeze", 4.0)):
        rows += [
            (f"coefficient {name}", k + 1, value) for k, value in enumerate(rng.normal(middle, 0.4, 200))
        ]
    return pd.DataFrame(rows, columns=["stat", "draw", "estimate"]).assign(n=96)


def _printed(wave: str, answer: str, given: int, size: int, **more: object) -> dict[str, object]:
    row = _estimate("had_to_choose", "1", given, size)
    printed = {
        "survey": "",
        "wave": wave,
        "edition": "final",
        "question_id": "chose",
        "option_id": answer,
        "printed": f"{100 * given / size:.1f}",
        "stated_base": size,
        "feasible_bases": str(size),
        "base": size,
        "count": given,
        "estimate": given / size,
        "low": row["low"],
        "high": row["high"],
        "rounding": "rounded",
        "flag": "",
        "why": "",
        "row": int(wave),
        "level": 0.95,
        "method": "clopper-pearson",
        "source_title": "A made-up booklet",
        "fieldwork": "",
        "side": "both",
        "confidence": "exact",
        "source_date": "1997-05-01",
        "multi_response": "no",
        "stat": "share",
        "n": size,
        "value": given / size,
        "reasons": "[]",
        "question": "had_to_choose",
        "option": "1",
    }
    return printed | more


def _behind(audience: str) -> dict[str, pd.DataFrame]:
    """What stands behind and beside the numbers: kinds, response, cleaning, printed figures and a change."""
    kinds = [("us_china_impact", "single"), ("impact_type", "multiple"), ("had_to_choose", "single")]
    questions = pd.DataFrame(kinds, columns=["question", "kind"]).assign(
        is_ordered=False, unit="", asked_if=["", "us_china_impact == 1", ""]
    )
    cleaning = pd.DataFrame(
        {
            "rule": ["correct"], "question": ["sector"], "reason": ["a made-up reason"], "who": ["nobody"],
            "stat": ["cells"], "n": [100], "estimate": [3.0], "flag": [""],
        }
    )  # fmt: skip
    odd = {
        "flag": "stated base not reachable;ambiguous base",
        "base": None,
        "count": None,
        "estimate": np.nan,
    }
    printed = [
        _printed("1996", "yes", 20, 90),
        _printed("1997", "yes", 16, 91),
        _printed("1998", "yes", 15, 92, **odd, n=None, feasible_bases="46,92"),
    ]
    if audience != "internal":
        gone = dict.fromkeys(("printed", "feasible_bases", "rounding", "method"), "")
        empty = dict.fromkeys(("base", "count", "n", "stated_base"), None)
        nothing = dict.fromkeys(("estimate", "low", "high", "value"), np.nan)
        printed[0] |= gone | empty | nothing | {"flag": "suppressed"}
    published = pd.DataFrame(printed).astype(dict.fromkeys(("base", "count", "n", "stated_base"), "Int64"))
    place = {"survey": "", "question_id": "chose", "option_id": "yes"}
    change = {
        **place, "from_wave": "1996", "to_wave": "1997", "from_count": 20, "from_base": 90, "to_count": 16,
        "to_base": 91, "estimate": 16 / 91 - 20 / 90, "low": -0.16, "high": 0.07, "smallest": 0.17,
        "level": 0.95, "method": "score, different firms", "flag": "no detectable change", "break": "",
        "stat": "change", "n": 91, "question": "had_to_choose", "option": "1",
    }  # fmt: skip
    contrasts = pd.DataFrame(columns=[*place, "wave", "edition", "against", "n", "estimate", "low", "high"])
    breaks = {
        "wave": "1998",
        "question_id": "chose",
        "reason": "a word was changed",
        "reason_ja": "文言の変更",
    }
    words = [
        ("question", "chose", "", "en", "Chose"), ("question", "chose", "", "ja", "選択"),
        ("option", "chose", "yes", "en", "Yes"), ("option", "chose", "yes", "ja", "はい"),
    ]  # fmt: skip
    tables = {
        "questions": questions,
        "cleaning": cleaning,
        "published": published,
        "published_changes": pd.DataFrame([change] if audience == "internal" else [], columns=list(change)),
        "published_contrasts": contrasts,
        "published_breaks": pd.DataFrame(
            [breaks | {"option_id": "", "question": "had_to_choose", "option": ""}]
        ),
        "published_wording": pd.DataFrame(words, columns=["kind", "question", "option", "lang", "text"]),
    }
    if audience == "internal":
        states = [("answered", 59.0), ("answered_not_routed", 15.0), ("not_asked", 23.0), ("no_answer", 3.0)]
        tables["response"] = pd.DataFrame(
            [("impact_type", stat, 100, firms) for stat, firms in states],
            columns=["question", "stat", "n", "estimate"],
        )
    else:
        tables["hidden"] = pd.DataFrame(
            [("pressure.cn", "cells hidden", 3, 2.0)], columns=["question", "stat", "n", "estimate"]
        )
    return tables


def write_made_up(
    folder: Path, audience: str = "internal", *, many: int = 100, seed: int = 7, is_bare: bool = False
) -> Path:
    """Write a Release of made-up numbers for an audience; only `internal` holds rows of firms.

    A bare one is that of a study without headlines, dates, supplier links and rules.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, pd.DataFrame] = {"wording": _wording()}
    rows = [
        _estimate("us_china_impact", "1", 59, 97),
        _estimate("us_china_impact", "2", 38, 97),
        _estimate("impact_type", "us_cost", 44, 74, flag="leak"),
        _estimate("impact_type", "cn_cost", 25, 74, flag="leak"),
        _estimate("had_to_choose", "1", 12, 96),
        _estimate("had_to_choose", "2", 84, 96),
    ]
    for name, counts in (("us", (30, 50, 20)), ("cn", (45, 52, 3)), ("squeeze", (60, 32, 8))):
        rows += [
            _estimate(f"pressure.{name}", band[0], count, 100)
            for band, count in zip(_BANDS, counts, strict=True)
        ]
    if audience == "internal":
        for (code, _, _), (count, n) in zip(_SECTORS, ((7, 33), (4, 31), (1, 22)), strict=True):
            rows.append(_estimate("had_to_choose", "1", count, n, by="sector", group=code))
            rows.append(_estimate("had_to_choose", "2", n - count, n, by="sector", group=code))
        rows += [
            _estimate(
                "impact_type",
                option,
                count,
                97,
                base_rule="routed",
                method="bounds",
                low=low,
                high=low + 0.23,
            )
            for option, count, low in (("us_cost", 44, 0.45), ("cn_cost", 25, 0.26))
        ]
        tables |= _firms(many, rng)
    else:
        rows = [_hidden(r) if r["question"] == "pressure.cn" and r["option"] in "12" else r for r in rows]
    tables["estimates"] = pd.DataFrame(rows)
    tables["claims"] = _claims(tables["estimates"])
    if not is_bare:
        tables |= _behind(audience)
        tables |= supply_tables(_firms(many, np.random.default_rng(seed))["firms"], audience, rng=rng)
        tables |= scenario_tables(tables, audience)
        tables |= rule_tables(tables, audience)
    if is_bare:
        tables = {name: tables[name] for name in ("firms", "wording", "estimates")}
        tables["estimates"] = tables["estimates"][
            ~tables["estimates"]["question"].str.startswith("pressure.")
        ]
        tables["claims"] = _claims(tables["estimates"]).iloc[:0]
    files = {}
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        table.to_parquet(path, index=False)
        files[path.name] = {"sha256": checksum(path), "rows": len(table), "columns": len(table.columns)}
    write_manifest(
        folder,
        json.loads(
            json.dumps(
                {
                    "schema": SCHEMA,
                    "product_version": "0.0.0",
                    "study": "made_up",
                    "wave": "1999",
                    "audience": audience,
                    "title": {"en": "Made-up survey", "ja": "架空の調査"},
                    "as_of": None if is_bare else "1999-12-31",
                    "calibrated_at": None if is_bare else "1998-12-31",
                    "languages": ["en", "ja"],
                    "synthetic": True,
                    "attacked": "not attacked",
                    "firms": many,
                    "disclosure": {"minimum_frequency": 5, "hidden_cells": 2},
                    "headline": [] if is_bare else ["us_china_impact", "impact_type", "had_to_choose"],
                    "files": files,
                    "design": {"selection": "list", "target": "firms", "weighted": "none"},
                    "published": None
                    if is_bare
                    else {
                        "file": "printed.csv",
                        "sha256": "1" * 64,
                        "title": {"en": "A made-up series"},
                        "version": "1.0",
                    },
                    "sources": [{"file": "made_up.csv", "sha256": "0" * 64}],
                }
            )
        ),
    )
    return folder
