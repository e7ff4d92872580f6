"""Ways out of the top tier, kind by kind: flows, parties, rules freed; substitutes found; rules suspended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.pressure.channels import STATS, Reach
from analysis.pressure.choice import ChoiceModel
from analysis.pressure.doubt import limits_round
from analysis.pressure.freeing import Case, figures_in, reach_in, rules_on
from analysis.pressure.placing import Field, field_of, tiers_after
from analysis.pressure.ranks import rank_intervals
from analysis.pressure.reading import LEAST_ODDS, LEAST_SQUEEZE, Calibrated, Reading
from analysis.pressure.unseen import unseen_moves
from analysis.pressure.unsure import Unsure

__all__ = ["SET", "Ground", "ground_of", "joint_ways", "single_ways", "substituted_ways", "suspended_ways"]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

SET = 12
"""Parties freed together at most."""

PARTS = 100
"""Steps from 0 to 1 in which substitutability is looked for."""

CASES = 2_000
"""Firms times rules looked at in one go, about."""

_SQUEEZE = STATS.index("squeeze")
_ONE = "every single change tried; other firms, model and critical value as they are; shared draws"
_ALL = "the rule off for every firm; joint bands and all tiers anew; model as it is; shared draws"
_SET = "no single change does: largest stakes first, each party on top of those before; shared draws"


@dataclass(frozen=True, slots=True)
class Ground:
    """What every search stands on.

    Attributes
    ----------
    calibrated : Calibrated
        The model, frozen.
    read : Reading
        Of n firms, with their order.
    field : Field
        The m firms that have a tier.
    place : shape (n,) int
        Place of each firm among the m; -1 where it has no tier.
    slopes : shapes (2, terms), (2, d, terms)
        Slopes and their draws, of firms that answered and of those that did not.
    alone : shape (n,) bool
        Which firms did not.
    """

    calibrated: Calibrated
    read: Reading
    field: Field
    place: Whole
    slopes: tuple[Floats, Floats]
    alone: NDArray[np.bool_]

    @property
    def is_modelled(self) -> bool:
        """Whether firms are ordered by p_choose; else by squeeze."""
        return self.read.ranked.target == "p_choose"

    @property
    def squeeze_only(self) -> bool:
        """Whether of us, cn and squeeze only the last moves the order."""
        model = self.calibrated.model
        return not self.is_modelled or (isinstance(model, ChoiceModel) and set(model.terms) <= {"squeeze"})

    def at(self, firms: pd.Series) -> Whole:
        """Places of ids among the n firms."""
        return pd.Index(self.read.firms).get_indexer(pd.Index(firms)).astype(np.int64)


def ground_of(calibrated: Calibrated, read: Reading) -> Ground:
    """The order of a reading, ready to be searched."""
    full = read.ranked.full
    known = np.flatnonzero(full.tier > 0)
    place = np.full(len(read.firms), -1, dtype=np.int64)
    place[known] = np.arange(len(known))
    theta, least = read.measured.point[_SQUEEZE], LEAST_SQUEEZE
    if read.ranked.target == "p_choose":
        theta, least = read.risk.eta, float(np.log(LEAST_ODDS))
    if full.bands is None:
        raise ValueError("no firm stands in any order")
    field = field_of(theta[known], full.bands, least)
    alone = ~calibrated.told_of(read.firms, np.zeros(len(read.firms), dtype=bool)).has_answered
    return Ground(calibrated, read, field, place, _slopes(calibrated), alone)


def _slopes(calibrated: Calibrated) -> tuple[Floats, Floats]:
    """Slopes and their draws as firms are read with them: those that answered, and those that did not."""
    model, settings = calibrated.model, calibrated.settings
    apart = model if calibrated.apart is None else calibrated.apart
    if not isinstance(model, ChoiceModel):
        return np.zeros((2, 0)), np.zeros((2, 0, 0))
    mine = slice(1, 1 + len(model.terms))
    points, draws = [model.coefficients[mine]] * 2, [model.draws[:, mine]] * 2
    if isinstance(apart, ChoiceModel) and apart.terms == model.terms:
        moves = unseen_moves(apart, settings.seed, settings.draws)
        points[1], draws[1] = apart.coefficients[mine], apart.draws[:, mine] + moves[:, mine]
    return np.stack(points), np.stack(draws)


def _ordered_by(ground: Ground, firm: Whole, point: Floats, draws: Floats) -> tuple[Floats, Floats]:
    """What firms are ordered by, of k cases: frozen coefficients, shared draws; points (k,), draws (d, k)."""
    read, model = ground.read, ground.calibrated.model
    if not ground.is_modelled or not isinstance(model, ChoiceModel):
        return point[_SQUEEZE], draws[_SQUEEZE]
    eta, drawn = read.risk.eta[firm].copy(), read.risk.draws[:, firm].copy()
    kind = ground.alone[firm].astype(np.int64)
    for place, term in enumerate(model.terms):
        s = STATS.index(term)
        eta += ground.slopes[0][kind, place] * (point[s] - read.measured.point[s][firm])
        drawn += ground.slopes[1][kind, :, place].T * (draws[s] - read.draws[s][:, firm])
    return eta, drawn


def _told(
    ground: Ground, made: tuple[Reach, Unsure], rows: pd.DataFrame, tier: Whole | None = None
) -> pd.DataFrame:
    """Rows of cases with what comes of them; the tier that of the firm alone changed unless it is given."""
    settings, read = ground.calibrated.settings, ground.read
    firm = ground.at(rows["firm"])
    point, draws = figures_in(*made, settings)
    eta, drawn = _ordered_by(ground, firm, point, draws)
    change = point[_SQUEEZE] - read.measured.point[_SQUEEZE][firm]
    low, high = limits_round(change, draws[_SQUEEZE] - read.draws[_SQUEEZE][:, firm], settings.level)
    return rows.assign(
        tier_after=tiers_after(ground.field, ground.place[firm], eta, drawn) if tier is None else tier,
        squeeze_after=point[_SQUEEZE],
        p_after=expit(eta) if ground.is_modelled else np.nan,
        estimate=change,
        low=low,
        high=high,
    )


def _sizes(flows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The part of a firm's own channel that some flows make up, in the channel where it is largest."""
    sums = flows.groupby([*keys, "channel"], observed=True)["share"].sum().reset_index(name="size")
    ascending = [True] * len(keys) + [False]
    return sums.sort_values([*keys, "size"], ascending=ascending, kind="stable").drop_duplicates(keys)


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with an id of their case: kind, firm and input."""
    rows = rows.reset_index(drop=True)
    return rows.assign(id=rows["kind"] + "\t" + rows["firm"] + "\t" + rows["input"])


def single_ways(ground: Ground, case: Case) -> pd.DataFrame:
    """Every flow, party and rule of some firms freed, each alone, and what comes of it."""
    touched = rules_on(case)[["firm", "flow"]]
    heavy = case.flows.merge(touched.drop_duplicates(), on=["firm", "flow"])
    flows = _named(heavy.assign(kind="flow", input=heavy["flow"], size=heavy["share"]))
    many = heavy.groupby(["firm", "party"])["flow"].transform("nunique") > 1
    with_many = heavy[many & (heavy["party"] != "")]
    parties = _sizes(with_many, ["firm", "party"])
    parties = _named(parties.assign(kind="party", input=parties["party"]))
    rules = _sizes(rules_on(case), ["firm", "rule"])
    rules = _named(rules.assign(kind="licence", input=rules["rule"], party="", channel=""))
    whose = parties[["id", "firm", "party"]].merge(with_many[["firm", "party", "flow"]], on=["firm", "party"])
    freed = pd.concat(
        [
            flows[["id", "firm", "flow"]].assign(rule=""),
            whose[["id", "firm", "flow"]].assign(rule=""),
            rules[["id", "firm", "rule"]].assign(flow=""),
        ]
    )
    columns = ["id", "firm", "kind", "input", "channel", "party", "size"]
    rows = pd.concat([part[columns] for part in (flows, parties, rules)], ignore_index=True)
    if rows.empty:
        return rows
    is_rule = rows["kind"] == "licence"
    unit = np.where(is_rule, "in force", "share")
    rows = rows.assign(to=0.0, unit=unit, method=_ONE)
    rows["from"] = rows["size"].where(~is_rule, 1.0)
    return _told(ground, reach_in(case, freed, rows["id"].tolist()), rows)


def substituted_ways(ground: Ground, case: Case, stakes: pd.DataFrame) -> pd.DataFrame:
    """Parties others of which could take the place: the least substitutability of all their flows that does.

    Found by halving, in hundredths and rounded up: what is told is enough.
    """
    open_ = stakes[(stakes["party"] != "") & (stakes["substitutability"] < 1.0)]
    if open_.empty:
        return pd.DataFrame()
    least = open_.groupby(["firm", "party"])["substitutability"].min().rename("from").reset_index()
    rows = _sizes(open_, ["firm", "party"]).merge(least, on=["firm", "party"])
    rows = rows.assign(kind="substitutability", input=rows["party"], unit="substitutability", method=_ONE)
    rows = _named(rows)
    nothing = rows[["id", "firm"]].assign(flow="", rule="")
    reach, unsure = reach_in(case, nothing, rows["id"].tolist())
    own = rows[["firm", "party"]].assign(row=rows.index).merge(open_, on=["firm", "party"])
    known = own.set_index(["row", "flow"])["substitutability"]
    standing = known.reindex(pd.MultiIndex.from_arrays([reach.firm, reach.flow])).to_numpy(dtype=np.float64)

    def raised(x: Floats) -> pd.DataFrame:
        left = (1.0 - np.maximum(x[reach.firm], standing)) / (1.0 - standing)
        left = np.where(np.isnan(standing), 1.0, left)
        weight = reach.weight.copy()
        weight[_SQUEEZE] *= left
        kept = {name: getattr(unsure, name) * left for name in ("kept", "kept_low", "kept_high")}
        return _told(ground, (replace(reach, weight=weight), replace(unsure, **kept)), rows)

    low = np.floor(rows["from"].to_numpy(dtype=np.float64) * PARTS + 1e-9).astype(np.int64)
    high = np.full(len(rows), PARTS, dtype=np.int64)
    while (high - low > 1).any():
        middle = (low + high) // 2
        leaves = (raised(middle / PARTS)["tier_after"] > 1).to_numpy()
        low, high = np.where(leaves, low, middle), np.where(leaves, middle, high)
    made = raised(high / PARTS)
    return made.assign(to=high / PARTS, size=made["size"] * (high / PARTS - made["from"]))


def _tiers_anew(ground: Ground, firm: Whole, eta: Floats, drawn: Floats) -> Whole:
    """Tiers of all n firms where some have other figures, joint bands and critical values found anew."""
    read = ground.read
    points, draws = read.measured.point[_SQUEEZE], read.draws[_SQUEEZE]
    if ground.is_modelled:
        points, draws = read.risk.eta, read.risk.draws
    points, draws = np.where(ground.place >= 0, points, np.nan), draws.copy()
    points[firm], draws[:, firm] = eta, drawn
    return rank_intervals(points, draws, ground.calibrated.settings.level, least=ground.field.least).tier


def suspended_ways(ground: Ground, case: Case, everybody: Case, rules: Sequence[str]) -> pd.DataFrame:
    """Rules suspended for all firms at once, and where the firms of a case stand then."""
    asked = rules_on(everybody)[["firm", "rule"]].drop_duplicates()
    asked = asked[asked["rule"].isin(list(rules))].sort_values(["rule", "firm"], kind="stable")
    if asked.empty:
        return pd.DataFrame()
    asked = asked.assign(id=asked["rule"] + "\t" + asked["firm"], flow="")
    settings = ground.calibrated.settings
    tiers = {}
    for some in np.array_split(np.array(sorted(rules), dtype=object), 1 + len(asked) // CASES):
        hit = asked[asked["rule"].isin(list(some))]
        made = reach_in(everybody, hit, hit["id"].tolist())
        firm = ground.at(hit["firm"])
        eta, drawn = _ordered_by(ground, firm, *figures_in(*made, settings))
        for rule in some:
            mine = (hit["rule"] == rule).to_numpy()
            tiers[rule] = _tiers_anew(ground, firm[mine], eta[mine], drawn[:, mine])
    rows = _sizes(rules_on(case), ["firm", "rule"])
    rows = rows[rows["rule"].isin(list(tiers))].assign(kind="suspension", party="", channel="")
    rows = _named(rows.assign(**{"from": 1.0, "to": 0.0}, input=rows["rule"], unit="in force", method=_ALL))
    rule = pd.Index(list(tiers)).get_indexer(pd.Index(rows["rule"]))
    stands = np.stack(list(tiers.values()))[rule, ground.at(rows["firm"])]
    freed = rows[["id", "firm", "rule"]].assign(flow="")
    return _told(ground, reach_in(case, freed, rows["id"].tolist()), rows, stands)


def joint_ways(ground: Ground, case: Case, stakes: pd.DataFrame) -> pd.DataFrame:
    """Parties freed together, the largest stakes first, up to the first that is enough; a row for each."""
    of_party = stakes.groupby(["firm", "party"])["at_stake"].sum().reset_index()
    of_party = of_party.sort_values(
        ["firm", "at_stake", "party"], ascending=[True, False, True], kind="stable"
    )
    of_party["step"] = of_party.groupby("firm").cumcount() + 1
    rows = of_party[of_party["step"] <= SET]
    if rows.empty:
        return pd.DataFrame()
    rows = _named(rows.assign(kind="party", input=rows["party"], unit="share", method=_SET, to=0.0))
    before = rows[["id", "firm", "step"]].merge(rows[["firm", "party", "step"]], on="firm")
    before = before[before["step_y"] <= before["step_x"]]
    freed = before.merge(stakes[["firm", "party", "flow", "channel", "share"]], on=["firm", "party"])
    rows = rows.merge(_sizes(freed, ["id"])[["id", "size", "channel"]], on="id")
    alone = _sizes(stakes, ["firm", "party"])[["firm", "party", "size"]].rename(columns={"size": "from"})
    rows = rows.merge(alone, on=["firm", "party"])
    made = _told(ground, reach_in(case, freed.assign(rule=""), rows["id"].tolist()), rows)
    enough = made[made["tier_after"] > 1].groupby("firm")["step"].min()
    last = made["firm"].map(enough)
    return made[made["step"] <= last].assign(fewest=2)
