"""An authority of our own, as a district has: it signs certificates for this machine, good ones and expired ones."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)
HERE = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
PEM = serialization.Encoding.PEM


class Authority:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        own = self._signed(self._name, self._key, 10 * DAY, x509.BasicConstraints(True, None))
        self.file = folder / "ca.crt"
        self.file.write_bytes(own.public_bytes(PEM))

    def _signed(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        left: timedelta,
        says: x509.ExtensionType,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(self._name)
        made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - 20 * DAY).not_valid_after(now + left)
        return made.add_extension(says, critical=False).sign(self._key, hashes.SHA256())

    def issue(self, left: timedelta) -> tuple[Path, Path]:
        """A certificate for this machine and its key, named as in a Secret."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        signed = self._signed(name, key, left, HERE)
        form = serialization.PrivateFormat.PKCS8
        files = self._folder / "tls.crt", self._folder / "tls.key"
        files[0].write_bytes(signed.public_bytes(PEM))
        files[1].write_bytes(key.private_bytes(PEM, form, serialization.NoEncryption()))
        return files

    def certify(self, context: ssl.SSLContext, left: timedelta) -> None:
        """From the next handshake on."""
        context.load_cert_chain(*self.issue(left))
