"""What comes in and goes out on a connection: a head that ends; in one piece what is said in one breath."""

import asyncio
import resource
from pathlib import Path

import pytest
from starlette.responses import Response

from gongzhi.serving import AT_MOST, HEAD_AT_MOST, Gathered
from tests.platform.test_forward import HERE, served
from tests.support.platform import end, ready, start
from tests.support.ports import free_port


class Wire(asyncio.Transport):
    """Keeps what is written to it, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.pieces.append(bytes(data))

    def close(self) -> None:
        self.closed = True


async def test_an_answers_head_and_body_go_out_in_one_piece() -> None:
    wire = Wire()
    connection = Gathered(wire)
    connection.write(b"head")
    connection.write(b"body")
    assert wire.pieces == []
    await asyncio.sleep(0)
    assert wire.pieces == [b"headbody"]
    connection.write(b"next")
    await asyncio.sleep(0)
    assert wire.pieces == [b"headbody", b"next"]


async def test_much_that_is_said_without_a_pause_is_not_held_back() -> None:
    wire = Wire()
    connection = Gathered(wire)
    for _ in range(10):
        connection.write(b"x" * AT_MOST)
    assert len(wire.pieces) == 5


async def test_what_was_said_before_a_connection_is_closed_still_goes_out() -> None:
    wire = Wire()
    connection = Gathered(wire)
    connection.write(b"last")
    connection.close()
    assert (wire.pieces, wire.closed) == ([b"last"], True)
    await asyncio.sleep(0)
    assert wire.pieces == [b"last"]


@pytest.mark.parametrize("line", [b"X: a\r\n", b"a"])
async def test_a_head_that_does_not_end_is_cut_off(line: bytes) -> None:
    """Many headers, or one that goes on."""
    async with served(Response("never")) as port:
        reader, writer = await asyncio.open_connection(HERE, port)
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\nX: ")
        for _ in range(0, HEAD_AT_MOST + 1024, 1024):
            writer.write(line * (1024 // len(line) + 1))
        async with asyncio.timeout(30):
            assert await reader.read(12) == b"HTTP/1.1 400"
        writer.close()


async def test_many_requests_on_one_connection_are_no_long_head() -> None:
    many = 3 * HEAD_AT_MOST // 1024
    async with served(Response("once more")) as port:
        reader, writer = await asyncio.open_connection(HERE, port)
        for _ in range(many):
            writer.write(b"GET / HTTP/1.1\r\nHost: here\r\nX: " + b"a" * 1024 + b"\r\n\r\n")
            async with asyncio.timeout(30):
                assert (await reader.readuntil(b"once more")).startswith(b"HTTP/1.1 200")
        writer.close()


def test_a_soft_limit_of_open_files_keeps_no_platform_from_starting(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    process = start(["run", "--port", str(port), "--data-dir", str(tmp_path / "data")], {}, log)
    _, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (64, allowed))
    try:
        ready(f"http://127.0.0.1:{port}", process, log)
        assert "store_away" not in log.read_text(encoding="utf-8")
    finally:
        end({"gongzhi": process})
