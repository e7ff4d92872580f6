"""What `[pressure]` of a study may say: the outcome and its event, breaks, level, draws, seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.pressure.across import ACROSS
from analysis.pressure.composite import AGGREGATIONS, NORMALISATIONS, Composite
from analysis.pressure.declared import CORRECTIONS, INDICATORS, INFORMATION, Declared
from analysis.pressure.knowing import IMPUTE
from analysis.pressure.priors import Prior, open_priors
from survey import Study, StudyFault, nearest

__all__ = ["KEYS", "PressureSettings", "pressure_settings"]

KEYS = (
    "outcome", "event", "grades", "by", "dormant", "level", "draws", "seed", "slopes", "candidates",
    "information", "correction", "nonnegative", "weights", "pool", "pool_sd", "composite", "across", "open",
    "selfreport", "answers", "impute", "imputations",
)  # fmt: skip
"""Settings of `[pressure]`."""

WEIGHTS = ("design", "none")
"""`design`: the survey's weights, scaled by the design's effect. `none`: model-based."""

SEED = 20211215
DRAWS = 2000
IMPUTATIONS = 20
LEVEL = 0.90
DORMANT = 0.25


@dataclass(frozen=True, slots=True)
class PressureSettings:
    """Checked settings of `[pressure]`.

    Attributes
    ----------
    outcome : str
        Question id of having had to choose; "" where the survey does not ask.
    event : tuple[str, ...]
        Codes that count as yes.
    by : tuple[str, ...]
        Questions that form groups.
    dormant : float
        Weight of dormant powers in squeeze, 0 (strict reading) to 1.
    level : float
        Level of intervals and of rank sets.
    draws, seed : int
        Number and seed of the draws.
    grades : tuple[str, ...]
        Codes of a graded outcome from the lowest; none where it is yes or no.
    choice : Declared
        What is declared about the model.
    weights : str
        One of `WEIGHTS`, or "" for the design's own: `design` where firms were drawn at random.
    pool : str
        Question whose answers are pooled groups; "" for none.
    across : str
        How us and cn are made of their channels: `largest` or `mean`.
    open : Mapping[str, Prior]
        Priors of parameters of the rules that are left open.
    impute : str
        Which firms that answered the outcome and lack an indicator are imputed: one of `IMPUTE`.
    imputations : int
        Completed sets where firms are imputed.
    composite : Composite or None
        The index that stands in where there is no p_choose; None for squeeze alone.
    """

    outcome: str = ""
    event: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    dormant: float = DORMANT
    level: float = LEVEL
    draws: int = DRAWS
    seed: int = SEED
    grades: tuple[str, ...] = ()
    choice: Declared = field(default_factory=Declared)
    weights: str = ""
    pool: str = ""
    composite: Composite | None = None
    across: str = "largest"
    open: Mapping[str, Prior] = field(default_factory=dict)
    impute: str = IMPUTE[0]
    imputations: int = IMPUTATIONS


def pressure_settings(study: Study) -> PressureSettings:
    """Read and check `[pressure]`; `dormant` of `[rules]` holds where `[pressure]` is silent.

    Raises
    ------
    StudyFault
        An unknown key (the nearest are suggested) or a value that does not fit, with its line.
    """
    section = study.section("pressure")
    for key in section:
        if key not in KEYS:
            raise StudyFault(
                study.place(f"pressure.{key}"),
                f"unknown key {key!r}",
                "one of: " + ", ".join(KEYS),
                nearest(key, KEYS),
            )
    outcome = section.get("outcome", "")
    if not isinstance(outcome, str):
        raise _bad(study, "outcome", outcome, "the id of a question", 'write  outcome = "had_to_choose"')
    event = _words(study, section, "event")
    if outcome and not event:
        raise _bad(
            study, "event", event, "the codes of the outcome that count as yes", 'write  event = ["1"]'
        )
    weight = section.get("dormant", study.section("rules").get("dormant", DORMANT))
    at = "pressure.dormant" if "dormant" in section else "rules.dormant"
    if not _is_number(weight) or not 0.0 <= weight <= 1.0:
        raise StudyFault(study.place(at), repr(weight), "a weight from 0 to 1", "write  dormant = 0.25")
    level = section.get("level", LEVEL)
    if not _is_number(level) or not 0.5 < level < 1.0:
        raise _bad(study, "level", level, "a level above 0.5 and below 1", "write  level = 0.90")
    draws, seed = section.get("draws", DRAWS), section.get("seed", SEED)
    if not _is_whole(draws) or not 200 <= draws <= 100_000:
        raise _bad(study, "draws", draws, "a whole number from 200 to 100000", "write  draws = 2000")
    if not _is_whole(seed) or seed < 0:
        raise _bad(study, "seed", seed, "a whole number, 0 or more", f"write  seed = {SEED}")
    sets = section.get("imputations", IMPUTATIONS)
    if not _is_whole(sets) or not 2 <= sets <= 100:
        off = 'write  imputations = 20, or  impute = "none"'
        raise _bad(study, "imputations", sets, "a whole number from 2 to 100", off)
    grades = _words(study, section, "grades")
    if grades and (len(set(grades)) != len(grades) or len(grades) < 2):
        raise _bad(
            study, "grades", list(grades), "codes from the lowest, each once", 'grades = ["3", "2", "1"]'
        )
    if grades and set(event) != set(grades[-len(event) :]):
        raise _bad(study, "event", list(event), "the highest of  grades", "name the last codes of  grades")
    pool = section.get("pool", "")
    if not isinstance(pool, str):
        raise _bad(study, "pool", pool, "the id of a question", 'write  pool = "sector"')
    return PressureSettings(
        outcome,
        event,
        _words(study, section, "by"),
        float(weight),
        float(level),
        int(draws),
        int(seed),
        grades,
        _declared(study, section, pool),
        _one_of(study, section, "weights", ("", *WEIGHTS)),
        pool,
        _composite(study, section.get("composite")),
        _one_of(study, section, "across", ACROSS),
        open_priors(study, section.get("open"), float(weight)),
        _one_of(study, section, "impute", IMPUTE),
        int(sets),
    )


def _composite(study: Study, said: Any) -> Composite | None:
    """`[pressure.composite]`; None where it is not there."""
    if said is None:
        return None
    keys = ("weights", "normalisation", "aggregation", "spread")
    if not isinstance(said, Mapping):
        raise _bad(study, "composite", said, "a table", "write  composite = { weights = { squeeze = 1 } }")
    for key in said:
        if key not in keys:
            raise _bad(study, f"composite.{key}", key, "one of: " + ", ".join(keys), nearest(key, keys))
    weights = said.get("weights")
    if not isinstance(weights, Mapping) or not weights:
        raise _bad(study, "composite", weights, "the weight of each indicator", "weights = { squeeze = 1 }")
    for name, weight in weights.items():
        at = f"composite.weights.{name}"
        if name not in INDICATORS:
            known = "some of: " + ", ".join(INDICATORS)
            raise StudyFault(study.place(f"pressure.{at}"), name, known, nearest(name, INDICATORS))
        if not _is_number(weight) or weight <= 0:
            raise _bad(study, at, weight, "a number above 0", f"write  {name} = 1")
    spread = said.get("spread", 0.5)
    if not _is_number(spread) or not 0 <= spread < 1:
        raise _bad(study, "composite.spread", spread, "a number from 0 to below 1", "write  spread = 0.5")
    return Composite(
        {str(name): float(weight) for name, weight in weights.items()},
        _one_of(study, said, "normalisation", NORMALISATIONS, "composite."),
        _one_of(study, said, "aggregation", AGGREGATIONS, "composite."),
        float(spread),
    )


def _declared(study: Study, section: Mapping[str, Any], pool: str) -> Declared:
    slopes = _words(study, section, "slopes") or ("squeeze",)
    for word in slopes:
        if word not in INDICATORS:
            raise StudyFault(
                study.place("pressure.slopes"),
                f"unknown indicator {word!r}",
                "some of: " + ", ".join(INDICATORS),
                nearest(word, INDICATORS),
            )
    if len(set(slopes)) != len(slopes):
        raise _bad(study, "slopes", list(slopes), "each indicator once", 'write  slopes = ["squeeze"]')
    looked = section.get("candidates", len(slopes))
    if not _is_whole(looked) or looked < len(slopes):
        raise _bad(study, "candidates", looked, "how many terms were looked at, the slopes among them", "")
    signs = section.get("nonnegative", False)
    if not isinstance(signs, bool):
        raise _bad(study, "nonnegative", signs, "true or false", "write  nonnegative = true")
    sd = section.get("pool_sd", 0.0)
    if not _is_number(sd) or sd < 0 or (pool and not sd):
        raise _bad(
            study,
            "pool_sd",
            sd,
            "the prior of groups, declared: a standard deviation above 0 on the logit scale",
            "write  pool_sd = 0.5",
        )
    return Declared(
        slopes,
        int(looked),
        _one_of(study, section, "information", INFORMATION),
        _one_of(study, section, "correction", CORRECTIONS),
        signs,
        float(sd) if pool else 0.0,
    )


def _one_of(
    study: Study, section: Mapping[str, Any], key: str, known: tuple[str, ...], inside: str = ""
) -> str:
    word = section.get(key, known[0])
    if word not in known:
        raise StudyFault(
            study.place(f"pressure.{inside}{key}"),
            repr(word),
            "one of: " + ", ".join(filter(None, known)),
            nearest(str(word), known),
        )
    return str(word)


def _words(study: Study, section: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = section.get(key, ())
    if isinstance(value, str) or _is_whole(value):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) or _is_whole(v) for v in value):
        raise _bad(study, key, value, "a list of words", f'write  {key} = ["1"]')
    return tuple(str(v) for v in value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bad(study: Study, key: str, found: object, expected: str, do: str) -> StudyFault:
    return StudyFault(study.place(f"pressure.{key}"), repr(found), expected, do)
