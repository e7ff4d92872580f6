"""Concentration on the page, by product: on how few countries and suppliers, and how far from thresholds."""

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.given_words import product_words
from dashboard.pages.about import about_part
from dashboard.pages.given import cited
from dashboard.pages.marks import filled_table, interval_bar, table_view, tags
from dashboard.supplied import Supplied
from dashboard.supply_words import as_part, country_name
from dashboard.wording import as_index, as_whole, is_number, say

__all__ = ["product_panel", "product_table"]

_SHOWN = 12
_INDICATORS = ("cdi1", "cdi2", "cdi3")


def product_table(supplied: Supplied) -> pd.DataFrame:
    """A row a product: HHI by country and supplier with bounds, and each indicator's distance from its line.

    Products over all lines first, then by their HHI by country; without such lines by HHI alone.
    """
    table = supplied.shelf.tables.get("concentration")
    if table is None:
        return pd.DataFrame()
    mine = table[(table["firm"] == "") & (table["product"] != "")]
    if mine.empty:  # no link names a product: one row for all of them
        mine = table[table["firm"] == ""].drop_duplicates("by", keep="last")
    country = mine[mine["by"] == "country"].set_index("product")
    supplier = mine[mine["by"] == "supplier"].set_index("product")
    wide = country[["hhi", "low", "high", "largest", "largest_share", "n_firms", "n_links", "named"]].copy()
    wide["suppliers"] = supplier["hhi"]
    wide["supplier"], wide["supplier_share"] = supplier["largest"], supplier["largest_share"]
    lines = supplied.shelf.tables.get("dependency")
    if lines is not None and len(lines):
        last = lines[lines["period"] == lines["period"].max()]
        for indicator in _INDICATORS:
            part = last[last["indicator"] == indicator].set_index("product")
            wide[indicator], wide[f"{indicator}_over"] = part["distance"], part["over"]
            wide[f"{indicator}_bounds"], wide[f"{indicator}_line"] = part["over_bounds"], part["threshold"]
            wide[f"{indicator}_value"] = part["value"]
        wide["dependent"], wide["dependent_bounds"] = part["dependent"], part["dependent_bounds"]
        wide = wide.assign(over=(wide["dependent"] == "yes").astype(int))
        wide = wide.sort_values(["over", "hhi"], ascending=False, kind="stable")
    else:
        wide = wide.sort_values("hhi", ascending=False, kind="stable")
    return wide.reset_index()


def product_panel(supplied: Supplied, lang: str) -> Component | None:
    """The panel; nothing for readers whose Release holds no suppliers."""
    table = product_table(supplied)
    if table.empty:
        return None
    has_lines = "dependent" in table
    title = say(lang, "suppliers.concentration")
    shown = table.head(_SHOWN)
    rows = [_row(lang, row, has_lines) for _, row in shown.iterrows()]
    notes = [html.P(_note(supplied, lang, has_lines), className="quiet")]
    if len(table) > len(shown):
        notes.append(
            html.P(say(lang, "suppliers.more_products", shown=len(shown), all=len(table)), className="quiet")
        )
    return html.Section(
        [
            html.H2(_claim(lang, table, has_lines)),
            html.P(say(lang, "suppliers.concentration_sentence"), className="sentence"),
            html.Div([_head(lang, has_lines), html.Ul(rows, className="products")], className="dots-panel"),
            *notes,
            table_view(lang, _table(supplied, lang, table, has_lines, title)),
            about_part(supplied.shelf, lang, "concentration", say(lang, "about.n_products")),
        ],
        className="panel",
        id="concentration",
    )


def _claim(lang: str, table: pd.DataFrame, has_lines: bool) -> str:
    if has_lines:
        known = table[table["dependent"].isin(["yes", "no"])]
        over, sure = int((known["dependent"] == "yes").sum()), int((known["dependent_bounds"] == "yes").sum())
        key = "lines_none" if not over else "lines_sure" if sure else "lines_named"
        return say(lang, f"suppliers.{key}", over=over, sure=sure, products=len(known))
    if len(table) == 1:
        row = table.iloc[0]
        return say(
            lang,
            "suppliers.largest_country",
            country=country_name(lang, str(row["largest"]), is_said=True),
            part=as_part(lang, row["largest_share"]),
        )
    half = int((table["largest_share"] > 0.5).sum())
    return say(lang, "suppliers.half_from_one", half=half, products=len(table))


