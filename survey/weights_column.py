"""Weights made here as a column of the wave, so that other programs can use them."""

from dataclasses import replace

from survey.codebook import Question
from survey.wave import Wave

__all__ = ["with_weight_column"]

_JAPANESE = {
    "raking": "レイキング",
    "post-stratification": "事後層化",
    "linear": "一般化回帰",
    "bounded": "範囲付きキャリブレーション",
}


def with_weight_column(wave: Wave, name: str = "weight") -> Wave:
    """The wave with its weights as one more column, `weight` (`weight_2`, ... where that is taken).

    A wave that was not weighed comes back as it is. The label says how the weights were made.
    """
    made = wave.weighted
    if made is None:
        return wave
    taken = {str(c) for c in wave.frame.columns} | set(wave.codebook.ids())
    free = next(n for n in (name, *(f"{name}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
    margins = ", ".join(dict.fromkeys(m.margin for m in made.margins))
    label = {
        "en": f"Weight: {made.method} to {margins}" if margins else "Weight: non-response",
        "ja": f"ウェイト（{_JAPANESE[made.method]}：{margins}）" if margins else "ウェイト（無回答調整）",
    }
    languages = wave.codebook.languages
    kept = {lang: text for lang, text in label.items() if lang in languages} or {languages[0]: label["en"]}
    question = Question(free, "number", (free,), label=kept, role="weight")
    return replace(
        wave,
        frame=wave.frame.assign(**{free: made.weight}),
        codebook=replace(wave.codebook, questions=(*wave.codebook.questions, question)),
    )
