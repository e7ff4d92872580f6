"""What a quoted figure says: its sentence, base, interval, caveats and source, in English or Japanese."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.wording import as_claim, as_date, as_interval, as_share, catalogue, say

if TYPE_CHECKING:
    from analysis import Quote

__all__ = ["QuoteText", "quote_text"]

_ELSEWHERE = {
    "indicative": "state.indicative",
    "not_attacked": "frame.not_attacked",
}
_CHECKSUM = 12


@dataclass(frozen=True, slots=True)
class QuoteText:
    """A quoted figure in words.

    Attributes
    ----------
    lang : str
        `en` or `ja`.
    value : str
        The number alone, under the print rules.
    claim, base, interval, wave, source, made : str
        The sentence; the base with its rule; the interval; the wave; the source; the version that made it.
    caveats : tuple[str, ...]
        What a reader must be told beside.
    points : tuple[float, float, float] or None
        Share and limits from 0 to 1, None where they are not known.
    is_synthetic : bool
        Whether the data are made up; said first.
    """

    lang: str
    value: str
    claim: str
    base: str
    interval: str
    wave: str
    source: str
    made: str
    caveats: tuple[str, ...]
    points: tuple[float, float, float] | None
    is_synthetic: bool

    def lines(self) -> tuple[str, ...]:
        """All of it, one statement a line, as it is copied into a text."""
        end = "。" if self.lang == "ja" else "."
        told = [self.claim, self.base, self.interval, *self.caveats, f"{self.source} · {self.made}"]
        return tuple(line if line.endswith((end, "。", ".", "！", "!")) else line + end for line in told)


def quote_text(quote: "Quote", lang: str) -> QuoteText:
    """The words of a quote."""
    question, option = _words(quote, lang)
    is_weighted = quote.base != quote.n
    is_known = quote.estimate == quote.estimate and quote.n > 0
    if quote.printed:
        words = {"question": question, "option": option, "printed": quote.printed}
        if quote.count is not None and quote.n:
            claim = say(lang, "quote.printed_count", count=quote.count, base=quote.n, **words)
        else:
            claim = say(lang, "quote.printed_only", **words)
    else:
        claim = as_claim(
            lang, quote.question, question, option, quote.estimate, quote.n, is_weighted=is_weighted
        )
    value = (
        as_share(lang, quote.estimate, quote.n, is_weighted=is_weighted)
        if is_known
        else say(lang, "unit.percent", value=f"{float(quote.printed) + 1e-9:.0f}")
    )
    known = catalogue(lang)
    has_limits = quote.low == quote.low and quote.high == quote.high
    middle = quote.estimate if is_known else float(quote.printed or "nan") / 100
    return QuoteText(
        lang=lang,
        value=value,
        claim=claim,
        base=_base(quote, lang),
        interval=_opened(_interval(quote, lang)),
        wave=say(
            lang,
            "quote.wave_edition" if quote.edition else "quote.wave",
            **({"edition": known.get(f"edition.{quote.edition}", quote.edition)} if quote.edition else {}),
            wave=quote.wave,
        ),
        source=_source(quote, lang),
        made=say(lang, "quote.made", version=quote.source.version),
        caveats=_caveats(quote, lang),
        points=(middle, quote.low, quote.high) if has_limits else None,
        is_synthetic="synthetic" in quote.caveats,
    )


def _words(quote: "Quote", lang: str) -> tuple[str, str]:
    """Words of question and option in the language, else in any."""
    for spoken in (lang, "", "en", *quote.wording):
        if spoken in quote.wording:
            return quote.wording[spoken]
    return quote.question, quote.option


def _base(quote: "Quote", lang: str) -> str:
    said = say(lang, f"quote_base.{quote.base_rule}", **_numbers(quote, lang))
    if quote.base == quote.n:
        return said
    return say(lang, "quote.base_weighted", base=said, weighted=f"{quote.base:,.0f}")


def _numbers(quote: "Quote", lang: str) -> dict[str, object]:
    return (
        {"bases": quote.bases.replace(",", "、" if lang == "ja" else ", ")}
        if quote.base_rule == "open"
        else {"n": quote.n}
    )


def _interval(quote: "Quote", lang: str) -> str:
    if quote.method != "envelope":
        return as_interval(lang, quote.low, quote.high, quote.level, quote.method, n=quote.n or None)
    level = say(lang, "unit.per_level", level=f"{100 * quote.level:g}")
    ends = (say(lang, "unit.percent", value=f"{100 * end:.0f}") for end in (quote.low, quote.high))
    low, high = ends
    return say(lang, "quote.interval_envelope", level=level, low=low, high=high)


def _caveats(quote: "Quote", lang: str) -> tuple[str, ...]:
    """Sentences of caveats, and the audit's reasons of a printed figure."""
    end = "。" if lang == "ja" else "."
    told = [say(lang, _ELSEWHERE.get(code, f"quote_caveat.{code}")) for code in quote.caveats]
    sentences = catalogue(lang)
    told += [sentences[f"audit_reason.{r.code}"].format(**r.values) for r in quote.reasons]
    return tuple(_opened(t).rstrip("。.") + end for t in told)


def _opened(text: str) -> str:
    """A sentence with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _source(quote: "Quote", lang: str) -> str:
    source = quote.source
    title = source.title.get(lang) or next(iter(source.title.values()), "") or quote.question
    file = {"file": source.file, "sha256": source.sha256[:_CHECKSUM]}
    if source.kind == "study":
        return say(lang, "quote.source_study", title=title, wave=quote.wave, **file)
    if source.kind == "release":
        return say(
            lang,
            "quote.source_release",
            title=title,
            wave=quote.wave,
            audience=say(lang, f"audience.{source.audience}"),
        )
    if source.date:
        return say(lang, "quote.source_dated", title=title, date=as_date(lang, source.date), **file)
    return say(lang, "quote.source_published", title=title, **file)
