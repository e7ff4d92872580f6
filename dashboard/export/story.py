"""The nouns of a brief: a story of slides, each with one claim, its chart, its table and its notes."""

from dataclasses import dataclass

from dashboard.wording import FEW, MANY, NEVER, is_number, percent_of

__all__ = [
    "CHAPTERS",
    "Bar",
    "Chart",
    "Cross",
    "Slide",
    "Spot",
    "Stop",
    "Story",
    "Table",
    "Waves",
    "as_printed",
]

CHAPTERS = ("what", "sure", "who", "why", "if", "method")
"""The one order of every brief; each is a key of the catalogue under `brief`."""


def as_printed(value: object, n: float) -> float | None:
    """A share no finer than it may be printed: what lies behind a chart tells no more than its label.

    Parameters
    ----------
    value : object
        0 to 1, or nothing.
    n : float
        Firms behind it; nan where that is not told.

    Returns
    -------
    float or None
        None under 10 firms, whole firms under 30, whole percents under 200, else a tenth of a percent.
    """
    if not is_number(value) or not is_number(n) or n < NEVER:
        return None
    share = float(value)  # type: ignore[arg-type]
    if n < FEW:
        return round(share * n) / n
    digits = int(n >= MANY)
    return round(float(percent_of(share, digits)) / 100, 2 + digits)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart.

    Attributes
    ----------
    label, told, brief : str
        What the row is about; its number in words, with interval and n, or why there is none; the same
        in figures.
    side : str
        `us`, `cn`, `both` or "" (grey): the one meaning of its colour.
    value, low, high : float or None
        As printed; None where nothing may be shown.
    was : float or None
        A second point: face value, or before.
    is_indicative : bool
        Whether few firms stand behind it.
    """

    label: str
    told: str
    brief: str
    side: str
    value: float | None
    low: float | None = None
    high: float | None = None
    was: float | None = None
    is_indicative: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows with their intervals on one scale.

    Attributes
    ----------
    unit : str
        `percent`, `points` or `index`.
    from_, to : float
        Ends of the scale.
    words : str
        What the chart shows, for readers who do not see it.
    names : tuple of str
        What `value` is, and `was` where rows have it.
    """

    bars: tuple[Bar, ...]
    unit: str
    from_: float
    to: float
    words: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One firm on two scales, each a number with its limits; `mark` is what stands beside it."""

    mark: str
    label: str
    x: tuple[float, float, float]
    y: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Cross:
    """Firms on two scales, both from 0 to `to`."""

    spots: tuple[Spot, ...]
    to: float
    x_title: str
    y_title: str
    words: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One place on the axis of waves.

    Attributes
    ----------
    label : str
        Wave; the words of a break; "…" where waves are missing.
    own, printed : tuple or None
        Value, low, high of the study's own answers and of the printed series, as printed; limits None
        where there is no interval.
    is_open : bool
        Whether the printed figure has more than one reading.
    is_break : bool
        Whether it is no wave but the place before which nothing may be compared with what follows.
    told : tuple of (str, str, str)
        What stands below the wave: `own` or `printed`, the number, and its limits and n.
    """

    label: str
    own: tuple[float, float | None, float | None] | None = None
    printed: tuple[float, float | None, float | None] | None = None
    is_open: bool = False
    is_break: bool = False
    told: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Waves:
    """One answer over waves, in order; no line passes a `Stop` without a number.

    Attributes
    ----------
    to : float
        Upper end of the scale, which begins at 0.
    side, words
        As of a `Bar` and a `Chart`.
    names : tuple of str
        What `own` and `printed` are.
    """

    stops: tuple[Stop, ...]
    to: float
    side: str
    words: str
    names: tuple[str, str]

    @property
    def places(self) -> tuple[float, ...]:
        """Where each stop stands: waves at 1, 2, ..., a break or a gap half-way between two of them."""
        at, places = 0.0, []
        for stop in self.stops:
            is_wave = stop.own is not None or stop.printed is not None or bool(stop.told)
            at += is_wave
            places.append(at if is_wave else at + 0.5)
        return tuple(places)

    def below(self, stop: Stop, most: int) -> list[tuple[str, str]]:
        """Lines below a wave, each with its series: by name, or by its mark where over `most` waves stand.

        Parameters
        ----------
        most : int
            Waves beside which there is room for names.
        """
        marks, names = dict(own="●", printed="◆"), dict(zip(("own", "printed"), self.names, strict=True))
        heads = names if max(self.places, default=0.0) <= most else marks
        return [(kind, line) for kind, value, rest in stop.told for line in (f"{heads[kind]} {value}", rest)]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under a head; columns in `numbers` are set as figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Slide:
    """One claim with what it rests on.

    Attributes
    ----------
    chapter : str
        A word of `CHAPTERS`.
    key : str
        Its name, once in a story.
    claim, sentence : str
        The title; what must be known beside it.
    chart, table
        Its figure and its numbers, None where it has none.
    points : tuple of str
        Further sentences.
    source : str
        Source, n and base, below the figure.
    notes : tuple of str
        What a speaker must know: n, base, interval, method of each number.
    sure : str
        How sure the claim is: its interval, or why it has none, and n.
    below : str
        Source where the table stands beside the figure and names those of each number; "" where it does not.
    """

    chapter: str
    key: str
    claim: str
    sentence: str = ""
    chart: Chart | Cross | Waves | None = None
    table: Table | None = None
    points: tuple[str, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    sure: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A brief of one Release in one language.

    Attributes
    ----------
    title, subtitle : str
        Study; wave, day and audience.
    opening : tuple of str
        The claim of the day and its interval.
    banner : str
        What every slide, sheet and page carries where respondents are made up; "" elsewhere.
    colophon : str
        Version, study, day, audience.
    stem : str
        What its files are called, without ending.
    """

    lang: str
    title: str
    subtitle: str
    opening: tuple[str, ...]
    banner: str
    colophon: str
    stem: str
    slides: tuple[Slide, ...]
