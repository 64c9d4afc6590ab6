"""The partners' virtual host on RabbitMQ 4, in plain and with TLS: what holds on 3.10 holds there."""

import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import aio_pika
import pytest

from tests.containers import images
from tests.containers.engine import Engine
from tests.containers.partners import single
from tests.platform.test_partners_amqp import (
    here,
    test_a_discarded_one_is_gone_and_stands_on_the_trail,
    test_a_partner_writes_under_its_own_name_and_nowhere_else,
    test_killed_midstream_each_is_there_once,
    test_structured_and_binary_are_one_news_and_told_again_count_once,
    test_the_guide_s_way_to_tell_is_heard,
    test_what_is_wrong_is_parked_with_its_reason_and_the_rest_goes_on,
    test_who_may_tell_only_some_or_nothing_is_parked_until_it_may,
    test_without_its_broker_the_gateway_is_degraded_and_goes_on_when_it_is_back,
    vhost,
)
from tests.support import lanes, rabbit
from tests.support.authority import Authority
from tests.support.partner_vhost import Vhost, partner_vhost

__all__ = [
    "here",
    "test_a_discarded_one_is_gone_and_stands_on_the_trail",
    "test_a_partner_writes_under_its_own_name_and_nowhere_else",
    "test_killed_midstream_each_is_there_once",
    "test_structured_and_binary_are_one_news_and_told_again_count_once",
    "test_the_guide_s_way_to_tell_is_heard",
    "test_what_is_wrong_is_parked_with_its_reason_and_the_rest_goes_on",
    "test_who_may_tell_only_some_or_nothing_is_parked_until_it_may",
    "test_without_its_broker_the_gateway_is_degraded_and_goes_on_when_it_is_back",
    "vhost",
]


@pytest.fixture(scope="module", params=["amqp", "amqps"])
def made(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Vhost]:
    scratch = tmp_path_factory.mktemp("tls")
    with (
        pytest.MonkeyPatch.context() as patch,
        single(engine, images.rabbitmq(engine), request.param, scratch) as broker,
    ):
        if request.param == "amqps":
            # As the component private-ca gives it to every process.
            patch.setenv("SSL_CERT_FILE", str(scratch / "ca.crt"))
        lanes.note(f"partners by {request.param}: RabbitMQ {rabbit.server_version(broker.url)}")
        with partner_vhost(broker, broker.tools, "hotline", "grid") as made:
            yield made


async def test_with_tls_a_stranger_s_authority_vouches_for_nothing_and_nothing_is_said_in_plain(
    made: Vhost, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = made.url("hotline")
    at = urlsplit(url)
    if at.scheme != "amqps":
        pytest.skip("in plain there is nothing to vouch for")
    async with await aio_pika.connect(url):
        pass
    with pytest.raises((OSError, aio_pika.exceptions.AMQPError)):
        await aio_pika.connect(at._replace(scheme="amqp").geturl(), timeout=10)
    elsewhere = Authority(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("SSL_CERT_FILE", str(elsewhere.file))
    with pytest.raises((ssl.SSLError, aio_pika.exceptions.AMQPError)):
        await aio_pika.connect(url, timeout=10)
