"""Answers into numbers, numbers into pressure: the front door of the analysis floor."""

from importlib import import_module
from typing import Any

_WHERE = {
    "Estimate": "analysis.estimate.record",
    "EstimateTable": "analysis.estimate.record",
    "as_frame": "analysis.estimate.record",
    "banner": "analysis.estimate.book",
    "banner_book": "analysis.estimate.book",
    "Book": "analysis.estimate.book",
    "NEST": "analysis.estimate.breaks",
    "Comparison": "analysis.estimate.columntests",
    "crosstab": "analysis.estimate.crosstabs",
    "CHANGE_COLUMNS": "analysis.waves.record",
    "Change": "analysis.waves.record",
    "changes": "analysis.waves.changing",
    "changes_frame": "analysis.waves.record",
    "overlap_bounds": "analysis.estimate.differences",
    "study_changes": "analysis.waves.changing",
    "trend": "analysis.waves.trends",
    "EXPECTATION_STATS": "analysis.estimate.expectations",
    "expectations_of": "analysis.estimate.expectations",
    "without_each_rule": "analysis.estimate.expectations",
    "FORECAST_STATS": "analysis.estimate.forecasts",
    "forecast_errors": "analysis.estimate.forecasts",
    "FAMILIES": "analysis.estimate.models.outcomes",
    "Fit": "analysis.estimate.models.fitting",
    "REFITS": "analysis.estimate.models.fitting",
    "combine": "analysis.estimate.combining",
    "fit": "analysis.estimate.models.fitting",
    "imputed_waves": "analysis.estimate.combining",
    "margins": "analysis.estimate.models.plain_units",
    "mean": "analysis.estimate.describe",
    "quantile": "analysis.estimate.describe",
    "ratio": "analysis.estimate.describe",
    "replicate_weights": "analysis.estimate.creation",
    "share": "analysis.estimate.describe",
    "total": "analysis.estimate.describe",
    "AUDIENCES": "analysis.release.disclosure",
    "CLAIM_COLUMNS": "analysis.briefing",
    "Audit": "analysis.published.audit",
    "Figures": "analysis.published.figures",
    "Reason": "analysis.published.reasons",
    "audit_figures": "analysis.published.audit",
    "read_breaks": "analysis.published.gates",
    "read_figures": "analysis.published.figures",
    "read_gates": "analysis.published.gates",
    "usual_breaks": "analysis.published.gates",
    "usual_gates": "analysis.published.gates",
    "Release": "analysis.release.read",
    "claims": "analysis.briefing",
    "paired_difference": "analysis.briefing",
    "product_version": "analysis.release.manifest",
    "read_release": "analysis.release.read",
    "touch_firms": "analysis.pressure.touching",
    "write_release": "analysis.release.write",
    "Catalogue": "analysis.rules.catalogue",
    "load_catalogue": "analysis.rules.catalogue",
    "contact": "analysis.rules.reach",
    "collisions": "analysis.rules.collide",
    "flows_of": "analysis.rules.flows",
    "read_listings": "analysis.rules.listings",
    "lists_on": "analysis.rules.listings",
    "Links": "analysis.supply.links",
    "load_links": "analysis.supply.links",
    "look_through": "analysis.supply.depth",
    "usual_seeds": "analysis.supply.seeds",
    "remake_demo": "analysis.worlds.demo",
    "Pressure": "analysis.pressure.record",
    "indicators": "analysis.pressure.measuring",
    "press": "analysis.pressure.pressing",
}
"""Exported name to the module that owns it; loaded at first use, so a command imports only what it needs."""

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"analysis has no {name!r}; it exports {', '.join(__all__)}")
