"""Releases with one protection switched off, written as the product would have written them."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.release.manifest import checksum

__all__ = ["LEAKS", "rewrite"]

NUMBERS = ["n", "base", "estimate", "se", "low", "high", "df", "deff", "n_eff", "method", "flag"]
KEY = ["question", "option", "by", "group", "base_rule"]


def rewrite(folder: Path, tables: dict[str, pd.DataFrame], manifest: dict | None = None) -> None:
    """Put tables into a Release, its manifest as if they had been written so."""
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | (manifest or {})
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        arrow = pa.Table.from_pandas(table.reset_index(drop=True), preserve_index=False)
        pq.write_table(arrow.replace_schema_metadata(None), path, write_statistics=False)
    for path in sorted(folder.glob("*.parquet")):
        kept = told["files"].get(path.name, {"rows": 0, "columns": []})
        told["files"][path.name] = {**kept, "sha256": checksum(path)}
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{name}.parquet")


def shown_again(members: Path, internal: Path, which: Callable[[pd.DataFrame], pd.Series]) -> pd.DataFrame:
    """Estimates of the members' Release with some hidden rows as the internal one has them."""
    table, whole = read(members, "estimates"), read(internal, "estimates")
    truth = table[KEY].merge(whole[[*KEY, *NUMBERS]], on=KEY, how="left")
    count = (truth["estimate"] * truth["n"]).round()
    rows = which(table.assign(count=count, size=truth["n"], share=truth["estimate"]))
    rows = rows & table["estimate"].isna()
    if not rows.any():
        raise LookupError("this world has nothing to plant")
    for column in NUMBERS:
        table[column] = table[column].astype(object).where(~rows, truth[column])
    numbers = [c for c in NUMBERS if c not in ("method", "flag")]
    return table.astype(dict.fromkeys(numbers, "float64"))


def cells(members: Path, internal: Path, which: Callable[[pd.DataFrame], pd.Series]) -> None:
    rewrite(members, {"estimates": shown_again(members, internal, which)})


def is_few(table: pd.DataFrame, floor: int = 8) -> pd.Series:
    """Rows whose count, or what it leaves of the firms, is under the floor of members."""
    count = (table["estimate"] * table["n"]).round()
    return (count < floor) | (table["n"] - count < floor)


def must_hold(rows: pd.DataFrame | pd.Series | np.ndarray) -> None:
    """A world without such rows has nothing that could leak."""
    if not (rows.any() if isinstance(rows, pd.Series | np.ndarray) else len(rows)):
        raise LookupError("this world has nothing to plant")


def minimum_frequency(members: Path, internal: Path) -> None:
    cells(members, internal, lambda t: (t["count"] > 0) & (t["count"] < 5) & (t["size"] > 20))


def zero_cells(members: Path, internal: Path) -> None:
    cells(members, internal, lambda t: (t["count"] == 0) & (t["size"] > 20))


def complement(members: Path, internal: Path) -> None:
    cells(members, internal, lambda t: (t["size"] - t["count"] < 5) & (t["size"] > 20))


def smallest_table(members: Path, internal: Path) -> None:
    cells(members, internal, lambda t: t["size"] < 10)


def secondary(members: Path, internal: Path) -> None:
    """All but one cell of a table that adds up."""

    def which(t: pd.DataFrame) -> pd.Series:
        one = t[t["question"].isin(["sales", "sector"]) & ~t["option"].isin(["most", "some"])]
        few = one[one["estimate"].isna() & (one["count"] < 5)]
        first = few.drop_duplicates("question").index
        return (
            t["question"].isin(few["question"]) & ~t.index.isin(first) & ~t["option"].isin(["most", "some"])
        )

    cells(members, internal, which)


