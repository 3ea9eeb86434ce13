#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A process that never yields leaves the others their time.

Times are virtual: under -icount a run is the same each time, whatever the
host does, and `ticker` reads the board's own clock.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import DETERMINISTIC, PROTECTIONS, Image, make_tab  # noqa: E402

TICKS = 30


def time_of_ticks(board, *apps):
    """Virtual milliseconds that TICKS ticks took."""
    image = Image(board)
    image.install(*apps)
    with image.boot(args=DETERMINISTIC) as machine:
        first = int(machine.expect(r"^ticker 1 at (\d+) ms$", 60).group(1))
        last = machine.expect(rf"^ticker {1 + TICKS} at (\d+) ms$", 60)
        return int(last.group(1)) - first


for _board in PROTECTIONS:
    @tap.test(f"{_board}: ticker beside spin keeps 95 % of its pace")
    def _(board=_board):
        alone = time_of_ticks(board, "ticker")
        beside = time_of_ticks(board, "spin", "ticker")
        tap.check(alone > 0 and alone >= 0.95 * beside,
                  f"{TICKS} ticks took {alone} ms alone, {beside} ms beside")

    @tap.test(f"{_board}: ticker keeps its pace beside two spinning apps")
    def _(board=_board):
        alone = time_of_ticks(board, "ticker")
        image = Image(board)
        second = make_tab(image.folder, "spin2", "spin")
        beside = time_of_ticks(board, "spin", second, "ticker")
        tap.check(alone > 0 and alone >= 0.95 * beside,
                  f"{TICKS} ticks took {alone} ms alone, {beside} ms beside")

tap.main()
