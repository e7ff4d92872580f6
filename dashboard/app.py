"""One web application for one Release: pages, compression, and the first HTML of each page."""

import html
import logging
import re
import secrets
from functools import partial
from pathlib import Path
from typing import Any, cast

import dash
from dash.development.base_component import Component
from flask import Flask, Request, Response, g, request

from analysis import Release, hold_release
from dashboard.access import ACCOUNT, PARTS, RELEASE, guard
from dashboard.aside import Aside
from dashboard.benchmarked import BENCHMARK_POSTS, MOST_BROUGHT, answer_benchmarks
from dashboard.between import Between
from dashboard.briefs import BRIEFS, offer_briefs
from dashboard.downloads import DOWNLOADS, offer_downloads
from dashboard.fingerprints import CHARTS, SEEN, Fingerprints
from dashboard.jobs import Turns
from dashboard.keeping import SUITES, Bundles, Kept, Nook, keep_answers
from dashboard.own import OWN_STEPS, OwnScenarios, offer_own
from dashboard.pages.benchmark import use_benchmark
from dashboard.pages.briefing import open_briefing, use_briefing
from dashboard.pages.first_answer import FirstAnswers
from dashboard.pages.frame import PAGES, failure
from dashboard.pages.method import use_method
from dashboard.pages.pressure import use_pressure
from dashboard.pages.rules import use_rules
from dashboard.pages.scenarios import use_scenarios
from dashboard.pages.suppliers import use_suppliers
from dashboard.pages.survey import use_survey
from dashboard.pages.unbroken import UNBROKEN, kept_whole
from dashboard.policy import CHART_LOOKS, content_policy
from dashboard.refusals import asked_view, say_refusals
from dashboard.selection import look_of, read_address
from dashboard.shelf import shelf_of
from dashboard.wording import say

__all__ = ["ROUTES", "make_app"]

_ASKED = frozenset([*(path for _, path in PAGES), *DOWNLOADS, *BRIEFS, OWN_STEPS])

ROUTES = _ASKED | PARTS | frozenset(BENCHMARK_POSTS)
"""Every path that is answered, as `Logged` wants them."""

_LOG = logging.getLogger("crosspressure.dashboard")

_HEAVY = "dash_ag_grid"
"""Component bundle that only the page with rows of firms uses; elsewhere its tag is left out."""

_ASSETS = Path(__file__).parent / "assets"
_RESTS = 120.0
"""Seconds that a process for scenarios of one's own stays for the next one."""

_PATHS = {path: name for name, path in PAGES}

_SCRIPT = re.compile(r'<script[^>]*src="[^"]*"[^>]*></script>')

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{scheme}">
<title>{title}</title>
{favicon}
<script src="{seen}" nonce="{nonce}"></script>
{css}
</head>
<body data-charts="{charts}" data-unbroken="{unbroken}">
{first}
<div id="react-entry-point" data-waiting="{waiting}">
<div class="page"><div class="waiting" role="status" aria-busy="true">{waiting}</div></div>
</div>
{account}
<div id="newer" role="status" data-words="{newer}" data-act="{newer_act}"></div>
<div id="unanswered" role="alert" data-words="{unanswered}"
data-signed-out="{signed_out}" data-act="{again}"></div>
<noscript><p class="state">{no_script}</p></noscript>
{config}
{scripts}
{renderer}
</body>
</html>"""


def _kept_under(asked: Request) -> str:
    return asked.path if asked.path.startswith(SUITES) else ""


_ACCOUNT = '<nav class="account" aria-label="{words}"><a href="/account?{look}">{words}</a></nav>'


class _Dashboard(dash.Dash):
    """Dash with an index of our own: language, theme and only the bundles the page uses."""

    has_firms = False
    first: FirstAnswers
    prints: Fingerprints

    def _config(self) -> dict[str, Any]:
        config = super()._config()
        config.update(dash_version_url="", python_version="", disable_version_check=True)
        return config

    def callback(self, *given: Any, **named: Any) -> Any:
        """As Dash's own; what it answers keeps dates, ranges and numbers on one line."""
        register = super().callback(*given, **named)
        return lambda answer: register(kept_whole(answer))

    def interpolate_index(
        self,
        metas: str = "",
        title: str = "",
        css: str = "",
        config: str = "",
        scripts: str = "",
        app_entry: str = "",
        favicon: str = "",
        renderer: str = "",
    ) -> str:
        """The HTML of a page; title, language and theme follow its address."""
        view, path = asked_view(), request.path
        left_out = ("dash_table",) if path == "/pressure" and self.has_firms else ("dash_table", _HEAVY)
        used = _SCRIPT.sub(
            lambda tag: "" if any(name in tag.group() for name in left_out) else tag.group(), scripts
        )
        name = _PATHS.get(path, "briefing")
        first, nonce = self.first.of(name, view) if path in _PATHS else "", secrets.token_urlsafe(16)
        g.policy = content_policy(config + used + renderer, first, nonce, CHART_LOOKS)
        return _PAGE.format(
            lang=view.lang,
            theme=view.theme,
            charts=self.prints.address(CHARTS),
            unbroken=html.escape(UNBROKEN),
            seen=self.prints.address(SEEN),
            nonce=nonce,
            first=first,
            scheme={"light": "light", "dark": "dark"}.get(view.theme, "light dark"),
            title=html.escape(f"{say(view.lang, f'page.{name}')} · {say(view.lang, 'frame.product')}"),
            account=_ACCOUNT.format(
                look=html.escape(look_of(view)), words=html.escape(say(view.lang, "signin.account_title"))
            )
            if ACCOUNT in request.environ
            else "",
            waiting=html.escape(say(view.lang, "frame.loading")),
            newer=html.escape(say(view.lang, "newer.words")),
            newer_act=html.escape(say(view.lang, "newer.act")),
            unanswered=html.escape(say(view.lang, "unanswered.words")),
            signed_out=html.escape(say(view.lang, "unanswered.signed_out")),
            again=html.escape(say(view.lang, "unanswered.act")),
            no_script=html.escape(say(view.lang, "frame.no_script")),
            favicon='<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">',
            css=self.prints.stamp(css),
            config=config,
            scripts=self.prints.stamp(used),
            renderer=renderer,
        )


