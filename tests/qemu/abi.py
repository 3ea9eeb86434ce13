#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The system call ABI as an app sees it; apps/abi asks, this reads along."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import DETERMINISTIC, PROTECTIONS, Image  # noqa: E402

# Where apps/abi puts the stack pointer.
PLACES = {"0": "address 0", "1": "the start of RAM",
          "2": "16 bytes above the start of RAM", "3": "the highest address"}


class Prober:
    """abi beside ticker; one image for all tests of a board."""
    images = {}

    def __init__(self, board):
        if board not in self.images:
            self.images[board] = Image(board)
            self.images[board].install("abi", "ticker")
        self.image = self.images[board]

    def boot(self):
        return self.image.boot(args=DETERMINISTIC)


def must_fault(board, keys):
    with Prober(board).boot() as machine:
        machine.expect(r"^abi: ready$")
        machine.send(keys)
        machine.expect(r"^Process abi faulted and was stopped\.$")
        must_tick_on(machine)
        tap.check("abi: survived" not in machine.text, machine.text)


def must_survive(board, keys):
    with Prober(board).boot() as machine:
        machine.expect(r"^abi: ready$")
        machine.send(keys)
        machine.expect(r"^abi: survived$")
        must_tick_on(machine)


def must_tick_on(machine):
    ticks = int(machine.expect(r"^ticker (\d+) at").group(1))
    machine.expect(rf"^ticker {ticks + 3} at")


def must_preempt(board, keys):
    """Without a fault: the app spins on, the others have their time."""
    with Prober(board).boot() as machine:
        machine.expect(r"^abi: ready$")
        machine.send(keys)
        must_tick_on(machine)
        tap.check("faulted" not in machine.text, machine.text)


for _board in PROTECTIONS:
    @tap.test(f"{_board}: every call answers as documented, in its registers")
    def _(board=_board):
        image = Image(board)
        image.install("abi")
        with image.boot() as machine:
            found = machine.expect(r"^abi: (\d+) passed, (\d+) failed$", 30)
            bad = [line for line in machine.text.splitlines()
                   if "FAILED" in line]
            tap.equal((int(found.group(2)), bad), (0, []), "failed checks")
            tap.check(int(found.group(1)) > 100, found.group(0))

    tap.test(f"{_board}: an unknown class stops only its process")(
        lambda b=_board: must_fault(b, "c"))

    # A Cortex-M stacks a frame for each exception; RISC-V does not.
    _call, _wait = ((must_survive, must_preempt) if _board == "qemu_rv32_virt"
                    else (must_fault, must_fault))
    for _key, _place in PLACES.items():
        tap.test(f"{_board}: a call with the stack at {_place}")(
            lambda b=_board, k="s" + _key, f=_call: f(b, k))
        tap.test(f"{_board}: an interrupt with the stack at {_place}")(
            lambda b=_board, k="i" + _key, f=_wait: f(b, k))

tap.main()
