#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What apps store outlasts a reboot, and a machine killed at any moment.

    storage.py [KILLS [SEED]]

The app keeper writes a number to the storage of all apps, to its own and to
its own flash, without end; the machine is killed, and what is left is booted:
the number may not be less than the last one that was reported, nor differ
between the places by more than the one that was being written, and no byte
around it may have changed.
"""
import os
import random
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import PROTECTIONS, Image, board_value, make_tab  # noqa: E402

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261201
PAGE = 4096
RECORD = 32


def open_records(image):
    """How many records say that a page was being written."""
    start = image.offset(board_value(image.board, "journal.start"))
    page = image.bytes()[start:start + PAGE]
    records = [page[i:i + RECORD] for i in range(0, PAGE, RECORD)]
    return sum(r[:4] == b"PAGE" and r[24:] == b"\xff" * 8 for r in records)


def last_number(text):
    numbers = re.findall(r"^keeper: (\d+)$", text, re.M)
    return int(numbers[-1]) if numbers else 0


def run_and_kill(image, known, seconds):
    """Boots, checks what was kept, lets it run; returns what was reported."""
    with image.boot(seconds=120) as machine:
        found = machine.expect(r"^keeper: found (\d+) (\d+) (\d+)$", 60)
        shared, own, flash = (int(n) for n in found.groups())
        tap.check(shared >= own >= flash >= shared - 1 and flash >= known,
                  f"found {shared} {own} {flash}, reported was {known}")
        machine.expect(r"^keeper: \d+$", 60)
        machine.read_for(seconds)
        os.killpg(machine.process.pid, 9)
        machine.read_for(5)
        tap.check(not re.search("damaged|error", machine.text), machine.tail())
        return last_number(machine.text)


def kill_often(board):
    image, rng, known, inside = Image(board), random.Random(SEED), 0, 0
    image.install("keeper", "ticker")
    for _ in range(KILLS):
        known = run_and_kill(image, known, rng.uniform(0.05, 0.4))
        inside += open_records(image)
    print(f"# {board}: {known} numbers, {inside} of {KILLS} kills while a "
          f"page was being written")
    with image.boot() as machine:  # nothing else was lost
        machine.expect(r"^ticker 2 at")


print(f"# seed {SEED}")
for _board in PROTECTIONS:
    @tap.test(f"{_board}: {KILLS} kills of the machine lose no byte")
    def _(board=_board):
        kill_often(board)

    @tap.test(f"{_board}: an app counts its runs in its own flash")
    def _(board=_board):
        image = Image(board)
        image.install("hello", "counter", "ticker")
        for run in (1, 2, 3):
            with image.boot() as machine:
                machine.expect(rf"^counter: run {run}$")
                machine.expect(r"^ticker \d+ at")
                tap.check("hello: version 1" in machine.text, machine.text)

    @tap.test(f"{_board}: an app without a short id stores by its name")
    def _(board=_board):
        image = Image(board)
        image.install(make_tab(image.folder, "named", "keeper"))
        known = run_and_kill(image, 0, 1)
        tap.check(known > 0, "nothing was stored")
        run_and_kill(image, known, 0)

    @tap.test(f"{_board}: own storage needs the right to it")
    def _(board=_board):
        image = Image(board)
        for name, options in (
                ("banned", ["--write_id", "0"]),
                ("reader", ["--short-id", "7", "--write_id", "7",
                            "--read_ids", "7"]),
                ("stranger", ["--short-id", "8", "--write_id", "8",
                              "--read_ids", "9", "--access_ids", "8"])):
            tab = make_tab(image.folder, name, "keeper", *options)
            image.install(tab)
            with image.boot() as machine:
                machine.expect(r"^keeper: own has error 10$")
            image.loader("uninstall", "-y", name)

tap.main()
