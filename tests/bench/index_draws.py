"""Places of 9 streets by 42 figures drawn 10,000 times, and the index's own 10,000 draws over its 42 points.

`python -m tests.bench.index_draws [--draws N]`. The first has to take less than a second
of the processor: what else the machine does isn't counted.
"""

import argparse
import random
import time

from services.index.domain.sensitivity import chances, uncertainty
from services.index.domain.standing import WAYS, Row, places_drawn
from services.index.shipped import printed_systems
from tests.rules.index import sheet

STREETS, POINTS = 9, 42


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000)
    draws = parser.parse_args().draws
    chance = random.Random(1)
    ways = [
        [
            Row([chance.random() for _ in range(POINTS)], [1.0] * POINTS, True)
            for _ in range(STREETS)
        ]
        for _ in WAYS
    ]
    began = time.process_time()
    drawn = places_drawn(ways, chances(1), draws)
    took = time.process_time() - began
    print(f"{len(drawn[0]):,} draws x {POINTS} points x {len(drawn)} streets: {took:.2f} s")
    began = time.process_time()
    uncertainty(printed_systems()["2019"], sheet.inputs(), 60, "2026abcd", draws)
    print(
        f"the index, {draws:,} draws with every point's effect: {time.process_time() - began:.2f} s"
    )


if __name__ == "__main__":
    main()
