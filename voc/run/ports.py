"""Whether the web's address is free, who has it otherwise, and whether the web answers there."""

import errno
import http.client
import socket
from pathlib import Path

from voc.core.errors import Conflict, Invalid

_LISTENING = "0A"
_ANSWER_SECONDS = 2.0


def check_free(host: str, port: int) -> None:
    """Returns when `port` may be used; Conflict says who has it, Invalid why it can never be ours."""
    try:
        with socket.create_server((host, port), family=_family(host)):
            return
    except PermissionError:
        raise Invalid(f"Port {port} is for administrators; choose one above 1023 with --port.") from None
    except socket.gaierror:
        raise Invalid(f"“{host}” is not an address of this machine; see VOC_HOST.") from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise Invalid(f"We cannot listen on {host}, port {port}: {error.strerror}.") from None
    holder = who_listens(port)
    raise Conflict(
        f"Port {port} is taken by {holder or 'another program'}. Stop that, or choose another port: "
        f"bin/voc up --port {port + 1}",
        code="port_taken",
    )


def answers(host: str, port: int, *, within_seconds: float = _ANSWER_SECONDS) -> bool:
    """Whether an HTTP server answers there, whatever it says."""
    line = http.client.HTTPConnection(host, port, timeout=within_seconds)
    try:
        line.request("GET", "/healthz")
        line.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        line.close()


def who_listens(port: int) -> str | None:
    """The program that listens on `port` as “name (process 123)”; None when Linux does not let us see it."""
    inodes = _listening_inodes(port)
    for link in Path("/proc").glob("[0-9]*/fd/*") if inodes else ():
        try:
            if str(link.readlink()) in inodes:
                process = link.parent.parent
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
    return None


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            fields = line.split()
            if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
