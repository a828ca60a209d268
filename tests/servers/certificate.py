"""A certificate for localhost, made for one test: signed by itself, with its key in the same file."""

import shutil
import subprocess
from pathlib import Path

import pytest


def a_certificate(folder: Path) -> Path:
    """Made by openssl, good for two days; the test is skipped where that is missing."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here to make a certificate with")
    made = folder / "made.pem"
    ask = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key"), "-out", str(folder / "cert")]
    subprocess.run([*ask, *names], check=True, capture_output=True)
    made.write_text((folder / "key").read_text() + (folder / "cert").read_text())
    return made
