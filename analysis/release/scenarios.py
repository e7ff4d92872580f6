"""What a Release holds of scenarios: their names, what each changes, and their effects where seen."""

__all__ = [
    "BREADTH_COLUMNS",
    "CHANGE_COLUMNS",
    "EFFECT_COLUMNS",
    "MOVE_COLUMNS",
    "SCENARIO_COLUMNS",
]

SCENARIO_COLUMNS = (
    "scenario",
    "kind",
    "parts",
    "title_en",
    "title_ja",
    "about_en",
    "about_ja",
    "source",
)
"""Columns of `scenarios`: kind is ready, own or together; `parts` the ids put together, separated by `|`."""

EFFECT_COLUMNS = (
    "scenario",
    "by",
    "group",
    "stat",
    "n",
    "before",
    "after",
    "estimate",
    "low",
    "high",
    "level",
    "method",
    "flag",
)
"""Columns of `scenario_effects`: `by` is "" (all firms), `firm` or a question; `estimate` the difference."""

MOVE_COLUMNS = ("scenario", "tier_before", "tier_after", "stat", "n", "estimate")
"""Columns of `scenario_moves`: firms by tier before and after, nan where a firm has none."""

CHANGE_COLUMNS = ("scenario", "table", "key", "instrument", "before", "after", "clause", "source")
"""Columns of `scenario_changes`."""

BREADTH_COLUMNS = (
    "step",
    "label_en",
    "label_ja",
    "stat",
    "n",
    "estimate",
    "low",
    "high",
    "level",
    "method",
    "flag",
)
"""Columns of `breadth`: step 0 is the list as it is."""
