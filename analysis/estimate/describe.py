"""Shares, means, totals, ratios and quantiles of a wave, with design-based doubt."""

from collections.abc import Sequence

from analysis.estimate.amounts import firm_rows, mean_rows, ratio_rows, total_rows
from analysis.estimate.bases import amounts_of, base_of
from analysis.estimate.domains import settle
from analysis.estimate.quantiles import quantile_rows
from analysis.estimate.record import Estimate
from analysis.estimate.shares import count_rows, share_rows
from survey import Design, QuestionFault, Wave

__all__ = ["mean", "quantile", "ratio", "share", "total"]

Names = str | Sequence[str]


def share(
    wave: Wave,
    design: Design,
    question: Names,
    *,
    by: Names = (),
    base_rule: str = "answered",
    where: str = "",
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Share of firms that gave each answer of a question (or of several).

    Parameters
    ----------
    question : str or sequence of str
        Ids; `single`, `multiple`, `binary` (one row, the value that counts) or few-valued numbers.
    by : str or sequence of str
        Break questions; each gives its own groups after the rows for all firms.
    base_rule : str
        One of `BASE_RULES`.
    where : str
        Expression that keeps a part of the firms; the design keeps all its units.

    Returns
    -------
    tuple[Estimate, ...]
        Shares 0 to 1; nets as further options; see `share_limits` for the interval.

    Raises
    ------
    QuestionFault, DesignFault
        Something named does not exist or does not fit; the design cannot carry an estimate.
    """
    setting = settle(wave, design, by=by, where=where, level=level)
    return tuple(e for q in _names(question) for e in share_rows(setting, base_of(wave, q, base_rule)))


def mean(
    wave: Wave,
    design: Design,
    question: Names,
    *,
    by: Names = (),
    base_rule: str = "answered",
    where: str = "",
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Mean of a number; the mean of a 0/1 or TRUE/FALSE question is its share.

    Parameters and faults as in `share`; only the base rule `answered` has a mean.
    """
    _only_answered(base_rule)
    setting = settle(wave, design, by=by, where=where, level=level)
    return tuple(e for q in _names(question) for e in mean_rows(setting, amounts_of(wave, q)))


def total(
    wave: Wave,
    design: Design,
    question: Names | None = None,
    *,
    by: Names = (),
    base_rule: str = "answered",
    where: str = "",
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Weighted total of a number, number of firms that gave each code, or number of firms.

    Missing answers are omitted and nothing is rescaled (flag `silent omitted` where a known
    population tells so). Parameters and faults as in `share`; without a question firms are counted.
    """
    setting = settle(wave, design, by=by, where=where, level=level)
    names = () if question is None else _names(question)
    if not names:
        return firm_rows(setting)
    rows: list[Estimate] = []
    for q in names:
        if wave.codebook.question(q).kind == "number":
            _only_answered(base_rule)
            rows += total_rows(setting, amounts_of(wave, q))
        else:
            rows += count_rows(setting, base_of(wave, q, base_rule))
    return tuple(rows)


def ratio(
    wave: Wave,
    design: Design,
    question: Names,
    over: str,
    *,
    by: Names = (),
    base_rule: str = "answered",
    where: str = "",
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Total of a number over the total of the number `over`, among firms that gave both.

    Parameters and faults as in `share`. `question` of the records is the numerator.
    """
    _only_answered(base_rule)
    setting = settle(wave, design, by=by, where=where, level=level)
    bottom = amounts_of(wave, over)
    return tuple(e for q in _names(question) for e in ratio_rows(setting, amounts_of(wave, q), bottom))


def quantile(
    wave: Wave,
    design: Design,
    question: Names,
    p: float | Sequence[float] = 0.5,
    *,
    by: Names = (),
    base_rule: str = "answered",
    where: str = "",
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Quantiles of a number at p (R rule `math`), with Woodruff's interval; `option` holds p.

    Parameters and faults as in `share`.
    """
    _only_answered(base_rule)
    ps = (p,) if isinstance(p, int | float) else tuple(p)
    for one in ps:
        if not 0 < one < 1:
            raise QuestionFault("--p", f"{one:g}", "a number between 0 and 1", "0.5 is the median")
    setting = settle(wave, design, by=by, where=where, level=level)
    return tuple(e for q in _names(question) for e in quantile_rows(setting, amounts_of(wave, q), ps))


def _names(question: Names) -> tuple[str, ...]:
    return (question,) if isinstance(question, str) else tuple(question)


def _only_answered(base_rule: str) -> None:
    if base_rule != "answered":
        raise QuestionFault(
            "base rule",
            repr(base_rule),
            "'answered': silence is no number",
            "leave the base rule out, or ask for a share",
        )
