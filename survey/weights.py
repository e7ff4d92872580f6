"""From `[weights]` of a study to the weights of a wave: base, non-response, margins, trimming."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.calibration import calibrate, post_stratify
from survey.design_columns import design_frame
from survey.faults import DesignFault, Finding, StudyFault
from survey.ledger import Ledger
from survey.margin_codes import Laid, agree, lay_margin
from survey.margins import read_margins
from survey.nonresponse import response_factors
from survey.raking import least_misses, rake
from survey.study import Study
from survey.trimming import trim
from survey.wave import Wave
from survey.weighted import MarginMet, Weighted
from survey.weights_ledger import base_reason, weight_step
from survey.weights_settings import WeightSettings, weight_settings

__all__ = ["weigh"]

_TURNS = 500
_INSIDE = 1e-9
_COSTLY = 2.0

Numbers = NDArray[np.float64]


def weigh(wave: Wave, study: Study) -> Weighted:
    """Weigh the n firms of a wave as `[weights]` says; replicate weights go through the same steps.

    Steps: base weights of the design (or `base`); non-response; calibration to the margins;
    trimming to multiples of the mean weight, in turns with calibration until both hold.

    Raises
    ------
    StudyFault, FileFault
        The section, or a file it names, is at fault.
    QuestionFault, DesignFault
        Margins that do not fit the answers or each other, cannot be met, or not inside the bounds:
        which margin, which category, and by how much.
    """
    settings = weight_settings(study)
    design = replace(study.design, weight=settings.base) if settings.base else study.design
    frame = design_frame(replace(wave, weighted=None), design)
    base = frame["weight"].to_numpy(dtype=float)
    replicates = frame[[c for c in frame if str(c).startswith("replicate_")]].to_numpy(dtype=float)
    is_list = settings.response is not None and settings.response.list is not None and not design.weight
    if is_list:
        base = np.ones(len(wave))
    blank = np.full(len(base), np.nan)
    steps = [("weights.base", blank, base, base_reason(design, is_list))]
    findings: list[Finding] = []
    if settings.response is not None:
        stop = settings.unmatched == "stop"
        factors, seen = response_factors(wave, study, settings.response, base, stop)
        findings += seen
        steps.append(("weights.response", base, base * factors, "stands for firms that did not answer"))
        base, replicates = base * factors, replicates * factors[:, None]
    laid, total, found = _margins(wave, study, settings, base)
    findings += found
    place = study.place("weights")
    if not (design.weight or design.population) and not np.isnan(total):
        base, replicates = base * (total / base.sum()), replicates * (total / replicates.sum(axis=0))
    weight, rounds = _fitted(base, laid, settings, place)
    if settings.trim is not None:
        untrimmed = weight
        weight, more = _trimmed(weight, laid, settings, place)
        rounds += more
        steps.append(("weights.margins", steps[-1][2], untrimmed, f"{settings.method} to the margins"))
        steps.append(("weights.trim", untrimmed, weight, "inside the bounds of trim"))
    elif laid:
        steps.append(("weights.margins", steps[-1][2], weight, f"{settings.method} to the margins"))
    finished = np.empty_like(replicates)
    for r in range(replicates.shape[1]):
        one, _ = _fitted(replicates[:, r], laid, settings, f"{place}, replicate {r + 1}")
        finished[:, r] = (
            one if settings.trim is None else _trimmed(one, laid, settings, f"{place}, replicate {r + 1}")[0]
        )
    lost = np.any([one.unmatched for one in laid], axis=0) if laid else np.zeros(len(wave), dtype=bool)
    result = Weighted(
        weight=weight,
        base=base,
        columns=np.hstack([one.columns() for one in laid]) if laid else np.zeros((len(wave), 0)),
        replicates=finished,
        method=settings.method if laid else "",
        margins=tuple(met for one in laid for met in _met(one, base, weight)),
        rounds=rounds,
        unmatched=tuple(int(i) for i in np.flatnonzero(lost)),
        ledger=Ledger(tuple(weight_step(*step) for step in steps)),
        findings=(),
    )
    return replace(result, findings=(*findings, *_findings(result, place)))


def _margins(
    wave: Wave, study: Study, settings: WeightSettings, base: Numbers
) -> tuple[tuple[Laid, ...], float, list[Finding]]:
    """Margins of the file on the wave, with one total."""
    if settings.margins is None:
        return (), float("nan"), []
    margins, seen = read_margins(settings.margins, wave.name)
    laid = [lay_margin(wave, margin, base) for margin in margins]
    findings = list(seen)
    for one in laid:
        if not one.unmatched.any():
            continue
        rows = np.flatnonzero(one.unmatched)
        shown = ", ".join(str(r + 1) for r in rows[:5]) + (" ..." if len(rows) > 5 else "")
        said = f"{len(rows)} firms cannot be matched, for they gave no answer (rows {shown})"
        if settings.unmatched == "stop":
            raise DesignFault(
                one.margin.where,
                said,
                "an answer of every firm",
                'fill them in, or write  unmatched = "keep"  in [weights]',
            )
        findings.append(
            Finding(one.margin.where, said, "Together they keep their share of the weight.", "Fill them in.")
        )
    groups = [one for one in laid if not one.margin.is_number]
    if settings.method == "post-stratification" and (len(groups) != 1 or len(laid) != 1):
        raise StudyFault(
            study.place("weights.method"),
            f"post-stratification to {len(laid)} margins",
            "one margin of categories (crossed questions are one margin: sector*size)",
            'give one margin, or write  method = "raking"',
        )
    agreed, total, found = agree(laid, base, settings.total, settings.rescale)
    return agreed, total, [*findings, *found]


def _fitted(
    start: Numbers, laid: Sequence[Laid], settings: WeightSettings, place: str
) -> tuple[Numbers, int]:
    """Weights on the margins, or the fault that says which margin is missed."""
    if not laid:
        return start, 0
    weight, misses, rounds, is_met = _attempt(start, laid, settings)
    if is_met:
        return weight, rounds
    raise _missed(start, laid, settings, misses, rounds, place)


def _attempt(
    start: Numbers, laid: Sequence[Laid], settings: WeightSettings
) -> tuple[Numbers, list[Numbers], int, bool]:
    """Weights, misses of each margin, rounds, and whether all is met."""
    totals = [one.totals for one in laid]
    groups = not any(one.margin.is_number for one in laid)
    if settings.method == "post-stratification":
        post = post_stratify(start, laid[0].codes, totals[0])
        return post.weight, [post.misses], post.rounds, post.is_met
    if settings.method == "raking" and groups:
        raked = rake(start, [one.codes for one in laid], totals)
        return raked.weight, list(raked.misses), raked.rounds, raked.is_met
    distance = {"raking": "raking", "linear": "linear", "bounded": "logit"}[settings.method]
    columns = np.hstack([one.columns() for one in laid])
    found = calibrate(start, columns, np.concatenate(totals), distance=distance, bounds=settings.bounds)
    parts = np.split(found.misses, np.cumsum([len(t) for t in totals])[:-1])
    return found.weight, parts, found.rounds, found.is_met


def _missed(
    start: Numbers,
    laid: Sequence[Laid],
    settings: WeightSettings,
    misses: list[Numbers],
    rounds: int,
    place: str,
) -> DesignFault:
    """The fault of margins that were not met: none could, or this method could not."""
    why, do = f"not met after {rounds} rounds", "merge small categories"
    if not any(one.margin.is_number for one in laid):
        least = least_misses(start, [one.codes for one in laid], [one.totals for one in laid])
        if any(m.any() for m in least):
            misses = list(least)
            why = "no weights of zero or more can meet these margins together; those that come nearest miss"
            do = "correct the margins, or merge categories that no firm combines"
        elif settings.method == "bounded":
            why = f"not met with ratios of weights between {settings.bounds[0]:g} and {settings.bounds[1]:g}"
            do = "widen bounds, or merge small categories"
        else:
            why += "; only weights of zero for some firms would"
    elif settings.method == "bounded":
        do = "widen bounds"
    which, category, miss = _worst(laid, misses)
    wanted = laid[which].totals[category]
    name = laid[which].categories[category]
    told = f"margin {laid[which].margin.name!r}" + (f", category {name!r}" if name else "")
    return DesignFault(
        f"{laid[which].margin.where} ({place})",
        f"{why}: {told} by {_much(miss)}, with {wanted:.10g} wanted",
        "margins that weights can meet",
        do,
    )


def _much(miss: float) -> str:
    return f"{abs(miss):.6g} {'too much' if miss > 0 else 'too little'}"


def _worst(laid: Sequence[Laid], misses: Sequence[Numbers]) -> tuple[int, int, float]:
    """Margin, category and miss that is largest as a share of its margin."""
    sizes = [
        np.abs(m) / max(float(np.abs(one.totals).sum()), 1e-300) for m, one in zip(misses, laid, strict=True)
    ]
    which = int(np.argmax([s.max(initial=0.0) for s in sizes]))
    category = int(np.argmax(sizes[which]))
    return which, category, float(misses[which][category])


def _trimmed(
    weight: Numbers, laid: Sequence[Laid], settings: WeightSettings, place: str
) -> tuple[Numbers, int]:
    """Weights inside the bounds of `trim` and on the margins, by turns."""
    low, high = settings.trim or (0.0, np.inf)
    mean = float(weight[weight != 0].mean())
    cut = trim(weight, low * mean, high * mean)
    if not cut.is_met:
        raise DesignFault(
            place, f"no weights between {low:g} and {high:g} times their mean", "wider bounds", "widen trim"
        )
    if not laid:
        return cut.weight, 1
    for turn in range(1, _TURNS + 1):
        weight, _, _, is_met = _attempt(cut.weight, laid, settings)
        live = weight != 0
        if (
            is_met
            and weight[live].min() >= low * mean * (1 - _INSIDE)
            and weight.max() <= high * mean * (1 + _INSIDE)
        ):
            return weight, turn
        cut = trim(weight, low * mean, high * mean)
    off = [cut.weight @ one.columns() - one.totals for one in laid]
    which, category, miss = _worst(laid, off)
    raise DesignFault(
        f"{laid[which].margin.where} ({place})",
        f"not met with weights between {low:g} and {high:g} times their mean: category "
        f"{laid[which].categories[category]!r} by {_much(miss)}, "
        f"with {laid[which].totals[category]:.10g} wanted",
        "bounds inside which the margins can be met",
        "widen trim, or merge small categories",
    )


def _met(one: Laid, base: Numbers, weight: Numbers) -> list[MarginMet]:
    columns = one.columns()
    firms = ((columns != 0) & (base > 0)[:, None]).sum(axis=0)
    before, after = base @ columns, weight @ columns
    m = one.margin
    return [
        MarginMet(m.name, name, int(n), float(t), float(b), float(a), m.source, m.date)
        for name, n, t, b, a in zip(one.categories, firms, one.totals, before, after, strict=True)
    ]


def _findings(made: Weighted, place: str) -> list[Finding]:
    findings = []
    negative = np.flatnonzero(made.weight < 0)
    if len(negative):
        shown = ", ".join(str(r + 1) for r in negative[:5])
        findings.append(
            Finding(
                place,
                f"{len(negative)} weights are negative (rows {shown}), the smallest {made.smallest:.4g}",
                "Totals come out as known, but a count of few firms may be negative.",
                'Use method = "raking" or "bounded".',
            )
        )
    if made.design_effect > _COSTLY:
        findings.append(
            Finding(
                place,
                f"the weights have a design effect of {made.design_effect:.2f}",
                f"They run from {made.smallest:.4g} to {made.largest:.4g}: {len(made.weight)} firms are "
                "worth fewer than half as many.",
                "Merge small categories, leave a margin out, or trim.",
            )
        )
    return findings
