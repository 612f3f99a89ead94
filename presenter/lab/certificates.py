"""The lab's own authority and what it signs, by the machine's `openssl`; they die with the lab.

Their extensions are those that strict readers want (Python from 3.13 on checks them).
"""

from __future__ import annotations

from pathlib import Path

from presenter.lab.tools import run

DAYS = "30"
OPENSSL_SECONDS = 20.0
_AUTHORITY = """\
[req]
distinguished_name=name
prompt=no
[name]
CN=presenter lab
[authority]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign,digitalSignature
subjectKeyIdentifier=hash
"""
_LEAF = """\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""
_NAMES = (
    "subjectAltName=IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes,"
    "DNS:kubernetes.default,DNS:kubernetes.default.svc\n"
)


def write_certificates(folder: Path) -> None:
    """Write `ca`, `apiserver`, `admin` (`.crt`, `.key`) and `sa.key`. Raises LabError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "ca.cnf").write_text(_AUTHORITY)
    (folder / "server.ext").write_text(f"{_LEAF}extendedKeyUsage=serverAuth\n{_NAMES}")
    (folder / "client.ext").write_text(f"{_LEAF}extendedKeyUsage=clientAuth\n")
    _key(folder, "ca")
    _openssl(folder, "req", "-x509", "-new", "-key", "ca.key", "-days", DAYS, "-config", "ca.cnf",
             "-extensions", "authority", "-out", "ca.crt")  # fmt: skip
    _leaf(folder, "apiserver", "/CN=kube-apiserver", "server.ext")
    _leaf(folder, "admin", "/O=system:masters/CN=minikube-user", "client.ext")
    _openssl(folder, "genrsa", "-out", "sa.key", "2048")


def _leaf(folder: Path, name: str, subject: str, extensions: str) -> None:
    _key(folder, name)
    _openssl(folder, "req", "-new", "-key", f"{name}.key", "-subj", subject, "-out", f"{name}.csr")
    _openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
             "-CAcreateserial", "-days", DAYS, "-extfile", extensions,
             "-out", f"{name}.crt")  # fmt: skip


def _key(folder: Path, name: str) -> None:
    _openssl(folder, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
    (folder / f"{name}.key").chmod(0o600)


def _openssl(folder: Path, *argv: str) -> None:
    run(["openssl", *argv], OPENSSL_SECONDS, folder=folder, advice="openssl makes certificates")
