#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""boards/<board>/drivers.txt tells the truth.

Each name is a driver that answers command 0 on that board, or a property
that another suite shows.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import ALL_BOARDS, Image  # noqa: E402

# preemption.py, isolation.py, storage.py, pconsole.py and the console's unit
# test show these.
PROPERTIES = {"preempt", "stop_policy", "full_text", "storage_perm",
              "pconsole"}


def listed(board):
    with open(f"boards/{board}/drivers.txt", encoding="ascii") as file:
        return file.read().split()


for _board in ALL_BOARDS:
    @tap.test(f"{_board}: the drivers in drivers.txt answer, and no others")
    def _(board=_board):
        image = Image(board)
        image.install("drivers")
        with image.boot() as machine:
            machine.expect(r"^drivers: done$")
            answers = dict(re.findall(r"^drivers: (\w+) (yes|no)$",
                                      machine.text, re.M))
        names = listed(board)
        tap.equal(len(names), len(set(names)), "names listed once")
        there = {name for name, answer in answers.items() if answer == "yes"}
        # What the app does not know yet is for the suite of its own.
        known = set(names) & set(answers)
        tap.equal(there, known, "drivers that answer")
        unknown = set(names) - set(answers) - PROPERTIES
        tap.equal(unknown, set(), "names that no app asks for")

tap.main()
