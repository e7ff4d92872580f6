"""What a proxy in front may say of a request: where it came from, and whose it is."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from werkzeug.wrappers import Request

from survey import Fault

__all__ = ["Proxy", "proxy_of"]

_FORWARDED = "X-Forwarded-For"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is believed; from anybody else its headers are not read.

    Attributes
    ----------
    networks : tuple of networks
        Where it stands.
    header : str
        Header in which it names the account, or "" where people sign in here.
    """

    networks: tuple[IPv4Network | IPv6Network, ...]
    header: str = ""

    def place(self, asked: Request) -> str:
        """Network address a request came from: the last one that no believed proxy has."""
        there = asked.remote_addr or ""
        told = [one.strip() for one in asked.headers.get(_FORWARDED, "").split(",") if one.strip()]
        while told and self.is_believed(there):
            there = told.pop()
        return there[:64]

    def name(self, asked: Request) -> str:
        """The account a request is said to be of; "" where nobody believed says so."""
        if not self.header or not self.is_believed(asked.remote_addr or ""):
            return ""
        return asked.headers.get(self.header, "")

    def is_believed(self, address: str) -> bool:
        """Whether a request from an address is the proxy's."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.networks)


def proxy_of(networks: str, header: str = "") -> Proxy:
    """A proxy from options of the command.

    Parameters
    ----------
    networks : str
        Addresses or networks, separated by commas: `127.0.0.1,10.1.0.0/24`.
    header : str

    Raises
    ------
    Fault
        One of them is no address or network, or holds every address there is; or a header without a proxy.
    """
    found = []
    for part in filter(None, (one.strip() for one in networks.split(","))):
        try:
            network = ip_network(part)
        except ValueError:
            raise Fault(
                "--proxy", repr(part), "an address or a network such as 10.1.0.0/24", "correct it"
            ) from None
        if network.prefixlen == 0:
            raise Fault(
                "--proxy", part, "the proxy's own address", "whoever is believed may name any account"
            )
        found.append(network)
    if header and not found:
        raise Fault(
            f"--user-header {header}", "no --proxy", "the address of the proxy that sets it", "add --proxy"
        )
    return Proxy(tuple(found), header)