def nets(members: Path, internal: Path) -> None:
    """A net that holds all but the hidden answers, with those hidden."""
    table, whole = read(members, "estimates"), read(internal, "estimates")
    rows = whole[(whole["question"] == "sales") & (whole["by"] == "") & (whole["base_rule"] == "answered")]
    truth = rows.set_index("option")
    must_hold(is_few(rows))
    mine = table["question"] == "sales"
    shown = ["3", "4", "5", "some", "most"]
    for column in NUMBERS:
        values = table["option"].map(truth[column])
        table[column] = table[column].astype(object).where(~(mine & table["option"].isin(shown)), values)
        hidden = mine & table["option"].isin(["1", "2"])
        table[column] = table[column].where(~hidden, "suppressed" if column == "flag" else None)
    numbers = [c for c in NUMBERS if c not in ("method", "flag")]
    rewrite(members, {"estimates": table.astype(dict.fromkeys(numbers, "float64"))})


def beside(column: str, *more: str) -> Callable[[Path, Path], None]:
    """A column that was left beside hidden shares."""

    def plant(members: Path, internal: Path) -> None:
        table, whole = read(members, "estimates"), read(internal, "estimates")
        truth = table[KEY].merge(whole[[*KEY, *NUMBERS]], on=KEY, how="left")
        hidden = table["estimate"].isna()
        for name in (column, *more):
            table[name] = table[name].astype(float).where(~hidden, truth[name].astype(float))
        rewrite(members, {"estimates": table})

    return plant


def second_base(members: Path, internal: Path) -> None:
    """The same table on all firms that returned, hidden cells shown there."""
    whole = read(internal, "estimates")
    rows = whole[(whole["by"] == "") & (whole["base_rule"] == "returned") & (whole["stat"] == "share")]
    table = read(members, "estimates")
    kept = rows[rows["question"].isin(table["question"])]
    rewrite(
        members,
        {
            "estimates": pd.concat([table, kept], ignore_index=True).astype(
                {c: "float64" for c in NUMBERS if c not in ("method", "flag")}
            )
        },
    )


def groups(members: Path, internal: Path) -> None:
    """Tables by sector, small cells hidden one by one, their totals shown."""
    whole = read(internal, "estimates")
    rows = whole[(whole["by"] == "sector") & (whole["base_rule"] == "answered") & (whole["stat"] == "share")]
    few = is_few(rows)
    must_hold(few)
    number = [c for c in NUMBERS if c not in ("method", "flag")]
    rows.loc[few, number] = np.nan
    rows.loc[few, "flag"] = "suppressed"
    table = read(members, "estimates")
    rewrite(members, {"estimates": pd.concat([table, rows], ignore_index=True)})


def claims(members: Path, internal: Path) -> None:
    """Shares spoken of in claims as the internal Release has them."""
    table = read(internal, "claims")
    must_hold(is_few(table[table["stat"] == "share"]))
    rewrite(members, {"claims": table})


def contrast(members: Path, internal: Path) -> None:
    """Comparisons of two answers as the internal Release has them, where one of them alone is rare.

    Of the firms with both, or neither, the limits tell only beside a count that is shown.
    """
    table, whole = read(members, "claims"), read(internal, "claims")
    answers = pd.read_csv(internal.parents[1] / "study" / "w.csv")
    a, b = answers["f_a"] == 1, answers["f_b"] == 1
    shown = table[(table["option"] == "a") & (table["stat"] == "share")]["estimate"].notna()
    cells = [(a & ~b).sum(), (b & ~a).sum(), *([(a & b).sum(), (~a & ~b).sum()] if shown.any() else [])]
    must_hold(np.array([cell < 8 for cell in cells]))
    paired = (table["stat"] == "difference").to_numpy()
    rewrite(members, {"claims": pd.concat([table[~paired], whole[paired]], ignore_index=True)})


def firm_rows(members: Path, internal: Path) -> None:
    rewrite(members, {"firms": read(internal, "firms")})


def renamed_rows(members: Path, internal: Path) -> None:
    """Rows of firms under another name, ids digested."""
    import hashlib

    ids = read(internal, "firms")["firm"]
    digest = [hashlib.sha256(one.encode()).hexdigest() for one in ids]
    rewrite(members, {"shape": pd.DataFrame({"mark": digest, "value": np.arange(len(ids))})})


def typed_word(members: Path, internal: Path) -> None:
    """A wording that names a firm."""
    wording = read(members, "wording")
    first = read(internal, "firms")["firm"].iloc[0]
    wording.loc[0, "text"] = f"asked of {first} alone"
    rewrite(members, {"wording": wording})


