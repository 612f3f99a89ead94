"""Probes of a TCP port of another machine, and of ports of this one that must be free.

`tcp: host:port` and `free: [ports]`. What every probe over the network needs is here, too: which
fault an error stands for.
"""

from __future__ import annotations

import errno
import socket
import ssl
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from presenter.live.findings import Finding, Limit, fails, holds, unknown
from presenter.talk.fallback import Fault

MOST_PORTS = 64
_EACH_ADDRESS = 0.8
"""Seconds for each address of a host: one that is dead must leave time for the next."""
_NO_ROUTE = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN))
_LISTENS = "0A"


def fault_of(error: BaseException) -> tuple[Fault, str]:
    """Which fault of the link an exception of a client stands for, and how to say it."""
    silent = False
    for each in _causes(error):
        if isinstance(each, socket.gaierror):
            return Fault.NO_ROUTE, "its name is not known here"
        if isinstance(each, ssl.SSLCertVerificationError):
            return Fault.PORTAL, _certificate(each)
        if isinstance(each, zlib.error):
            return Fault.REFUSED, "its body is not packed as it says"
        if isinstance(each, ssl.SSLError):
            return Fault.REFUSED, "no TLS is spoken there"
        if isinstance(each, ConnectionRefusedError):
            return Fault.REFUSED, "connection refused"
        if isinstance(each, OSError) and each.errno in _NO_ROUTE:
            return Fault.NO_ROUTE, "no route to it"
        silent = silent or isinstance(each, TimeoutError) or "Timeout" in type(each).__name__
    return (Fault.SILENT, "no answer") if silent else (Fault.REFUSED, "the connection broke")


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    """What is wrong with it, as OpenSSL says it."""
    reason = str(getattr(error, "verify_message", None) or "").rstrip(".")
    return f"the certificate is not the right one: {reason}".rstrip(": ")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it, which clients wrap in different ways; the outermost first."""
    seen: set[int] = set()
    waiting = [error]
    while waiting and len(seen) < 20:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        waiting += [cause for cause in inner if isinstance(cause, BaseException)]


def leads_away(url: str, location: str) -> bool:
    """Whether a redirect leads to another host, as login pages of networks do."""
    try:
        host = urlsplit(location).hostname
    except ValueError:
        return True
    return host is not None and host != urlsplit(url).hostname


def is_html(content_type: str, body: bytes = b"") -> bool:
    return "html" in content_type.lower() or body.lstrip()[:9].lower().startswith(
        (b"<!doctype", b"<html")
    )


def endpoint_of(target: object) -> tuple[str, int] | None:
    """The host and the port of `host:port`, None where it is not of that form."""
    host, _, port = str(target).rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        return None
    return host, int(port)


def look_tcp(target: object, limit: Limit) -> Finding:
    """Whether something at `host:port` takes a connection."""
    found = endpoint_of(target)
    if found is None:
        return unknown(f"`tcp: {target}` is not of the form host:port")
    limit.contact(str(target))
    error: OSError = TimeoutError()
    try:
        addresses = socket.getaddrinfo(*found, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in addresses:
            if limit.is_over:
                break
            with socket.socket(family, kind, protocol) as client:
                client.settimeout(limit.left(_EACH_ADDRESS))
                try:
                    client.connect(address)
                except OSError as reason:
                    error = reason
                else:
                    return holds(f"{target}: open")
    except (OSError, UnicodeError) as reason:
        error = reason if isinstance(reason, OSError) else socket.gaierror()
    fault, words = fault_of(error)
    return fails(f"{target}: {words}", fault)


def look_free(ports: object, limit: Limit) -> Finding:
    """Whether all of the ports can be listened on here."""
    wanted = ports if isinstance(ports, list) else [ports]
    numbers = [int(each) for each in map(str, wanted) if each.isdecimal() and 0 < int(each) < 65536]
    if not numbers or len(numbers) != len(wanted) or len(numbers) > MOST_PORTS:
        return unknown(f"`free: {ports}` is not a list of ports")
    for number in numbers:
        trouble = _trouble_of(number)
        if trouble == errno.EACCES:
            return unknown(f"port {number}: only the system's user may listen there")
        if trouble:
            return fails(f"port {number} is in use{_holder(number, limit)}")
    return holds(f"{'port' if len(numbers) == 1 else 'ports'} {_listed(numbers)} free")


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _trouble_of(port: int) -> int:
    """The error of binding a port on loopback and on all addresses, 0 where it is free."""
    for family, host in (
        (socket.AF_INET, "127.0.0.1"),
        (socket.AF_INET, ""),
        (socket.AF_INET6, "::1"),
    ):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as server:
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                server.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return error.errno
    return 0


def _holder(port: int, limit: Limit) -> str:
    """Who listens on a port, where the system tells (Linux does)."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    for link in Path("/proc").glob("[0-9]*/fd/*") if sockets else ():
        if limit.is_over:
            break
        try:
            if str(link.readlink()) in sockets:
                process = link.parent.parent
                return f" by {(process / 'comm').read_text('utf-8').strip()} ({process.name})"
        except OSError:
            continue  # of another user, or gone
    return ""


def _inodes(port: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text("ascii").splitlines()[1:]
        except (OSError, UnicodeError):
            continue
        for fields in map(str.split, lines):
            if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]
