"""How answers of made-up respondents hang together: loadings on traits, sectors and sizes, as stated data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.faults import StudyFault, nearest
from survey.paths import data_folder
from survey.toml_file import read_toml

__all__ = ["TRAITS", "Dependence", "Part", "read_dependence"]

TRAITS = ("us", "cn", "readiness")
"""Traits of a firm: exposure to the United States, exposure to China, readiness."""

_PAIRS = {"us_cn": (0, 1), "us_readiness": (0, 2), "cn_readiness": (1, 2)}
_SIDES = ("us", "cn", "both", "none")
_PART_KEYS = ("code", "en", "ja", "share", *TRAITS)
_TOP = ("schema", "traits", "side", "question", "sectors", "sizes")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """A sector or a size: its code, wording per language, share of firms, and where its mean traits lie."""

    code: str
    label: Mapping[str, str]
    share: float
    means: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Dependence:
    """What is stated of made-up firms.

    Attributes
    ----------
    traits : NDArray[np.float64]
        Shape (3, 3): correlations of `TRAITS`.
    sides, questions : Mapping[str, tuple[float, float, float]]
        Loadings of answers by side, and by question where they differ.
    sectors, sizes : tuple[Part, ...]
        Who the firms are; shares add to 1.
    """

    traits: Floats
    sides: Mapping[str, tuple[float, float, float]]
    questions: Mapping[str, tuple[float, float, float]]
    sectors: tuple[Part, ...]
    sizes: tuple[Part, ...]

    def loadings(self, question: str, side: str) -> Floats:
        """Loadings of an answer, shape (3,)."""
        own = self.questions.get(question)
        return np.asarray(self.sides.get(side, self.sides["none"]) if own is None else own)

    def within(self) -> Floats:
        """Covariances of the traits left inside sectors and sizes, shape (3, 3)."""
        return np.asarray(self.traits - _between(self.sectors) - _between(self.sizes))

    def notes(self) -> tuple[str, ...]:
        """The structure in lines of at most 80 bytes."""
        pairs = ", ".join(f"{name} {self.traits[at]:.2f}" for name, at in _PAIRS.items())
        lines = [
            "Stated dependence: score = loadings x traits (us, cn, readiness) + noise, all",
            "of variance 1; the firms with the highest scores give the answer.",
            f"Correlations of traits: {pairs}.",
        ]
        for kind, table in (("side", self.sides), ("question", self.questions)):
            lines += [f"Loadings {kind} {n}: {a:+.2f} {b:+.2f} {c:+.2f}" for n, (a, b, c) in table.items()]
        return tuple(line.encode()[:80].decode("utf-8", "ignore") for line in lines)


def read_dependence(path: Path | None = None) -> Dependence:
    """Read a dependence file; None reads the one that travels with the product.

    Raises
    ------
    StudyFault
        A key missing or unknown, loadings that explain more than all of an answer, shares that do not
        add to 1, or sectors that lie further apart than the traits vary.
    """
    file = data_folder() / "reference" / "published" / "dependence.toml" if path is None else path
    table, lines = read_toml(file)

    def place(key: str) -> str:
        return f"{file}, line {lines.get(key, 1)}, key {key}"

    unknown = [key for key in table if key not in _TOP]
    if unknown:
        raise StudyFault(place(unknown[0]), "no such key", ", ".join(_TOP), nearest(unknown[0], list(_TOP)))
    traits = np.eye(3)
    for name, (i, j) in _PAIRS.items():
        traits[i, j] = traits[j, i] = _number(_section(table, "traits", place), name, place(f"traits.{name}"))
    if np.linalg.eigvalsh(traits).min() < 0:
        raise StudyFault(
            place("traits"), "correlations no three traits can have", "a smaller one", "mend one"
        )
    sides = _loadings(_section(table, "side", place), "side", traits, place)
    missing = [side for side in _SIDES if side not in sides]
    if missing:
        raise StudyFault(place("side"), f"no [side.{missing[0]}]", ", ".join(_SIDES), "add it")
    made = Dependence(
        traits,
        sides,
        _loadings(table.get("question", {}), "question", traits, place),
        _parts(table, "sectors", place),
        _parts(table, "sizes", place),
    )
    if np.linalg.eigvalsh(made.within()).min() < 0:
        raise StudyFault(
            place("sectors"),
            "means of sectors and sizes that vary more than the traits do",
            "variances between sectors and sizes below 1, and correlations that allow them",
            "bring the means nearer to 0",
        )
    return made


def _section(table: Mapping[str, Any], name: str, place: Any) -> Mapping[str, Any]:
    """A table of the file that must be there."""
    found = table.get(name)
    if not isinstance(found, Mapping):
        raise StudyFault(
            place(name), "no such table", f"[{name}]", "see data/reference/published/dependence.toml"
        )
    return found


def _number(table: Mapping[str, Any], key: str, where: str, low: float = -1.0) -> float:
    """A number from `low` to 1."""
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= 1:
        raise StudyFault(where, repr(value), f"a number from {low:g} to 1", f"write {key} = 0.3, for example")
    return float(value)


def _loadings(
    table: Mapping[str, Any], kind: str, traits: Floats, place: Any
) -> dict[str, tuple[float, float, float]]:
    """Loadings by name, none of which explain more than all."""
    made = {}
    for name, row in table.items():
        where = place(f"{kind}.{name}")
        if not isinstance(row, Mapping) or set(row) != set(TRAITS):
            raise StudyFault(where, repr(row)[:80], ", ".join(TRAITS), "give the three loadings")
        us, cn, readiness = (_number(row, trait, where) for trait in TRAITS)
        loads = np.array([us, cn, readiness])
        if loads @ traits @ loads > 1:
            raise StudyFault(
                where, "loadings that explain more than all of an answer", "a'Ra <= 1", "lower one"
            )
        made[str(name)] = (us, cn, readiness)
    return made


def _parts(table: Mapping[str, Any], name: str, place: Any) -> tuple[Part, ...]:
    """Sectors or sizes, whose shares add to 1."""
    rows = table.get(name)
    if not isinstance(rows, Sequence) or not rows:
        raise StudyFault(
            place(name), "none given", f"[[{name}]] at least once", "see the file of the product"
        )
    parts = []
    for row in rows:
        if not isinstance(row, Mapping) or set(row) != set(_PART_KEYS):
            raise StudyFault(place(name), repr(row)[:80], ", ".join(_PART_KEYS), "give all of these")
        us, cn, readiness = (_number(row, trait, place(name), -3.0) for trait in TRAITS)
        label = {"en": str(row["en"]), "ja": str(row["ja"])}
        share = _number(row, "share", place(name), 0.0)
        parts.append(Part(str(row["code"]), label, share, (us, cn, readiness)))
    total = sum(part.share for part in parts)
    if abs(total - 1) > 1e-6:
        raise StudyFault(place(name), f"shares that add to {total:g}", "shares that add to 1", "mend one")
    return tuple(parts)


def _between(parts: tuple[Part, ...]) -> Floats:
    """Covariances of the means of sectors or sizes, shape (3, 3)."""
    shares = np.array([part.share for part in parts])
    means = np.array([part.means for part in parts])
    means = means - shares @ means
    return np.asarray((means * shares[:, None]).T @ means)
