#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Processes that deal with each other on the boards."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BOARDS, Image  # noqa: E402

for _board in BOARDS:
    @tap.test(f"{_board}: an app lists the processes")
    def _(board=_board):
        image = Image(board)
        image.install("ps", "rng", "ticker")
        with image.boot() as machine:
            machine.expect(r"^ps: done$")
            for name, state in (("ps", "running"), ("rng", "ended"),
                                ("ticker", "waiting")):
                tap.check(re.search(rf"^ps: \d {name} {state} 0 restarts$",
                                    machine.text, re.M), machine.text)

tap.main()
