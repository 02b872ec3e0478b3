"""Says at once and in plain words that programs in the tab reach no other host."""

import errno
import socket

_WHY = (
    "programs in the tab cannot reach {host}: the page's security policy allows requests to its own origin only. "
    "Put the data into the workspace (upload), or run the program on the server."
)


def install() -> None:
    socket.socket.connect = _refuse
    socket.socket.connect_ex = lambda self, address: errno.ENETUNREACH
    socket.getaddrinfo = _refuse_name
    socket.create_connection = _refuse_connection


def _refuse(self, address, /):
    raise OSError(errno.ENETUNREACH, _why(address))


def _refuse_connection(address, *_arguments, **_named):
    raise OSError(errno.ENETUNREACH, _why(address))


def _refuse_name(host, *_arguments, **_named):
    raise OSError(errno.ENETUNREACH, _why((host,)))


def _why(address) -> str:
    host = address[0] if isinstance(address, tuple) and address else address
    return _WHY.format(host=host or "another host")
