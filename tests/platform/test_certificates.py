"""A broker's certificate: checked against the authority that we were given; expired, it is as if it were away."""

import asyncio
import ssl
from pathlib import Path

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from chassis.bus import BusUnavailable
from chassis.jwks import Fetched, Keys
from chassis.kernel.errors import Unavailable
from tests.platform.test_bus_nodes import Way, published, reading
from tests.support.authority import DAY, Authority
from tests.support.buses import TOPOLOGY, declared, message, started, until
from tests.support.ports import free_port


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
            await bus.publish(message(2))
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


async def test_the_log_says_in_words_what_is_wrong_with_an_issuer_s_certificate(
    tmp_path: Path,
) -> None:
    context, port = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), free_port()
    Authority(tmp_path).certify(context, -DAY)
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=context).start()
    try:
        with capture_logs() as logged, pytest.raises(Unavailable):
            await Keys(Fetched(f"https://127.0.0.1:{port}/jwks")).current()
    finally:
        await runner.cleanup()
    [line] = [one for one in logged if one["event"] == "keys_not_fetched"]
    assert "certificate verify failed" in line["detail"]
