"""What a reader must know of the model, one thing each: a code that pages put into words, and a sentence."""

from dataclasses import dataclass

__all__ = ["NOTE_CODES", "Note"]

NOTE_CODES = (
    *("no_outcome", "no_answers", "no_links", "few_events", "few_others", "constant"),
    *("few_slope_events", "one_group", "few_group_events", "few_ranked", "one_tier", "holds_zero"),
    *("carried", "one_slope", "order_of_squeeze", "little", "auc_holds_half", "no_better", "one_respondent"),
    *("term_constant", "term_collinear", "term_no_room", "few_pooled_events", "grades_not_pooled"),
    *("separated", "separated_partly", "flac_is_flic", "model_based", "no_weights", "design_based"),
    *("imputed", "not_imputed", "no_donors", "imputing_off", "nothing_known", "imputed_blind"),
    *("outcome_missing", "arithmetic"),
)
"""Every code there is; the dashboard has words for each in each language, and a test holds it to that."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know.

    Attributes
    ----------
    code : str
        Of `NOTE_CODES`.
    words : str
        The sentence in English, for tables and the command line.
    about : tuple[str, ...]
        Names and numbers in the sentence, in the order of the placeholders `a`, `b`, `c` of its words.
    """

    code: str
    words: str
    about: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """Code and what it is about, parted by `|`: a cell of a table."""
        return "|".join((self.code, *self.about))