def statistics(members: Path, internal: Path) -> None:
    """Least and greatest value of each column in the file's own metadata."""
    table = read(members, "estimates")
    pq.write_table(
        pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None),
        members / "estimates.parquet",
        write_statistics=True,
    )
    rewrite(members, {})


def dictionary(members: Path, internal: Path) -> None:
    """A word that no cell shows any more, left among the words of a column."""
    table = pa.table({"question": ["a", "a"], "stat": ["x", "x"], "n": [1, 1], "estimate": [1.0, 1.0]})
    coded = pa.DictionaryArray.from_arrays(pa.array([0, 0]), pa.array(["shown", "W1F0003 says no"]))
    pq.write_table(table.append_column("word", coded), members / "extra.parquet", write_statistics=False)
    rewrite(members, {})


def parameters(members: Path, internal: Path) -> None:
    told = json.loads((members / "manifest.json").read_text(encoding="utf-8"))
    rewrite(members, {}, {"disclosure": {**told["disclosure"], "p": 10}})


def leftover(members: Path, internal: Path) -> None:
    (members / "workbook.csv").write_text("firm,answer\nW1F0001,yes\n", encoding="utf-8")


def coefficients(members: Path, internal: Path) -> None:
    """A model of three events."""
    rewrite(
        members,
        {"model": pd.DataFrame({"stat": ["events", "coefficient"], "n": [60, 60], "estimate": [3.0, 0.4]})},
    )


def calibration(members: Path, internal: Path) -> None:
    rewrite(
        members,
        {"model": pd.DataFrame({"stat": ["observed", "observed"], "n": [20, 20], "estimate": [0.1, 0.45]})},
    )


def quantiles(members: Path, internal: Path) -> None:
    """Deciles of forty firms: four firms between two points."""
    p = [k / 10 for k in range(1, 10)]
    rewrite(
        members,
        {
            "amounts": pd.DataFrame(
                {"question": "sales", "stat": "quantile", "p": p, "n": 40, "estimate": [x * 7.1 for x in p]}
            )
        },
    )


def ranks(members: Path, internal: Path) -> None:
    rewrite(
        members,
        {"places": pd.DataFrame({"stat": ["rank_low", "rank_low"], "n": [1, 1], "estimate": [1.0, 4.0]})},
    )


def order(members: Path, internal: Path) -> None:
    """Answers sorted by their numbers, hidden ones in their place."""
    table, whole = read(members, "estimates"), read(internal, "estimates")
    truth = table[KEY].merge(whole[[*KEY, "estimate"]], on=KEY, how="left")["estimate"]
    must_hold(table.loc[table["by"] == "", "estimate"].isna())
    table = table.assign(_v=truth, _q=pd.factorize(table["question"])[0])
    rewrite(members, {"estimates": table.sort_values(["_q", "_v"]).drop(columns=["_v", "_q"])})


def mean_and_error(members: Path, internal: Path) -> None:
    """A mean of three codes with its error beside the answers, all of them hidden."""
    whole = read(internal, "estimates")
    mine = (whole["question"] == "sector") & (whole["by"] == "") & (whole["base_rule"] == "answered")
    rows = whole[mine & whole["option"].isin(["1", "2", "3", "4"])]
    must_hold(is_few(rows))
    count = (rows["estimate"] * rows["n"]).round().to_numpy()
    code, n = rows["option"].astype(float).to_numpy(), float(rows["n"].iloc[0])
    mean = float((code * count).sum() / n)
    error = float(np.sqrt(((code - mean) ** 2 * count).sum() / (n - 1) / n))
    table = pd.DataFrame({
        "question": "sector", "option": "", "by": "", "group": "", "stat": "mean", "base_rule": "answered",
        "n": n, "base": n, "estimate": [mean], "se": error, "wave": "w",
    })  # fmt: skip
    rewrite(members, {"means": table})


def few_in_a_mean(members: Path, internal: Path) -> None:
    rows = {"question": "amount", "by": ["", "sector", "sector"], "group": ["", "1", "2"], "stat": "mean"}
    table = pd.DataFrame({**rows, "option": "", "n": [70, 40, 28], "estimate": [12.5117, 11.2531, 13.5079]})
    rewrite(members, {"amounts": table})


