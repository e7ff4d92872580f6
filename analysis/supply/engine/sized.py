"""How large each link is, worked out by an engine as `sizes` works it out in memory, and which firm how."""

import narwhals as nw

from analysis.supply.engine.running import Engine, Relation
from analysis.supply.sizes import METHODS
from survey import FileFault, Finding

__all__ = ["check_sums", "method_words", "sized_links"]


def sized_links(engine: Engine, links: Relation, where: str, findings: list[Finding]) -> Relation:
    """Links `buyer, supplier, country, confidence, share, method`: share 0 where unknown, method 0 to 4.

    A given share stands; else value over the buyer's inputs; for a buyer with neither, value over the sum
    of its named values, or equal shares.
    """
    told = engine.few(
        links.select(
            nw.len().alias("rows"),
            nw.col("share").count().alias("given"),
            nw.col("inputs").count().alias("inputs"),
        )
    ).iloc[0]
    if told["rows"] == told["given"]:
        return links.select("buyer", "supplier", "country", "confidence", "share", method=nw.lit(0))
    stated = nw.when(nw.col("inputs") > 0).then(nw.col("inputs"))
    each = (
        links.with_columns(_stated=stated)
        .group_by("buyer")
        .agg(
            nw.col("share").count().alias("_given"),
            nw.col("_stated").max().alias("_inputs"),
            nw.col("_stated").min().alias("_least"),
            nw.col("value").count().alias("_valued"),
            nw.col("value").sum().alias("_named"),
            nw.len().alias("_rows"),
        )
    )
    each = engine.keep(each.rename({"buyer": "_buyer"}), "buyers")
    differ = engine.few(
        each.filter(nw.col("_least") < nw.col("_inputs") * (1 - 1e-9)).select(nw.len().alias("n"))
    )
    if int(differ["n"].iloc[0]):
        findings.append(
            Finding(
                f"{where}, column inputs",
                f"{int(differ['n'].iloc[0])} buyers with more than one figure of inputs",
                "The largest is used: shares are never overstated.",
                "Write one figure of inputs a buyer.",
            )
        )
    given, valued = ~nw.col("share").is_null(), ~nw.col("value").is_null()
    stated_somewhere = ~nw.col("_inputs").is_null()
    sized = (nw.col("_given") > 0) | stated_somewhere
    over_named = ~sized & valued & (nw.col("_named") > 0)
    equal = ~sized & (nw.col("_valued") == 0)
    method = (
        nw.when(given)
        .then(nw.lit(0))
        .otherwise(
            nw.when(valued & stated_somewhere)
            .then(nw.lit(1))
            .otherwise(
                nw.when(over_named)
                .then(nw.lit(2))
                .otherwise(nw.when(equal).then(nw.lit(3)).otherwise(nw.lit(4)))
            )
        )
    )
    size = nw.coalesce(
        nw.when(given).then(nw.col("share")),
        nw.when(valued & stated_somewhere).then(nw.col("value") / nw.col("_inputs")),
        nw.when(over_named).then(nw.col("value") / nw.col("_named")),
        nw.when(equal).then(1.0 / nw.col("_rows")),
        nw.lit(0.0),
    )
    joined = links.join(each, left_on="buyer", right_on="_buyer", how="left")
    return joined.select("buyer", "supplier", "country", "confidence", share=size, method=method)


def check_sums(engine: Engine, firms: Relation, where: str) -> None:
    """Check that no buyer's shares add to more than 1.

    Raises
    ------
    FileFault
        With the first buyers whose shares do.
    """
    over = engine.few(firms.filter(nw.col("named") > 1 + 1e-6).select("name", "named").sort("name").head(5))
    if len(over):
        raise FileFault(
            f"{where}, buyer " + ", ".join(repr(str(name)) for name in over["name"]),
            "shares that add to " + ", ".join(f"{float(total):.6g}" for total in over["named"]),
            "shares of one buyer's inputs that add to 1 at most",
            "correct the shares or the inputs, or choose one period under [supply.where]",
        )


def method_words(flags: dict[str, str]) -> nw.Expr:
    """Text with the methods of a firm, joined by `; `, from columns that say whether each was used."""
    words = [nw.when(nw.col(flags[word]) > 0).then(nw.lit(word)) for word in sorted(METHODS) if word in flags]
    return nw.concat_str(words, separator="; ", ignore_nulls=True)
