#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the drivers cost: instructions of their main commands, IPC, code size.

Counted like the kernel's figures (kernel.py); of a command that ends with an
upcall, everything that the kernel does until that has arrived.
"""
import glob
import os
import re
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kernel  # noqa: E402
from board import BUILD  # noqa: E402

ORIGINAL_ROUND_TRIP = {"mps2_an386": 10370, "qemu_rv32_virt": 15968}
APP = "tests/bench/kernel/drivers.c"
ROUNDS = 3


def figure(board, name, value, unit="instructions"):
    text = f"{value:.2f}" if isinstance(value, float) else value
    print(f"drivers.{board.name}.{name}\t{text}\t{unit}", flush=True)


def steps():
    """The functions of the app that are to be counted."""
    with open(APP, encoding="ascii") as file:
        names = re.findall(r"^STEP\((\w+)\)", file.read(), re.M)
    names.remove("done")
    return names


def count_steps(app, wanted, cuts):
    """What each step cost, by name: one number for each time it came up."""
    costs, last = {name: [] for name in wanted}, None
    for before, count, _ in cuts:
        if before is None:
            continue
        name = app.function(before)
        if name == "done":
            return costs
        if name == "failed":
            raise AssertionError(f"{last}: refused, or another result")
        if name in costs:
            if name != last:
                costs[name].append(0)
            costs[name][-1] += count
        last = name
    raise AssertionError(f"the machine ended in {last}")


def commands(board):
    image, (app,) = kernel.image_with(board, "drivers")
    costs = kernel.run(board, image, 0,
                       lambda cuts: count_steps(app, steps(), cuts))
    for name, rounds in costs.items():
        if len(rounds) != ROUNDS:
            raise AssertionError(
                f"{name}: came up {len(rounds)} times in {ROUNDS} rounds")
        figure(board, name.replace("_", "-"), rounds[-1])


def round_trip(board):
    image, (_, client) = kernel.image_with(board, "ipc_service", "ipc_client")

    def collect(cuts):
        trips, cost = [], None
        for before, count, _ in cuts:
            if before is None:
                continue
            if client.start <= before < client.end and \
                    client.function(before) == "tell":
                trips.append(cost)
                cost = 0
                if len(trips) == 12:
                    return trips[2:]  # the first are from start-up
            if cost is not None:
                cost += count
        raise AssertionError("the machine ended")

    # The console draws its prompt in one of them.
    cost = statistics.median_high(kernel.run(board, image, 10, collect))
    figure(board, "ipc-round-trip", cost)
    figure(board, "ipc-round-trip.ratio",
           ORIGINAL_ROUND_TRIP[board.name] / cost, "x")


def sizes(board):
    """Of every capsule that the kernel has."""
    folder = f"{BUILD}/boards/{board.name}/obj"
    for source in sorted(glob.glob("capsules/*/*.c")):
        out = subprocess.run([f"{board.cross}size",
                              f"{folder}/{source[:-2]}.o"],
                             check=True, capture_output=True, text=True).stdout
        capsule = os.path.basename(source)[:-2].replace("_", "-")
        figure(board, f"{capsule}-code", int(out.splitlines()[1].split()[0]),
               "bytes")


for _board in kernel.BOARDS:
    commands(_board)
    round_trip(_board)
    sizes(_board)
