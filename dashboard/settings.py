"""What can be set of a server: each setting once, with its flag, variable, default, and what it is."""

from dataclasses import dataclass

__all__ = ["FILE", "NAMED", "PREFIX", "SETTINGS", "Held", "Setting", "has_password", "shown_place"]

FILE = "crosspressure.toml"
"""Name of the file of settings, in the current folder."""

PREFIX = "CROSSPRESSURE_"
NAMED = f"{PREFIX}SETTINGS"
"""Variable that names another file of settings."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set.

    Attributes
    ----------
    name : str
        Its key in the file; the flag and the variable are made of it.
    default : str or int
    words : str
        What it is.
    kind : str
        `text`, `number`, `names` (several, with commas, or a list in the file), `path`, `place` (a path, or
        an address that may hold a password), `secret`, or words to choose from, with `|` between.
    most : int
        Of a number, which is 1 at least.
    metavar : str
        What stands for the value in the help.
    flag : str
        "" where there is none, as for secrets, which others would see among the processes.
    """

    name: str
    default: str | int
    words: str
    kind: str = "text"
    most: int = 0
    metavar: str = "X"
    flag: str = "-"

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """Its flag, "" where there is none."""
        return "--" + self.name.replace("_", "-") if self.flag == "-" else self.flag


SETTINGS = {
    one.name: one
    for one in (
        Setting("release", "", "folder of the Release to serve", "path", flag="RELEASE"),
        Setting("host", "127.0.0.1", "address to listen at", metavar="HOST"),
        Setting("port", 8050, "port to listen at", "number", 65535, "N"),
        Setting("workers", 1, "processes that answer", "number", 64, "N"),
        Setting(
            "accounts", "", "file or postgresql:// address of accounts: who may sign in", "place", 0, "PLACE"
        ),
        Setting("certificate", "", "certificate of HTTPS, PEM", "path", metavar="FILE"),
        Setting("key", "", "its private key, PEM", "path", metavar="FILE"),
        Setting(
            "proxy", "", "addresses of the proxy in front, which speaks HTTPS; nobody else is answered",
            "names", metavar="A,..",
        ),
        Setting("user_header", "", "header in which that proxy names the account", metavar="NAME"),
        Setting(
            "oidc", "", "TOML of a provider of OpenID Connect that vouches for people; no passwords then",
            "path", metavar="FILE",
        ),
        Setting("oidc_secret", "", "secret of this server at that provider", "secret", flag=""),
        Setting(
            "address", "http://127.0.0.1:8050", "where people reach the server; invitations begin with it",
            metavar="URL",
        ),
        Setting(
            "log", "faults", "what goes to stderr: what went wrong, or a line of JSON for each request too",
            "faults|json", metavar="FORM",
        ),
        Setting("browser", "", "program that prints PDF, where it is not found by itself", flag=""),
    )
}  # fmt: skip
"""Every setting, by name, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Held:
    """A setting as it is.

    Attributes
    ----------
    setting : Setting
    value : str or int
    origin : str
        `flag --host`, a variable, a line of the file, or `default`.
    """

    setting: Setting
    value: str | int
    origin: str

    @property
    def shown(self) -> str:
        """The value for eyes: without passwords and secrets."""
        text = str(self.value)
        if self.setting.kind == "secret":
            return "set" if text else ""
        if self.setting.kind == "place":
            return shown_place(text)
        return text


def shown_place(text: str) -> str:
    """A file as it is, an address without its password and without what stands behind `?`.

    Of an address in which a password may stand where it is not looked for, its beginning alone.
    """
    scheme, is_address, rest = text.partition("://")
    if not is_address:
        return text.partition("password=")[0] + "…" if "password=" in text else text
    who, at, where = rest.rpartition("@")
    if set(who) & set("/?#"):
        return f"{scheme}://…"
    return f"{scheme}://{who.partition(':')[0]}{at}{where.partition('?')[0].partition('#')[0]}"


def has_password(text: str) -> bool:
    """Whether an address holds a password."""
    _, is_address, rest = text.partition("://")
    return bool(is_address) and (":" in rest.rpartition("@")[0] or "password" in rest.partition("?")[2])
