"""A broker's certificate: checked against the authority that we were given; expired, it is as if it were away."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chassis.bus import BusUnavailable
from tests.platform.test_bus_nodes import Way, published, reading
from tests.support.buses import TOPOLOGY, declared, letter, started, until

DAY = timedelta(days=1)
HERE = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])


class Authority:
    """Signs certificates for this machine, good ones and expired ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        own = self._signed(self._name, self._key, 10 * DAY, x509.BasicConstraints(True, None))
        self.file = folder / "authority.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

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

    def certify(self, context: ssl.SSLContext, left: timedelta) -> None:
        """From the next handshake on."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        signed = self._signed(name, key, left, HERE)
        file = self._folder / "server.pem"
        form = serialization.PrivateFormat.PKCS8
        kept = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + kept)
        context.load_cert_chain(file)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """As the component private-ca gives it to every process."""
    found = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found.file))
    return found


async def test_an_expired_certificate_is_a_broker_away_and_a_renewed_one_wants_no_restart(
    amqp_url: str, amqp_names: set[str], authority: Authority
) -> None:
    amqp_names |= declared(TOPOLOGY)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.certify(context, DAY)
    async with Way(amqp_url, context).opened() as way, reading(way.url) as (bus, heard):
        await started(bus)
        await published(bus, 1)
        await until(lambda: heard == ["e1"])
        authority.certify(context, -DAY)
        way.break_off()
        await until(lambda: bus.trouble() is not None)
        with pytest.raises(BusUnavailable):
            await bus.publish(letter(2))
        authority.certify(context, DAY)
        await published(bus, 3)
        # What wasn't acknowledged yet when the connection broke comes again.
        await until(lambda: set(heard) == {"e1", "e3"})


async def test_a_broker_of_another_authority_is_none(
    amqp_url: str, amqp_names: set[str], authority: Authority, tmp_path: Path
) -> None:
    amqp_names |= declared(TOPOLOGY)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Authority(elsewhere).certify(context, DAY)
    async with Way(amqp_url, context).opened() as way, reading(way.url) as (bus, heard):
        with pytest.raises((TimeoutError, BusUnavailable)):
            async with asyncio.timeout(5):
                await started(bus)
        assert heard == [] and way.passed == 0
