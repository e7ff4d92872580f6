"""Respondents made to the printed counts of any wave: every base, count, gate, leak and edition exactly."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.codebook import Choice, Codebook, MissingCode, Question
from survey.dependence import Dependence, Part
from survey.printed_counts import PrintedQuestion, PrintedWave, Printing
from survey.synthetic_fill import REST, extend_several, extend_single, fill_several, fill_single, highest

__all__ = ["synthesize"]

_NOT_ASKED, _NO_ANSWER, _OTHER = "97", "99", "other"
_REASONS = {
    _NOT_ASKED: ("not_asked", {"en": "Not asked (routing)", "ja": "非該当"}),
    _NO_ANSWER: ("no_answer", {"en": "No answer", "ja": "無回答"}),
}
_OTHER_LABEL = {"en": "Another answer (no figure printed)", "ja": "その他の回答（公表値なし）"}
_EDITION_LABEL = {"en": "First edition that holds the answers", "ja": "回答が最初に含まれた版"}

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
_Named = tuple[str, Mapping[str, str], Mask]


@dataclass(slots=True)
class _Asked:
    """Answers to one question in one edition: who answered, who gave each option, and the place given."""

    who: Mask
    ticks: dict[str, Mask]
    places: NDArray[np.int64]


@dataclass(slots=True)
class _Firms:
    """Firms with their traits, and the answers given so far."""

    wave: PrintedWave
    dependence: Dependence
    rng: np.random.Generator
    traits: Floats
    there: NDArray[np.int64]
    columns: dict[str, NDArray[np.object_] | Floats] = field(default_factory=dict)
    asked: dict[tuple[str, str], _Asked] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def free(self, name: str) -> str:
        """A name that neither a question nor a column has."""
        return _free(name, {*self.columns, *self.names.values(), *(q.id for q in self.wave.questions)})

    def score(self, question: str, side: str) -> Floats:
        """How much each firm leans to an answer; shape (firms,), variance 1."""
        loads = self.dependence.loadings(question, side)
        own = np.sqrt(max(0.0, 1 - float(loads @ self.dependence.traits @ loads)))
        return np.asarray(self.traits @ loads + own * self.rng.standard_normal(len(self.traits)))

    def inside(self, edition: str) -> Mask:
        """Firms whose answers an edition holds."""
        return np.asarray(self.there < self.wave.editions[edition])

    def gate(self, question: PrintedQuestion, edition: str) -> tuple[Mask, Mask] | None:
        """Firms that a gate leads on, and those it stops, in this edition; None without a printed gate."""
        found = None if question.gate is None else self.asked.get((question.gate[0], edition))
        if question.gate is None or found is None or question.gate[1] not in found.ticks:
            return None
        led = found.ticks[question.gate[1]]
        return led, found.who & ~led


def synthesize(
    wave: PrintedWave, dependence: Dependence, rng: np.random.Generator
) -> tuple[pd.DataFrame, Codebook]:
    """Made-up firms that reproduce every count of a published wave exactly.

    A firm's leaning to an answer is a weighted sum of its traits (see `Dependence`) and noise; the firms that
    lean most give it, exactly as many as were printed. Firms led to a question by its gate answer it before
    any that were not. Where several editions print a question, each edition but the last has columns of its
    own (`question_edition`), and a later edition keeps the answers of the one before but for those that
    the counts force to change: new firms first, then firms that answered late, then the fewest edits.

    Parameters
    ----------
    wave : PrintedWave
        Bases and counts.
    dependence : Dependence
        How answers hang together, and which sectors and sizes there are.
    rng : numpy.random.Generator
        Chance.

    Returns
    -------
    pandas.DataFrame
        Shape (firms, columns of the codebook); text codes, 0 and 1 for ticks; 97 not asked, 99 no answer,
        blank: not in this edition.
    Codebook
        What the codes mean, in English and Japanese.
    """
    many = wave.firms
    own, printed = [], {q.id for q in wave.questions}
    parts = {"sector": dependence.sectors, "size": dependence.sizes}
    places = {name: rng.permutation(_apportioned(part, many)) for name, part in parts.items()}
    firms = _Firms(wave, dependence, rng, _traits(dependence, places, rng), rng.permutation(many))
    number = pd.Series(np.arange(1, many + 1)).map(f"S{{:0{max(3, len(str(many)))}d}}".format)
    name = firms.free("firm_id")
    firms.columns[name] = number.to_numpy(dtype=object)
    own.append(Question(name, "text", (name,), {"en": "Firm", "ja": "企業番号"}, role="id"))
    for name, label in (("sector", {"en": "Sector", "ja": "業種"}), ("size", {"en": "Size", "ja": "規模"})):
        if name not in printed:
            codes = np.array([part.code for part in parts[name]], dtype=object)
            firms.columns[name] = codes[places[name]]
            choices = tuple(Choice(part.code, part.label) for part in parts[name])
            own.append(Question(name, "single", (name,), label, choices))
    if len(wave.editions) > 1:
        own.append(_edition(firms))
    for question in wave.questions:
        for earlier, printing in zip((None, *question.printings), question.printings, strict=False):
            own.append(_ask(firms, question, earlier, printing))
    frame = pd.DataFrame(firms.columns)
    return frame[[c for q in own for c in q.columns]], Codebook(tuple(own), ("en", "ja"))


def _apportioned(parts: tuple[Part, ...], many: int) -> NDArray[np.int64]:
    """Places of `parts` for `many` firms, by largest remainder; shape (firms,)."""
    exact = np.array([part.share for part in parts]) * many
    whole = np.floor(exact).astype(np.int64)
    short = many - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return np.repeat(np.arange(len(parts)), whole)


def _traits(dependence: Dependence, places: dict[str, NDArray[np.int64]], rng: np.random.Generator) -> Floats:
    """Traits of firms, shape (firms, 3): means of their sector and size, and what varies within."""
    values, vectors = np.linalg.eigh(dependence.within())
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    made = rng.standard_normal((len(places["sector"]), 3)) @ root.T
    for name, parts in (("sector", dependence.sectors), ("size", dependence.sizes)):
        means = np.array([part.means for part in parts])
        shares = np.array([part.share for part in parts])
        made += (means - shares @ means)[places[name]]
    return np.asarray(made)


def _edition(firms: _Firms) -> Question:
    """In which edition a firm's answers first stood."""
    names = list(firms.wave.editions)
    at = np.sum([~firms.inside(name) for name in names[:-1]], axis=0)
    column = firms.free("edition")
    firms.columns[column] = np.array(names, dtype=object)[at]
    choices = tuple(Choice(name, {"en": name, "ja": name}) for name in names)
    return Question(column, "single", (column,), _EDITION_LABEL, choices)


