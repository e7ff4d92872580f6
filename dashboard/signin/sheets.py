"""The gate's pages as HTML: a heading, a form, what went wrong."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

from dashboard.selection import View, look_of
from dashboard.signin.passwords import FEWEST_LETTERS
from dashboard.signin.people import Account
from dashboard.wording import LANGUAGES, say

__all__ = ["account_sheet", "provider_sheet", "sign_in_sheet", "welcome_sheet"]

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head><meta charset="utf-8"><title>{title} · {product}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{scheme}">
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/look.css"><link rel="stylesheet" href="/assets/start.css"></head>
<body><div class="sheet gate">
<header class="top"><p class="brand">{product}</p><div class="switches">{languages}</div></header>
<main id="content"><h1>{title}</h1>{wrong}{body}</main></div></body></html>"""


def sign_in_sheet(view: View, mark: str, way: str, wrong: str = "") -> str:
    """The page to sign in.

    Parameters
    ----------
    mark : str
        What shows that the form came from here.
    way : str
        Path to go on to.
    wrong : str
        Why the last try was refused; "" at first.
    """
    lang = view.lang
    body = "".join(
        [
            '<form method="post" class="gate-form">',
            _hidden("mark", mark),
            _hidden("next", way),
            _field(lang, "name", "username", "text"),
            _field(lang, "password", "current-password", "password"),
            _button(say(lang, "signin.go")),
            f'</form><p class="quiet">{escape(say(lang, "signin.forgotten"))}</p>',
        ]
    )
    return _page(view, say(lang, "signin.title"), body, wrong, f"/sign-in?next={_quoted(way)}&")


def provider_sheet(view: View, way: str, wrong: str = "", out: str = "") -> str:
    """The page that leads to the provider.

    Parameters
    ----------
    way : str
        Path to go on to.
    wrong : str
        Why the last try was refused; "" at first.
    out : str
        Address at which somebody who signed out here, or was refused, signs out there too; "" for none.
    """
    lang = view.lang
    parts = [f'<p class="sentence">{escape(say(lang, "signin.provider_lead"))}</p>']
    if out and not wrong:
        parts = [f'<p class="sentence">{escape(say(lang, "signin.provider_out_lead"))}</p>']
    if out:
        words = say(lang, "signin.provider_other" if wrong else "signin.provider_out")
        parts.append(f'<p><a href="{escape(out)}">{escape(words)}</a></p>')
    there = f"/sign-in/start?{look_of(view)}&next={_quoted(way)}"
    parts.append(
        f'<p><a class="gate-go" href="{escape(there)}">{escape(say(lang, "signin.provider_go"))}</a></p>'
    )
    return _page(view, say(lang, "signin.title"), "".join(parts), wrong, f"/sign-in?next={_quoted(way)}&")


def welcome_sheet(view: View, mark: str, account: Account | None, wrong: str = "") -> str:
    """The page that opens an account, or sets its password anew; without an account only why not."""
    lang = view.lang
    if account is None:
        look = escape(look_of(view))
        way = f'<p><a href="/sign-in?{look}">{escape(say(lang, "signin.have_one"))}</a></p>'
        return _page(view, say(lang, "signin.welcome_title"), way, wrong, "?")
    lead = say(lang, "signin.welcome_lead", name=account.name, role=say(lang, f"signin.role_{account.role}"))
    body = "".join(
        [
            f'<p class="sentence">{escape(lead)}</p><form method="post" class="gate-form">',
            _hidden("mark", mark),
            f'<input type="hidden" name="name" autocomplete="username" value="{escape(account.name)}">',
            _field(lang, "password", "new-password", "password", note="signin.rule"),
            _field(lang, "again", "new-password", "password"),
            _button(say(lang, "signin.open")),
            "</form>",
        ]
    )
    return _page(view, say(lang, "signin.welcome_title"), body, wrong, "?")


def account_sheet(view: View, mark: str, account: Account, sessions: Sequence[dict[str, Any]]) -> str:
    """Who is signed in, from where, and the ways out."""
    lang, look = view.lang, escape(look_of(view))
    lead = say(lang, "signin.account_lead", name=account.name, role=say(lang, f"signin.role_{account.role}"))
    head = "".join(
        f'<th scope="col">{escape(say(lang, f"signin.{key}"))}</th>' for key in ("began", "seen", "place")
    )
    lines = "".join(
        f"<tr><td>{_time(row['began'])}</td><td>{_time(row['seen'])}</td>"
        f'<td class="place">{escape(str(row["place"]))}</td></tr>'
        for row in sessions
    )
    body = "".join(
        [
            f'<p class="sentence">{escape(lead)}</p>',
            f'<p><a href="/?{look}">{escape(say(lang, "frame.go_briefing"))}</a></p>',
            f"<h2>{escape(say(lang, 'signin.sessions', many=len(sessions)))}</h2>",
            f'<div class="table-wrap"><table class="plain"><thead><tr>{head}</tr></thead>',
            f"<tbody>{lines}</tbody></table></div>",
            *(
                f'<form method="post" action="{way}?{look}" class="gate-form">{_hidden("mark", mark)}'
                f"{_button(say(lang, key))}</form>"
                for way, key in (("/sign-out", "signin.out"), ("/account", "signin.end_all"))
            ),
        ]
    )
    return _page(view, say(lang, "signin.account_title"), body, "", "/account?")


def _page(view: View, title: str, body: str, wrong: str, way: str) -> str:
    lang = view.lang
    told = f'<p class="gate-wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    languages = "".join(
        f'<a href="{escape(way)}lang={code}&amp;theme={view.theme}" lang="{code}"'
        f"{' class=chosen aria-current=true' if code == lang else ''}>"
        f"{escape(say(code, 'language.name'))}</a>"
        for code in LANGUAGES
    )
    group = escape(say(lang, "language.switch"))
    return _PAGE.format(
        lang=lang,
        theme=view.theme,
        scheme={"light": "light", "dark": "dark"}.get(view.theme, "light dark"),
        product=escape(say(lang, "frame.product")),
        title=escape(title),
        languages=f'<div class="switch" role="group" aria-label="{group}">{languages}</div>',
        wrong=told,
        body=body,
    )


def _field(lang: str, name: str, fill: str, kind: str, note: str = "") -> str:
    label = escape(say(lang, f"signin.{name}"))
    told = (
        f'<span class="quiet" id="note-{name}">{escape(say(lang, note, fewest=FEWEST_LETTERS))}</span>'
        if note
        else ""
    )
    by = f' aria-describedby="note-{name}"' if note else ""
    return (
        f'<label class="gate-field"><span>{label}</span><input type="{kind}" name="{name}" required '
        f'autocomplete="{fill}" autocapitalize="none" spellcheck="false" maxlength="200"{by}>{told}</label>'
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _button(words: str) -> str:
    return f'<button type="submit">{escape(words)}</button>'


def _quoted(way: str) -> str:
    return quote(way, safe="")


def _time(seconds: object) -> str:
    """Day and time, which a narrow screen puts on two lines and does not break elsewhere."""
    when = datetime.fromtimestamp(float(str(seconds)), UTC)
    return f'<span class="whole">{when:%Y-%m-%d}</span> <span class="whole">{when:%H:%M} UTC</span>'
