"""Certificates for servers on this machine. Rule: made anew for each run, and vouched for by nobody but the test."""

import ssl
import subprocess
from pathlib import Path


def made(folder: Path, *names: str) -> Path:
    """Return ``folder`` with a certificate for ``names`` and its key in it, signed by itself."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out",
            "cert.pem", "-days", "2", "-subj", f"/CN={names[0]}", "-addext",
            "subjectAltName=" + ",".join(f"DNS:{name}" for name in names),
        ],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


def of_server(folder: Path) -> ssl.SSLContext:
    """Return what a server with that certificate speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def of_client(folder: Path) -> ssl.SSLContext:
    """Return what a client that knows that certificate speaks TLS with."""
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))
