"""`build` and `serve`: finished numbers for each audience, and a browser that shows them."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_as_of, add_study, day, names, open_study
from dashboard.command.refusing import refusal_told
from dashboard.command.saying import say, working
from dashboard.command.withholding import withheld_lines

if TYPE_CHECKING:
    from dashboard.signin.provider_settings import ProviderSettings
    from dashboard.signin.settings import Admission

__all__ = ["COMMANDS", "check_port", "port", "serve_release"]


def port(text: str) -> int:
    """A port number, for argparse."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a whole number from 1 to 65535")
    return int(text)


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

    run(folder, host, number, workers, admission=admission, when_ready=tell)
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
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", type=port, default=8050, help="port to listen at (default: 8050)")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes that answer (default: 1)"
    )
    access = parser.add_argument_group("sign-in, without which an internal Release stays on this machine")
    access.add_argument(
        "--accounts",
        metavar="PLACE",
        default=os.environ.get("CROSSPRESSURE_ACCOUNTS", ""),
        help="file or postgresql:// address of accounts (default: CROSSPRESSURE_ACCOUNTS)",
    )
    access.add_argument("--certificate", metavar="FILE", default="", help="certificate of HTTPS, PEM")
    access.add_argument("--key", metavar="FILE", default="", help="its private key, PEM")
    access.add_argument(
        "--proxy",
        metavar="A,..",
        default="",
        help="addresses of the proxy in front, which speaks HTTPS; nobody else is answered",
    )
    access.add_argument(
        "--user-header", metavar="NAME", default="", help="header in which that proxy names the account"
    )
    access.add_argument(
        "--oidc",
        metavar="FILE",
        default="",
        help="TOML of a provider of OpenID Connect that vouches for people, in the place of passwords",
    )


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
    if args.workers < 1:
        from survey import Fault

        raise Fault("--workers", str(args.workers), "1 or more", "leave it out for one")
    from dashboard.serving import is_loopback
    from dashboard.signin.settings import admission_of

    admission = admission_of(
        args.accounts,
        certificate=args.certificate,
        key=args.key,
        proxy=args.proxy,
        header=args.user_header,
        oidc=args.oidc,
        is_loopback=is_loopback(args.host),
    )
    check_port(args.host, args.port)
    if admission is not None and admission.provider is not None:
        _try_provider(admission.provider, quiet=args.quiet)
    folder = Path(args.release) if args.release else None
    _say_start(folder, quiet=args.quiet)
    return serve_release(folder, args.port, host=args.host, workers=args.workers, admission=admission)


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
