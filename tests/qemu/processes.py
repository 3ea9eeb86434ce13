#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Processes that deal with each other on the boards."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BOARDS, PROTECTIONS, Image  # noqa: E402

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

    @tap.test(f"{_board}: an app reads kernel state without system calls")
    def _(board=_board):
        image = Image(board)
        image.install("state", "ticker")
        with image.boot() as machine:
            seen = []
            for _ in range(4):
                line = machine.expect(
                    r"^state: turn (\d+), 0 upcalls, tick (\d+)$")
                seen.append((int(line[1]), int(line[2])))
            tap.check(all(a < b and c < d for (a, c), (b, d) in
                          zip(seen, seen[1:])), f"{seen} grows")

for _board in PROTECTIONS:
    for _order in (("echo-service", "echo-client"),
                   ("echo-client", "echo-service")):
        @tap.test(f"{_board}: a service answers its client, {_order[0]} first")
        def _(board=_board, order=_order):
            image = Image(board)
            image.install(*order)
            with image.boot() as machine:
                for number in range(1, 6):
                    machine.expect(rf"^echo-client: HELLO {number}$")

    @tap.test(f"{_board}: a buffer that was taken back is closed")
    def _(board=_board):
        image = Image(board)
        image.install("ipc-snoop", "ipc-lender", "ticker")
        with image.boot() as machine:
            machine.expect(r"^ipc-snoop: sees 42 of 64$")
            machine.expect(r"^ipc-lender: taken back$")
            before = machine.text[:machine.at]
            tap.equal(before.count(" had a fault"), 0, "faults so far")
            machine.expect(r"^Process org.example.snoop had a fault$")
            machine.expect(r"^ipc-lender: done$")
            machine.expect(r"^ticker \d+ at")

    @tap.test(f"{_board}: a hostile client harms neither service nor client")
    def _(board=_board):
        image = Image(board)
        image.install("echo-service", "ipc-bully", "echo-client", "ticker")
        with image.boot() as machine:
            for life in range(7):
                machine.expect(rf"^ipc-bully: life {life}$", 30)
            machine.expect(r"ipc-bully.* had a fault|ipc-bully faulted")
            for _ in range(3):
                machine.expect(r"^echo-client: HELLO \d$")
            machine.expect(r"^ticker \d+ at")
            tap.equal(machine.text.count(" had a fault"), 1, "faults")
            numbers = [int(n) for n in re.findall(
                r"^echo-client: HELLO (\d)$", machine.text, re.M)]
            tap.equal(numbers, [n % 10 for n in range(1, len(numbers) + 1)],
                      "answers")

tap.main()
