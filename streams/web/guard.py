"""Who may ask the page for what: rules without I/O, which `server` applies to every request.

- A page of another site cannot read ours through a name that it points at this machine (DNS rebinding), since only
  addresses, localhost and the names that were set are answered to.
- Nothing is done on behalf of a browser without being meant: a change needs the token in a header, which no other
  site can send, and there are no cookies.
- Scripts and styles come from files of ours alone, so that a title or a name that holds markup stays text.
"""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING, Final

from streams.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Collection

    from streams.settings import MonitorSettings

__all__ = ["HEADERS", "check_bind", "is_known_host", "is_loopback", "is_own_origin", "is_token", "known_names"]

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Server": "wasl",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer carries."""

_BEARER: Final = "bearer "


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_bind(monitor: MonitorSettings, *, allow_open: bool) -> None:
    """See that the page does not leave this machine without a token.

    Args:
        monitor: Where it is to listen.
        allow_open: Whether it may all the same.

    Raises:
        SettingsError: It would.
    """
    if is_loopback(monitor.host) or monitor.token != "" or allow_open:
        return
    raise SettingsError(
        f"The monitor page would listen on {monitor.host}, where others can read every article, without a token.",
        remedy="Set WASL_MONITOR_TOKEN, listen on 127.0.0.1, or say --open where everybody may read it.",
    )


def known_names(monitor: MonitorSettings) -> frozenset[str]:
    """Return the host names under which the page may be asked for."""
    own = {name.strip().lower().rstrip(".") for name in monitor.names.split(",")}
    return frozenset(own - {""}) | {"localhost"}


def is_known_host(header: str | None, names: Collection[str]) -> bool:
    """Return whether a ``Host`` header names this page: an address, or one of ``names``.

    An address is always taken: what an attacker can point at this machine is a name.
    """
    if header is None:
        return False
    host = _host(header)
    if host in names:
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_own_origin(origin: str | None, site: str | None, host: str | None) -> bool:
    """Return whether a request comes from the page itself, or from no page at all.

    Args:
        origin: Its ``Origin`` header.
        site: Its ``Sec-Fetch-Site`` header.
        host: Its ``Host`` header.
    """
    if site is not None and site not in {"same-origin", "none"}:
        return False
    if origin is None:
        return True
    scheme, _, rest = origin.partition("://")
    return scheme in {"http", "https"} and host is not None and rest.lower() == host.lower()


def is_token(authorization: str | None, token: str) -> bool:
    """Return whether an ``Authorization`` header carries the token; it takes as long wherever they differ.

    Args:
        authorization: The header.
        token: The token; where it is empty nothing is right.
    """
    if authorization is None or token == "" or not authorization.lower().startswith(_BEARER):
        return False
    given = authorization[len(_BEARER) :].strip()
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def _host(header: str) -> str:
    text = header.strip().lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.rpartition(":")[0].rstrip(".") if text.count(":") == 1 else text.rstrip(".")
