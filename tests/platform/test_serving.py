"""What goes out on a connection: in one piece what is said in one breath, and nothing held back for long."""

import asyncio

from gongzhi.serving import AT_MOST, Gathered


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
