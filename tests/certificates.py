"""A certificate for servers on this machine. Rule: only the tests vouch for it, and its key is no secret.

It is for hook.example and mail.example from 2020 to 2120, signed by itself, and stands in ``tests/cases/tls``, so that no
test needs a program to make one.
"""

import ssl

from tests.cases import CASES

FOLDER = CASES / "tls"


def of_server() -> ssl.SSLContext:
    """Return what a server with that certificate speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / "cert.pem", FOLDER / "key.pem")
    return context


def of_client() -> ssl.SSLContext:
    """Return what a client that knows that certificate speaks TLS with."""
    return ssl.create_default_context(cafile=str(FOLDER / "cert.pem"))