def _ask(firms: _Firms, question: PrintedQuestion, earlier: Printing | None, printing: Printing) -> Question:
    """Answer a question in one edition; the question as the codebook holds it."""
    is_last = printing is question.printings[-1]
    name = question.id if is_last else firms.free(f"{question.id}_{printing.edition}")
    firms.names[question.id, printing.edition] = name
    label = {k: v if is_last else f"{v} ({printing.edition})" for k, v in question.label.items()}
    before = None if earlier is None else firms.asked[question.id, earlier.edition]
    known = None if earlier is None else firms.inside(earlier.edition)
    scores = [firms.score(question.id, option.side) for option in question.options]
    who = _answering(firms, question, printing, before, known)
    silent = _silent(firms, question, printing, who)
    shown = [j for j, count in enumerate(printing.counts) if count is not None]
    asked_if = _routing(firms, question, printing)
    if question.is_single:
        if before is None or earlier is None:
            places = fill_single(who, printing.counts, scores)
        else:
            was_printed = [count is not None for count in earlier.counts]
            places = extend_single(before.places, was_printed, who, printing.counts, scores)
        ticks = [places == j for j in shown]
    else:
        counts = [printing.counts[j] or 0 for j in shown]
        leaning = [scores[j] for j in shown]
        if before is None or earlier is None:
            ticks = fill_several(who, counts, leaning)
        else:
            old = [before.ticks.get(question.options[j].id) for j in shown]
            ticks = extend_several(old, before.who & who, who, counts, leaning)
        places = np.where(who, REST, -1)
    options = [question.options[j] for j in shown]
    named = [(option.id, option.label, tick) for option, tick in zip(options, ticks, strict=True)]
    firms.asked[question.id, printing.edition] = _Asked(who, {o: t for o, _, t in named}, places)
    rest = who & ~np.any(ticks, axis=0)
    if rest.any():
        named.append((_free(_OTHER, {o.id for o in options}), _OTHER_LABEL, rest))
    if question.is_single:
        return _single(firms, Question(name, "single", (name,), label, asked_if=asked_if), named, silent)
    return _several(
        firms, Question(name, "multiple", (), label, counted="1", asked_if=asked_if), named, who, silent
    )


