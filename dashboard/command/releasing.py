"""`build` and `serve`: finished numbers for each audience, and a browser that shows them."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_as_of, add_settings, add_study, day, names, open_study
from dashboard.command.refusing import refusal_told
from dashboard.command.saying import say, working
from dashboard.command.withholding import withheld_lines

if TYPE_CHECKING:
    from dashboard.signin.provider_settings import ProviderSettings
    from dashboard.signin.settings import Admission

__all__ = ["COMMANDS", "check_port", "serve_release"]


def check_port(host: str, number: int) -> None:
    """See that nobody listens at this address, before any work is done.

    Raises
    ------
    Fault
        The port is in use, needs more rights, or the host is none of this machine's addresses.
    """
    import socket

    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform != "win32":  # there the option lets two programs share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        from survey import Fault

        other = number + 1 if number < 65535 else 8050
        raise Fault(
            f"--host {host} --port {number}",
            (error.strerror or str(error)).lower(),
            "an address of this machine at which nobody listens",
            f"stop what listens there, or name another port: --port {other}",
        ) from None


def serve_release(
    folder: Path | None,
    number: int,
    *,
    host: str = "127.0.0.1",
    workers: int = 1,
    admission: "Admission | None" = None,
    log: str = "faults",
    is_shown: bool = False,
) -> int:
    """Check a Release, serve it until stopped, and print its address once it answers.

    Raises
    ------
    Fault
        The port is in use, the folder is no Release, or an internal Release would leave this machine.
    """
    from dashboard.serving import run

    def tell(address: str) -> None:
        sys.stdout.write(address + "\n")
        sys.stdout.flush()
        if is_shown and _has_screen():
            import threading
            import webbrowser

            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    run(folder, host, number, workers, admission=admission, log=log, when_ready=tell)
    return 0


def _has_screen() -> bool:
    """Whether a browser could show a window here; without one, a text browser would take the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _build_options(parser: argparse.ArgumentParser) -> None:
    """Options of `build`."""
    add_study(parser)
    parser.add_argument(
        "--audience",
        metavar="A,..",
        action="append",
        help="internal, members, public (default: all the study declares)",
    )
    add_as_of(parser)
    parser.add_argument(
        "--out", metavar="DIR", help="folder of the Releases (default: data/built/<study id>)"
    )


def _serve_options(parser: argparse.ArgumentParser) -> None:
    """Options of `serve`."""
    parser.add_argument(
        "release",
        metavar="RELEASE",
        nargs="?",
        help="folder of one Release, such as data/built/demo/internal (without it: how to get one)",
    )
    add_settings(parser, "host", "port", "workers", "log")
    access = parser.add_argument_group("sign-in, without which an internal Release stays on this machine")
    add_settings(access, "accounts", "certificate", "key", "proxy", "user_header", "oidc")


def _build(args: argparse.Namespace) -> int:
    """Write one folder for each audience."""
    from analysis import read_release, write_release

    as_of = day(args.as_of)
    study = open_study(args.study)
    out = Path(args.out) if args.out else Path("data") / "built" / study.id
    with working(f"building {study.id}", quiet=args.quiet), refusal_told(study.languages):
        folders = write_release(study, out, names(args.audience), as_of=as_of)
    for folder in folders:
        say(f"{folder} is written.", quiet=args.quiet)
        held = read_release(folder).manifest.get("held_back")
        if held:
            who = "1 firm" if len(held) == 1 else f"{len(held)} firms"
            wait = "the others' Releases are without them until there are enough to be told together"
            say(f"{who} answered since the last release: {wait}.", quiet=args.quiet)
    for line in withheld_lines([read_release(folder) for folder in folders], study.languages):
        say(line, quiet=args.quiet)
    return 0


def _serve(args: argparse.Namespace) -> int:
    """Serve one Release."""
    from dashboard.serving import is_loopback
    from dashboard.settled import read_settings
    from dashboard.signin.settings import admission_of

    held = read_settings(vars(args))
    told = {name: str(one.value) for name, one in held.items()}
    number, workers = int(held["port"].value), int(held["workers"].value)
    admission = admission_of(
        told["accounts"],
        certificate=told["certificate"],
        key=told["key"],
        proxy=told["proxy"],
        header=told["user_header"],
        oidc=told["oidc"],
        is_loopback=is_loopback(told["host"]),
    )
    check_port(told["host"], number)
    if admission is not None and admission.provider is not None:
        _try_provider(admission.provider, quiet=args.quiet)
    folder = Path(told["release"]) if told["release"] else None
    _say_start(folder, quiet=args.quiet)
    return serve_release(
        folder, number, host=told["host"], workers=workers, admission=admission, log=told["log"]
    )


def _try_provider(settings: "ProviderSettings", *, quiet: bool) -> None:
    """Ask the provider once: what is wrong is said at the start, and sessions that run go on without it."""
    from dashboard.signin.provider import Provider
    from dashboard.signin.provider_settings import ProviderFault

    provider = Provider(settings)
    try:
        provider.said()
    except ProviderFault as fault:
        say(f"Nobody can sign in until this is mended. {fault.where}: {fault.found}", quiet=quiet)
        say(f"  expected: {fault.expected}; do this: {fault.do}", quiet=quiet)


def _say_start(folder: Path | None, *, quiet: bool) -> None:
    """Where there is no Release to show: how to get one, and which lie near."""
    from dashboard.serving import holds_none, releases_near

    if folder is not None and not holds_none(folder):
        return
    say("There is no Release to show yet: the page at this address says how to get one.", quiet=quiet)
    for what, command in (("the demonstration", "demo"), ("your own study", "build STUDY")):
        say(f"  {what}: crosspressure {command}", quiet=quiet)
    for near in releases_near():
        say(f"  lies here: crosspressure serve {near}", quiet=quiet)
    if folder is not None:
        say(f"It is shown as soon as it is written to {folder}.", quiet=quiet)


COMMANDS = {
    "build": (
        "compute a study and write one Release for each audience",
        "crosspressure build data/demo --audience internal,public --out built",
        _build_options,
        _build,
    ),
    "serve": (
        "show a Release in the browser",
        "crosspressure serve data/built/demo/public --port 8051",
        _serve_options,
        _serve,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
