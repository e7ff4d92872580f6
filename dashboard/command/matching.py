"""`screen` and `match`: names looked up in lists, and the firms of a study among the parties of its links."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.judging import add_judging_options, judge
from dashboard.command.noticing import put_notice, tell_notice
from dashboard.command.options import day, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import say, working

if TYPE_CHECKING:
    import pandas as pd

    from survey import Study

__all__ = ["COMMANDS"]


_LIST = "CSV of a list, the instrument it is, and the day on which it was taken; repeatable"


def _shared_options(parser: argparse.ArgumentParser) -> None:
    """Options of both commands."""
    parser.add_argument("--judgements", metavar="F", help="judgements of persons, honoured first")
    parser.add_argument("--review", metavar="F", help="CSV to write: what a person should look at")
    parser.add_argument("--match-at", type=float, metavar="P", help="probability of a match (default 0.9)")
    parser.add_argument("--review-at", type=float, metavar="P", help="probability of a review (default 0.2)")
    parser.add_argument(
        "--ownership",
        metavar="F",
        help="holdings owner,owned,share,from,to: adds group heads; screen: and whom listed owners hold",
    )
    parser.add_argument("--as-of", metavar="DATE", help="day of holdings and of judgements, YYYY-MM-DD")
    parser.add_argument("--out", metavar="F", help="CSV file to write; without it, CSV on stdout")


def _screen_options(parser: argparse.ArgumentParser) -> None:
    """Options of `screen`."""
    parser.add_argument(
        "names", metavar="NAMES", help="CSV with a column name, and country, lei ... if known"
    )
    parser.add_argument("--list", metavar="[ID=]LIST[@DATE]", action="append", required=True, help=_LIST)
    _shared_options(parser)


def _match_options(parser: argparse.ArgumentParser) -> None:
    """Options of `match`."""
    parser.add_argument("study", metavar="STUDY", help="folder with study.toml, or that file")
    parser.add_argument("--list", metavar="[ID=]LIST[@DATE]", action="append", help=_LIST)
    parser.add_argument(
        "--listings",
        metavar="F",
        help="CSV to write: what matched, as listings of a study ([rules] listings)",
    )
    parser.add_argument(
        "--names", metavar="COLUMN", default="", help="column of the wave with the firms' names"
    )
    add_judging_options(parser)
    _shared_options(parser)


def _screen(args: argparse.Namespace) -> int:
    """Look each name up in the lists; every entry worth a look is a row."""
    from analysis import match_names, noted, read_names

    out = check_out(args.out)
    review = check_out(args.review)
    as_of = day(args.as_of)
    with working("looking names up", quiet=args.quiet):
        names, listed = read_names(Path(args.names)), _lists(args.list)
        judged = _judgements(args)
        found = match_names(names, listed, judged, **_levels(args), every=True)
        found, waiting = _with_owners(found, names, listed, judged, args, as_of)
        table = _with_days(_with_heads(found.drop(columns="row"), args, as_of), listed)
        _put_review(waiting, review)
        ages = _ages(listed, as_of)
        if out is not None:
            put_notice(out, ages)
        put_table(noted(table, ages), out)
    tell_notice(ages, quiet=args.quiet)
    _tell_ages(listed, as_of, args)
    return _tell(found, args)


def _match(args: argparse.Namespace) -> int:
    """Look the names of a study up, or add what a person decided."""
    from analysis import match_study

    study = open_study(args.study)
    as_of = day(args.as_of) or study.as_of
    if args.judge:
        return judge(
            args, Path(args.judgements) if args.judgements else study.folder / "judgements.csv", as_of
        )
    out = check_out(args.out)
    review = check_out(args.review)
    listings = check_out(args.listings)
    if listings is not None and not args.list:
        from survey import Fault

        raise Fault("--listings", "no list", "a list to match against", "add --list LIST.csv")
    with working("looking names up", quiet=args.quiet):
        listed = _lists(args.list) if args.list else None
        judged = _judgements(args, study.folder / "judgements.csv")
        found = match_study(study, listed, judged, column=args.names, **_levels(args))
        _put_review(found, review)
        if listings is not None:
            put_table(_listings(study, found, listed), listings)
        put_table(label_synthetic(_with_heads(found, args, as_of), study.synthetic), out)
    if listed is not None:
        _tell_ages(listed, as_of, args)
    return _tell(found, args)


def _lists(words: list[str]) -> "pd.DataFrame":
    """Lists as `[ID=]FILE[@DATE]` say."""
    import pandas as pd

    from analysis import load_catalogue, read_listed
    from survey import Fault, nearest

    parts = []
    for word in words:
        named, path, taken = "", word, None
        found = re.fullmatch(r"(.+)@(\d{4}-\d\d-\d\d)", path)
        if found and not Path(path).exists():
            path, taken = found[1], day(found[2])
        if "=" in path and not Path(path).exists():
            named, path = path.split("=", 1)
            known = tuple(load_catalogue().instruments["id"])
            if named not in known:
                raise Fault(f"--list {word}", repr(named), "the id of an instrument", nearest(named, known))
        parts.append(read_listed(Path(path), named=named, taken=taken))
    return pd.concat(parts, ignore_index=True)


def _listings(study: "Study", found: "pd.DataFrame", listed: "pd.DataFrame | None") -> "pd.DataFrame":
    """Matches as listings, without those of lists that are no instrument."""
    from analysis import listings_from, load_catalogue

    rows = listings_from(found, listed)
    return rows[rows["list"].isin(load_catalogue().instruments["id"])]


def _with_owners(
    found: "pd.DataFrame",
    names: "pd.DataFrame",
    listed: "pd.DataFrame",
    judged: "pd.DataFrame | None",
    args: argparse.Namespace,
    as_of: date | None,
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """The table with names that listed owners hold, in place of `no match`; what waits for a person."""
    if not args.ownership:
        return found, found
    import pandas as pd

    from analysis import load_catalogue, read_ownership, screen_owners

    holdings, at = read_ownership(Path(args.ownership)), _needed(as_of)
    held, owners = screen_owners(
        names, listed, holdings, load_catalogue(), at, judged, **_levels(args), where=args.ownership
    )
    rest = found[~((found["outcome"] == "no match") & found["row"].isin(held["row"]))]
    whole = pd.concat([rest, held[found.columns]], ignore_index=True)
    waiting = pd.concat([found, owners], ignore_index=True).drop_duplicates(["name", "list", "entry"])
    return whole.sort_values("row", kind="stable", ignore_index=True), waiting


def _with_days(table: "pd.DataFrame", listed: "pd.DataFrame") -> "pd.DataFrame":
    """The table with `taken`, the day of the list of each hit, where a list says its day."""
    if (listed["taken"] == "").all():
        return table
    days = listed.groupby("list")["taken"].min()
    known = table["list"].map(days).fillna(days.min())  # what follows from ownership: the oldest list
    return table.assign(taken=known.where(table["list"] != "", ""))


def _ages(listed: "pd.DataFrame", as_of: date | None) -> "pd.DataFrame":
    """How old lists are; without a day looked at only of which day."""
    import pandas as pd

    from analysis import list_ages

    found = list_ages(listed, as_of or date.min)
    return found if as_of is not None else found.assign(age=pd.NA, is_old=False)


def _tell_ages(listed: "pd.DataFrame", as_of: date | None, args: argparse.Namespace) -> None:
    """Say how old the lists are."""
    if as_of is None:
        days = ", ".join(f"{name} {taken or 'of no known day'}" for name, taken in
                         listed.groupby("list")["taken"].min().items())  # fmt: skip
        say(f"note: lists taken: {days}. Say --as-of for their age.", quiet=args.quiet)
        return
    from analysis import tell_ages

    for finding in tell_ages(listed, as_of, "--list"):
        say(f"note: {finding}", quiet=args.quiet)


def _needed(as_of: date | None) -> date:
    """The day of holdings.

    Raises
    ------
    Fault
        None was given.
    """
    if as_of is None:
        from survey import Fault

        raise Fault("--as-of", "no day", "the day of the holdings", "write for example --as-of 2026-01-15")
    return as_of


def _judgements(args: argparse.Namespace, usual: Path | None = None) -> "pd.DataFrame | None":
    from analysis import read_judgements
    from survey import FileFault

    if args.judgements:
        if not Path(args.judgements).is_file():
            raise FileFault(args.judgements, "no such file", "a file of judgements", "check its name")
        return read_judgements(Path(args.judgements))
    return read_judgements(usual) if usual is not None else None


def _levels(args: argparse.Namespace) -> dict[str, float]:
    from analysis import MATCH_AT, REVIEW_AT

    match_at = MATCH_AT if args.match_at is None else args.match_at
    return {"match_at": match_at, "review_at": REVIEW_AT if args.review_at is None else args.review_at}


def _with_heads(found: "pd.DataFrame", args: argparse.Namespace, as_of: date | None) -> "pd.DataFrame":
    """The table with `head`, the head of the group of the matched entry, where holdings are given."""
    if not args.ownership:
        return found
    from analysis import group_heads, read_ownership

    heads = group_heads(read_ownership(Path(args.ownership)), _needed(as_of)).set_index("party")["head"]
    by_entry = found["entry"].map(heads)
    return found.assign(head=by_entry.fillna(found["matched_name"].map(heads)).fillna(""))


def _put_review(found: "pd.DataFrame", review: Path | None) -> None:
    if review is not None:
        from analysis import review_sheet

        put_table(review_sheet(found), review)


def _tell(found: "pd.DataFrame", args: argparse.Namespace) -> int:
    """Say how many of each outcome; 1 where something was found."""
    many = found["outcome"].value_counts()
    match, review = int(many.get("match", 0)), int(many.get("review", 0))
    say(f"{match} matches, {review} to review, {int(many.get('no match', 0))} without", quiet=args.quiet)
    caught, flags = int(many.get("caught", 0)), int(many.get("red flag", 0))
    if args.command == "screen" and args.ownership:
        say(f"{caught} caught by ownership, {flags} red flags", quiet=args.quiet)
    return int(bool(match or review or caught or flags)) if args.command == "screen" else 0


COMMANDS = {
    "screen": (
        "look names up in lists of firms: match, review or no match, with probability and reason",
        "crosspressure screen names.csv --list entity_list.csv --out hits.csv",
        _screen_options,
        _screen,
    ),
    "match": (
        "find the firms of a study among the parties of its links, and both on lists",
        "crosspressure match data/demo --names firm_name --review review.csv",
        _match_options,
        _match,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