def _single(firms: _Firms, question: Question, named: list[_Named], silent: NDArray[np.object_]) -> Question:
    """Text codes of one of k."""
    options = {option for option, _, _ in named}
    codes = silent.copy()
    missing = []
    for code, (reason, text) in _REASONS.items():
        free = _free(code, options)
        codes[silent == code] = free
        missing.append(MissingCode(free, free, reason, text))
    for option, _, tick in named:
        codes[tick] = option
    firms.columns[question.id] = codes
    choices = tuple(Choice(option, text) for option, text, _ in named)
    return replace(question, choices=choices, missing=tuple(missing))


def _several(
    firms: _Firms, question: Question, named: list[_Named], who: Mask, silent: NDArray[np.object_]
) -> Question:
    """A column of ticks for each option."""
    numbers = pd.to_numeric(pd.Series(silent)).to_numpy(dtype=float)
    choices = []
    for option, text, tick in named:
        column = firms.free(f"{question.id}_{option}")
        firms.columns[column] = np.where(who, tick.astype(float), numbers)
        choices.append(Choice(option, text, column))
    missing = tuple(MissingCode(float(c), float(c), reason, text) for c, (reason, text) in _REASONS.items())
    columns = tuple(choice.column for choice in choices)
    return replace(question, columns=columns, choices=tuple(choices), missing=missing)


def _free(name: str, taken: set[str]) -> str:
    """A name that is not taken."""
    while name in taken:
        name = f"{name}_"
    return name


def _answering(
    firms: _Firms, question: PrintedQuestion, printing: Printing, before: _Asked | None, known: Mask | None
) -> Mask:
    """Who answers: those who did before, new firms, firms the gate leads on, firms it stops, all others."""
    lean = np.tanh(firms.score(question.id, "none"))
    gate = firms.gate(question, printing.edition)
    if gate is not None:
        lean = lean + 1e2 * gate[0] + 1e1 * gate[1]
    if before is not None and known is not None:
        lean = lean + 1e4 * ~known + 1e6 * before.who
    return highest(lean, printing.base, firms.inside(printing.edition))


def _silent(firms: _Firms, question: PrintedQuestion, printing: Printing, who: Mask) -> NDArray[np.object_]:
    """Why a firm did not answer: stopped by the gate, silent, or not in this edition (blank)."""
    gate = firms.gate(question, printing.edition)
    codes = np.full(who.size, None, dtype=object)
    inside = firms.inside(printing.edition)
    codes[inside] = _NO_ANSWER
    if gate is not None:
        codes[inside & gate[1]] = _NOT_ASKED
    codes[who] = None
    return codes


def _routing(firms: _Firms, question: PrintedQuestion, printing: Printing) -> str:
    """The routing of a follow-up as an expression; "" where this edition does not print its gate."""
    if question.gate is None or firms.gate(question, printing.edition) is None:
        return ""
    return f"`{firms.names[question.gate[0], printing.edition]}` == '{question.gate[1]}'"
