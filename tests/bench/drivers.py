#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the drivers cost: instructions of their main commands, IPC, code size.

Counted like the kernel's figures (kernel.py); of a command that ends with an
upcall, everything that the kernel does until that has arrived.
"""
import os
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kernel  # noqa: E402
from board import BUILD  # noqa: E402

ORIGINAL_ROUND_TRIP = {"mps2_an386": 10370, "qemu_rv32_virt": 15968}
CAPSULES = ("rng", "crc", "process_info", "ipc", "sha", "hmac", "aes",
            "read_only_state", "nonvolatile_storage", "isolated_storage",
            "app_flash", "sensor", "kv")


def figure(board, name, value, unit="instructions"):
    text = f"{value:.2f}" if isinstance(value, float) else value
    print(f"drivers.{board.name}.{name}\t{text}\t{unit}", flush=True)


def commands(board):
    image, (app,) = kernel.image_with(board, "drivers")

    def collect(cuts):
        costs, last = {}, None
        for before, count, _ in cuts:
            if before is None:
                continue
            name = app.function(before).replace("_", "-")
            if name == "done":
                return costs
            rounds = costs.setdefault(name, [])
            if name != last:
                rounds.append(0)
            rounds[-1] += count
            last = name
        raise AssertionError("the benchmark app did not reach its end")

    for name, rounds in kernel.run(board, image, 0, collect).items():
        if len(rounds) == 3:  # not what comes before the rounds
            figure(board, name, rounds[2])


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
    folder = f"{BUILD}/boards/{board.name}/obj/capsules/extra"
    for capsule in CAPSULES:
        out = subprocess.run([f"{board.cross}size", f"{folder}/{capsule}.o"],
                             check=True, capture_output=True, text=True).stdout
        figure(board, f"{capsule}-code".replace("_", "-"),
               int(out.splitlines()[1].split()[0]), "bytes")


for _board in kernel.BOARDS:
    commands(_board)
    round_trip(_board)
    sizes(_board)
