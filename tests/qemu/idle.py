#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A board on which every process waits sleeps, and costs its host nothing."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BOARDS, Image  # noqa: E402

WATCHED = 3.0  # seconds of host time
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(group):
    """What all processes of the group have used."""
    used = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[2]) == group:
            used += int(fields[11]) + int(fields[12])
    return used / TICKS


def share_used(board, app, *expected):
    """Part of the host's processor that the machine uses once it is up."""
    image = Image(board)
    image.install(app)
    with image.boot() as machine:
        for line in expected:
            machine.expect(line)
        group = os.getpgid(machine.process.pid)
        before = processor_seconds(group)
        machine.read_for(WATCHED)
        return (processor_seconds(group) - before) / WATCHED


for _board in BOARDS:
    @tap.test(f"{_board}: waiting for the next alarm takes no processor time")
    def _(board=_board):
        waiting = share_used(board, "ticker", r"^ticker 3 at")
        spinning = share_used(board, "spin")
        tap.check(waiting < 0.15 and spinning > 3 * waiting,
                  f"of a processor, {waiting:.0%} waiting and {spinning:.0%} "
                  "spinning")

tap.main()
