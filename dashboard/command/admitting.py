"""`account`: who may sign in to a server, with which role, and what they did."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_out, add_settings
from dashboard.command.outputs import check_out, put_table
from dashboard.command.saying import say

if TYPE_CHECKING:
    from dashboard.settings import Held
    from dashboard.signin.store import Store

__all__ = ["COMMANDS"]


def _account_options(parser: argparse.ArgumentParser) -> None:
    """Options of `account`."""
    parser.add_argument(
        "accounts",
        metavar="PLACE",
        nargs="?",
        help="file of accounts, made with the first invitation, or postgresql://user@host/database; "
        "without it, the setting `accounts`",
    )
    one = parser.add_mutually_exclusive_group()
    one.add_argument(
        "--invite",
        metavar="NAME",
        help="a new account; prints where its password is set, or, with a provider, where to sign in",
    )
    one.add_argument("--reset", metavar="NAME", help="take a password and its sessions away; prints the same")
    one.add_argument("--change", metavar="NAME", help="give an account the role of --role")
    one.add_argument("--close", metavar="NAME", help="end an account for good")
    one.add_argument("--sign-out", metavar="NAME", help="end all sessions of an account")
    one.add_argument(
        "--trail", action="store_true", help="what was done, by whom, when; 1 where it was changed"
    )
    one.add_argument("--backup", metavar="FILE", help="write a whole copy of a file of accounts")
    parser.add_argument("--role", metavar="ROLE", default="", help="viewer or analyst (default: viewer)")
    parser.add_argument(
        "--head", metavar="HASH", default="", help="hash of a row that must be in the trail; beside --trail"
    )
    add_settings(parser, "address", "oidc", "user_header")
    add_out(parser, "a table .csv or .json; without it, CSV on stdout")


def _account(args: argparse.Namespace) -> int:
    """Change accounts, or print them, or the trail."""
    from dashboard.settled import read_settings
    from dashboard.signin.accounts import Accounts, plain_name
    from dashboard.signin.sessions import Sessions
    from dashboard.signin.store import open_store
    from survey import Fault

    out = check_out(args.out, (".csv", ".json"))
    _check_beside(args)
    held = read_settings(vars(args))
    place = str(held["accounts"].value)
    if not place:
        raise Fault("PLACE", "nothing", "a file or address of accounts", "name it, or set `accounts`")
    voucher, address = _voucher(held)
    store = open_store(place, is_new=bool(args.invite))
    accounts = Accounts(store)
    if args.invite or args.reset:
        if args.invite:
            ticket = accounts.invite(args.invite, args.role or "viewer", has_password=not voucher)
        else:
            ticket = accounts.reset(args.reset, has_password=not voucher)
        _say_where(ticket, args.invite or args.reset, voucher, address)
        return 0
    if args.change:
        accounts.change_role(args.change, args.role)
    elif args.close:
        accounts.close(args.close)
    elif args.sign_out:
        accounts.must_be(args.sign_out)
        many = Sessions(store).end_of(plain_name(args.sign_out))
        say(f"{many} sessions are ended.", quiet=args.quiet)
    elif args.backup:
        store.backup(Path(args.backup))
        say(f"{args.backup} is written.", quiet=args.quiet)
    elif args.trail:
        return _trail(args, store, out)
    _print_accounts(accounts.listed(), out)
    return 0


def _voucher(held: Mapping[str, "Held"]) -> tuple[str, str]:
    """Who vouches for people in the place of passwords, "" for nobody; and where people reach the server."""
    from dashboard.signin.provider_settings import read_provider

    if held["oidc"].value:
        provider = read_provider(str(held["oidc"].value))
        return f"the provider {provider.issuer}", provider.address
    header = held["user_header"].value
    return f"the proxy that sets {header}" if header else "", str(held["address"].value)


def _say_where(ticket: str, name: str, voucher: str, address: str) -> None:
    """Where a password is set, or that none is."""
    way = address.rstrip("/")
    if voucher:
        say(f"No password is set: {voucher} says who asks. {name} signs in at this address:", quiet=False)
        say(f"{way}/", quiet=False)
    else:
        say(
            "The password is set at this address, once, within 72 hours. Give it to nobody else:", quiet=False
        )
        say(f"{way}/welcome/{ticket}", quiet=False)


def _check_beside(args: argparse.Namespace) -> None:
    from survey import Fault

    if args.role and not (args.invite or args.change):
        raise Fault("--role", "neither --invite nor --change", "one of them", "say whose role it is")
    if args.change and not args.role:
        raise Fault(f"--change {args.change}", "no --role", "viewer or analyst", "add --role")
    if args.head and not args.trail:
        raise Fault("--head", "no --trail", "--trail beside it", "add --trail")


def _print_accounts(rows: list[dict[str, object]], out: Path | None) -> None:
    import pandas as pd

    put_table(pd.DataFrame(rows, columns=["name", "role", "state", "sessions"]), out)


def _trail(args: argparse.Namespace, store: "Store", out: Path | None) -> int:
    """The trail as a table; 1 where it is not what was written."""
    import pandas as pd

    from dashboard.signin.trail import check_trail, trail_rows

    rows = trail_rows(store)
    columns = ["number", "at", "who", "act", "about", "place", "hash"]
    put_table(pd.DataFrame(rows, columns=columns), out)
    broken = check_trail(store, args.head)
    if broken is not None:
        say(f"No. {broken.number} of the trail: {broken.found}.", quiet=args.quiet)
        return 1
    day = datetime.now(UTC).date().isoformat()
    last = str(rows[-1]["hash"]) if rows else "none"
    say(f"{len(rows)} rows hold together on {day}; keep the last hash elsewhere: {last}", quiet=args.quiet)
    return 0


COMMANDS = {
    "account": (
        "who may sign in to `serve`, with which role, and what they did",
        "crosspressure account accounts.db --invite kato@example.org --role analyst",
        _account_options,
        _account,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
