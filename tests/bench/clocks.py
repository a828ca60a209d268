"""How long it takes to reckon all the dates of a case with ten events. `python -m tests.bench.clocks`."""

import argparse
import json
import sys
import timeit

from tests.workflow.cases import ASC, HOUSING, NHS
from tests.workflow.test_clocks_properties import stand, walk
from workflow.procedure import load

ROUNDS = 200


def main() -> None:
    """Measure, and print a line for each procedure, or JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    found = {name: measure(name) for name in (ASC, HOUSING, NHS)}
    if options.parse_args().json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for name, microseconds in found.items():
        sys.stdout.write(f"{name:<34}{microseconds:>8} microseconds a case\n")


def measure(procedure_id: str) -> int:
    """Microseconds of one evaluation, the best of five rounds."""
    procedure = load(procedure_id)
    told = walk(procedure, [(number, 30) for number in range(9)])
    best = min(timeit.repeat(lambda: stand(procedure, told), number=ROUNDS, repeat=5))
    return round(best / ROUNDS * 1_000_000)


if __name__ == "__main__":
    main()