def _note(supplied: Supplied, lang: str, has_lines: bool) -> str:
    if not has_lines:
        return say(lang, "suppliers.no_lines")
    table = supplied.shelf.tables["dependency"]
    home = country_name(lang, str(table["home"].iloc[0]), is_said=True)
    unsure = sorted(set(table.loc[table["confirmed"] != "yes", "indicator"]))
    words = say(lang, "suppliers.lines_note", home=home)
    if unsure:
        names = ", ".join(say(lang, f"suppliers.head_{name}") for name in unsure)
        words += ("" if lang == "ja" else " ") + say(lang, "suppliers.lines_unsure", names=names)
    return words


def _head(lang: str, has_lines: bool) -> Component:
    keys = ["product", "hhi", "largest", *(_INDICATORS if has_lines else ())]
    return html.Div(
        [html.Span(say(lang, f"suppliers.head_{key}")) for key in keys],
        className="product-row product-head" + ("" if has_lines else " short"),
        **tags({"aria-hidden": "true"}),
    )


def _row(lang: str, row: pd.Series, has_lines: bool) -> Component:
    product = product_words(lang, str(row["product"])) or say(lang, "suppliers.all_products")
    hhi = as_index(float(row["hhi"]))
    words = say(
        lang,
        "suppliers.hhi_words",
        product=product,
        hhi=hhi,
        low=as_index(row["low"]),
        high=as_index(row["high"]),
    )
    largest = say(
        lang,
        "suppliers.largest",
        country=country_name(lang, str(row["largest"])),
        part=as_part(lang, row["largest_share"], is_rounded=True),
    )
    side = Supplied.side(f"country={row['largest']}")
    parts: list[Component] = [
        html.Span(cited(product), className="product-name"),
        html.Div(
            [
                interval_bar(row["hhi"], row["low"], row["high"], words, side=side),
                html.Span(hhi, className="dot-value"),
            ],
            className="product-bar",
        ),
        html.Span(largest, className="product-largest"),
    ]
    if has_lines:
        parts += [_distance(lang, row, name) for name in _INDICATORS]
    return html.Li(parts, className="product-row" + ("" if has_lines else " short"))


def _distance_words(row: pd.Series, name: str, lang: str) -> str:
    over = row[f"{name}_over"]
    if over not in ("yes", "no"):
        return "–"
    if not is_number(row[name]):
        return say(lang, "suppliers.no_exports")
    value = float(row[name])
    return f"{value:+.2f}".replace("-", "−") if abs(value) < 9.95 else f"{value:+,.0f}".replace("-", "−")


def _distance(lang: str, row: pd.Series, name: str) -> Component:
    over, bounds = row[f"{name}_over"], row[f"{name}_bounds"]
    words = _distance_words(row, name, lang)
    state = (
        "" if over not in ("yes", "no") else say(lang, f"suppliers.{'over' if over == 'yes' else 'under'}")
    )
    if state and bounds == "possible":
        state = say(lang, "suppliers.not_sure", state=state)
    return html.Span(
        [html.Span(words, className="distance"), html.Span(state, className="quiet")],
        className=f"product-line {'over' if over == 'yes' else ''}".strip(),
        **tags({"data-head": say(lang, f"suppliers.head_{name}")}),
    )


def _table(supplied: Supplied, lang: str, table: pd.DataFrame, has_lines: bool, title: str) -> Component:
    lines: list[list[Component | str]] = []
    for _, row in table.iterrows():
        line: list[Component | str] = [
            cited(product_words(lang, str(row["product"])) or say(lang, "suppliers.all_products")),
            as_index(row["hhi"]),
            f"{as_index(row['low'])}–{as_index(row['high'])}",
            f"{country_name(lang, str(row['largest']))} {as_part(lang, row['largest_share'])}",
            as_index(row["suppliers"]) if is_number(row["suppliers"]) else "–",
            f"{supplied.name(lang, str(row['supplier']))} {as_part(lang, row['supplier_share'])}",
        ]
        if has_lines:
            for name in _INDICATORS:
                sure = {"yes": "over", "no": "under", "possible": "possible"}.get(str(row[f"{name}_bounds"]))
                words = _distance_words(row, name, lang)
                line.append(f"{words} ({say(lang, f'suppliers.{sure}')})" if sure else words)
        lines.append([*line, as_whole(row["n_firms"]), as_whole(row["n_links"])])
    keys = ["product", "hhi", "hhi_bounds", "largest", "hhi_supplier", "largest_supplier"]
    keys += [*_INDICATORS] if has_lines else []
    head = [say(lang, f"suppliers.head_{key}") for key in [*keys, "firms", "links"]]
    return filled_table(head, lines, title, numbers=(1, 2, 4, *range(6, len(head))))