def test_of_groups(members: Path, internal: Path) -> None:
    """p-values of the cells of one group against another, whose counts are hidden and too small."""
    from scipy.stats import chi2_contingency

    table, whole = read(members, "estimates"), read(internal, "estimates")
    rows = whole[(whole["by"] == "sector") & (whole["base_rule"] == "answered") & (whole["stat"] == "share")]
    rows = rows[rows["n"] >= 16]
    found = []
    for _, part in rows.groupby(["question", "option"], sort=False):
        few = is_few(part)
        if not (few.any() and (~few).any()):
            continue
        one, two = part[~few].index[0], part[few].index[0]
        pair = part.loc[[one, two]]
        count = (pair["estimate"] * pair["n"]).round()
        if 0 < count.sum() < pair["n"].sum():
            test = chi2_contingency(np.column_stack([count, pair["n"] - count]), correction=False)
            pair.loc[one, "p"] = test.pvalue
            number = [c for c in NUMBERS if c not in ("method", "flag", "n", "base")]
            pair.loc[two, number] = np.nan
            found.append(pair)
    must_hold(pd.DataFrame(found[0]) if found else pd.DataFrame())
    rewrite(members, {"estimates": pd.concat([table, found[0]], ignore_index=True)})


def area_under_the_curve(members: Path, internal: Path) -> None:
    """Three events of sixty-one: 3 x 58 pairs, of which 131 are in order."""
    rewrite(members, {"model": pd.DataFrame({"stat": ["auc"], "n": [61], "estimate": [131 / 174]})})


def intercept(members: Path, internal: Path) -> None:
    """Log odds of 2 of 53."""
    rewrite(
        members, {"model": pd.DataFrame({"stat": ["intercept"], "n": [53], "estimate": [np.log(2 / 51)]})}
    )


def draws(members: Path, internal: Path) -> None:
    table = pd.DataFrame({"stat": "us", **{f"draw_{k}": [0.1 * k, 0.2] for k in range(4)}})
    rewrite(members, {"doubt": table})


def places_in_a_column(members: Path, internal: Path) -> None:
    rewrite(members, {"order": pd.DataFrame({"what": ["a", "b"], "rank_low": [1, 2], "rank_high": [3, 5]})})


def rounded_bin(members: Path, internal: Path) -> None:
    rows = {"stat": ["observed", "observed"], "n": [20, 20], "estimate": [0.15, 0.45]}
    rewrite(members, {"model": pd.DataFrame(rows)})


LEAKS: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "minimum frequency": (minimum_frequency, "percents"),
    "zero cells": (zero_cells, "percents"),
    "complement": (complement, "percents"),
    "smallest table": (smallest_table, "percents"),
    "secondary cells": (secondary, "margins"),
    "nets": (nets, "margins"),
    "standard error": (beside("se", "df"), "margins"),
    "limits": (beside("low", "high"), "margins"),
    "effective number": (beside("n_eff", "se"), "margins"),
    "second base": (second_base, "second base"),
    "groups": (groups, "margins"),
    "claims": (claims, "percents"),
    "contrast": (contrast, "margins"),
    "rows of firms": (firm_rows, "words"),
    "rows under another name": (renamed_rows, "words"),
    "a name in a wording": (typed_word, "words"),
    "statistics of the file": (statistics, "words"),
    "words left in the file": (dictionary, "words"),
    "parameters": (parameters, "words"),
    "a file beside": (leftover, "words"),
    "coefficients": (coefficients, "model"),
    "calibration": (calibration, "model"),
    "quantiles": (quantiles, "model"),
    "ranks": (ranks, "model"),
    "order of rows": (order, "words"),
    "mean and error": (mean_and_error, "margins"),
    "a mean of few": (few_in_a_mean, "amounts"),
    "p-values": (test_of_groups, "margins"),
    "area under the curve": (area_under_the_curve, "model"),
    "intercept": (intercept, "model"),
    "draws": (draws, "model"),
    "places in a column": (places_in_a_column, "model"),
    "a rounded bin": (rounded_bin, "model"),
}
"""What is switched off, to what plants it and the way that must find it ("" for any)."""
