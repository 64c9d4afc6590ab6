"""`make faults`: kill a service many times at each point on both buses, and print the counts."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.support import mongo, rabbit

from .killing import Counts, kill
from .life import POINTS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    times = parser.parse_args().times
    broker, documents = rabbit.find(), mongo.find()
    print(
        f"RabbitMQ {broker.version} ({broker.how}), MongoDB: {documents.name}, SQLite", flush=True
    )
    sound = True
    try:
        for bus in ("local", "RabbitMQ"):
            for point in POINTS:
                counts = _one(bus, point, times, broker, documents)
                print(counts, flush=True)
                sound &= counts.accepted == counts.closed == counts.entered == counts.told == times
    finally:
        documents.stop()
        broker.stop()
    print("nothing lost, nothing counted twice" if sound else "NOT SOUND: see the counts above")
    return 0 if sound else 1


def _one(
    bus: str, point: str, times: int, broker: rabbit.Broker, documents: mongo.MongoServer
) -> Counts:
    with tempfile.TemporaryDirectory(prefix="gongzhi-faults-") as folder:
        data = Path(folder)
        if bus == "local":
            places = f"sqlite://{data}", f"local://{data}/bus.db"
        else:
            if not isinstance(broker, rabbit.PrivateNode):
                raise SystemExit(
                    "make faults wants a private RabbitMQ node: install rabbitmq-server"
                )
            places = documents.database_url(), broker.vhosts(1)[0]
        return asyncio.run(kill(bus, point, times, data, *places))


if __name__ == "__main__":
    sys.exit(main())