def _say_failed(error: Exception) -> list[Component] | None:
    """A callback failed: its part of the page says so, the reason goes to the log and nowhere else."""
    _LOG.error("a callback failed", exc_info=error)
    g.is_failed = True
    given = (*dash.ctx.states.values(), *dash.ctx.inputs.values())
    search = next((one for one in given if isinstance(one, str) and one.startswith("?")), "")
    view = read_address(search)
    names = {name for name, _ in PAGES}
    for output in _outputs():
        page = output["id"].removesuffix("-page")
        if page in names:
            dash.set_props(output["id"], {"children": failure(view, page)})
            return None
    parts = [output["property"] for output in _outputs()]
    return failure(view) if parts == ["children"] else None


def _outputs() -> list[dict[str, Any]]:
    listed = dash.ctx.outputs_list
    return listed if isinstance(listed, list) else [listed]


def make_app(of: Release | Path | str, kept: Kept | None = None, between: Between | None = None) -> dash.Dash:
    """The application for a Release or its folder; `.server` is its WSGI application.

    Parameters
    ----------
    of : Release or path
    kept : Kept, optional
        Where answers are kept, those of earlier Releases too.
    between : Between, optional
        Where what took long is kept for other workers, of earlier Releases too.

    Raises
    ------
    survey.FileFault
        The folder is no Release, or its files do not fit its manifest.
    """
    release = of if isinstance(of, Release) else hold_release(of)
    shelf, kept = shelf_of(release), kept or Kept()
    nook = Nook(kept, release.checksum, release.audience)
    server = Flask("dashboard", static_folder=None)
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=6,
        COMPRESS_CACHE_BACKEND=lambda: Bundles(kept),
        COMPRESS_CACHE_KEY=_kept_under,
        SEND_FILE_MAX_AGE_DEFAULT=0,
    )
    app = _Dashboard(
        "dashboard",
        server=cast(Any, server),
        use_pages=True,
        pages_folder="",
        assets_folder=str(_ASSETS),
        assets_ignore="plotly-|^seen",
        suppress_callback_exceptions=True,
        serve_locally=True,
        compress=True,
        include_pages_meta=False,
        update_title="",
        title=say("en", "frame.product"),
        add_log_handler=False,
        enable_mcp=False,
        on_error=_say_failed,
    )
    app.has_firms = shelf.has_firms and len(shelf.firms) > 0
    app.prints = Fingerprints(_ASSETS)
    app.first = FirstAnswers({"briefing": kept_whole(partial(open_briefing, shelf))}, nook)
    use_briefing(app, shelf)
    use_pressure(app, shelf)
    use_survey(app, shelf)
    use_suppliers(app, shelf)
    use_rules(app, shelf)
    own = OwnScenarios(shelf, release.checksum, between, Aside(_RESTS))
    use_scenarios(app, shelf, own)
    use_benchmark(app, shelf)
    use_method(app, shelf)
    offer_downloads(server, shelf, release, own)
    answer_benchmarks(server, shelf, release)
    turns = Turns()
    offer_briefs(server, shelf, nook, turns)
    offer_own(server, own, turns)
    say_refusals(server, dash.exceptions.DependencyException)
    brought = dict.fromkeys(BENCHMARK_POSTS, MOST_BROUGHT)
    guard(
        server,
        _ASKED,
        brought,
        app.callback_map,
    )
    keep_answers(server, nook)
    app.prints.keep_long(server)

    @server.after_request
    def say_which(answer: Response) -> Response:
        answer.headers[RELEASE] = release.checksum[:16]
        return answer

    return app
