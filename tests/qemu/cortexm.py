#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Attacks on the switch between kernel and process on Cortex-M.

Whatever the app of cortexm/hostile.c does to its stack pointer, its stacked
registers or its privilege, it alone is stopped, with the reason in the dump,
and the app beside it goes on.
"""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
import variant  # noqa: E402
from board import DETERMINISTIC, Image, board_value  # noqa: E402

# One for each variant of the port.
BOARDS = ("mps2_an386", "mps2_an505")
images = {board: Image(board) for board in BOARDS}
for image in images.values():
    image.install(variant.app(image.folder, "hostile",
                              ["tests/qemu/cortexm/hostile.c"]), "ticker")


def wait_ticks(machine, count):
    ticks = int(machine.expect(r"^ticker (\d+) at").group(1))
    machine.expect(rf"^ticker {ticks + count} at")


def must_stop(board, command, *reasons, frame=b""):
    with images[board].boot(args=DETERMINISTIC) as machine:
        machine.expect(r"^hostile: ready$")
        machine.send(command)
        if frame:
            machine.expect(r"^hostile: send a frame$")
            wait_ticks(machine, 2)  # by then it waits
            machine.process.stdin.write(frame)
            machine.process.stdin.flush()
        start = machine.at
        machine.expect(r"^Process hostile faulted and was stopped\.$")
        machine.at = start
        for reason in reasons:
            machine.expect(reason)
        wait_ticks(machine, 3)
        tap.check("still here" not in machine.text, machine.tail())


def on_each(boards, name):
    def register(function):
        for board in boards:
            tap.test(f"{board}: {name}")(lambda b=board: function(b))
        return function
    return register


def frame(pc, psr):
    """r0-r3, r12, lr, pc, xPSR as the hardware stacks them."""
    return struct.pack("<8I", 0, 0, 0, 0, 0, 0, pc, psr)


THUMB = 1 << 24
STACKING = r"^Memory Management Stacking Fault: +true$"
SECURE = r"^Secure Attribution Violation: +true$"
LOST = r"^ *PC : 0xBAD00BAD$"
FORCED = r"^Forced Hard Fault: +true$"

ATTACKS = (
    ("a call with its stack in kernel RAM", "k", [STACKING]),
    ("a call with no room below its stack", "a", [STACKING]),
    ("a call with its stack in grant memory", "g", [STACKING]),
    ("a call with its stack at the end of the address space", "z",
     [r"^(Bus|Memory Management) Stacking Fault: +true$"]),
    ("a call that must be answered on a stack given back", "b",
     [r"No room on its stack"]),
    ("a jump to an exception return value", "r",
     [r"^Instruction Access Violation: +true$", r"^ *PC : 0xFFFFFFF8$"]),
    ("a breakpoint", "x", [FORCED]),
    ("an unknown system call class", "u", [r"class 189"]),
    ("a floating-point instruction", "n",
     [r"^No Coprocessor Usage Fault: +true$"]))
# Ways out of the Secure state; a SecureFault is a HardFault here. What would
# be stacked is lost: the stack of the other state cannot take it.
ATTACKS_V8M = (
    ("a jump to Non-secure code", "e", [FORCED, SECURE, LOST]),
    ("a call of Non-secure code", "c", [FORCED, SECURE, LOST]),
    ("a return from Non-secure code into a handler", "d",
     [r"^Invalid PC Load Usage Fault: +true$"]))

for _boards, _attacks in ((BOARDS, ATTACKS), (BOARDS[1:], ATTACKS_V8M)):
    for _name, _command, _reasons in _attacks:
        on_each(_boards, f"{_name} stops only its process")(
            lambda b, c=_command, r=_reasons: must_stop(b, c, *r))


@on_each(BOARDS, "writing kernel RAM after a try to become privileged stops "
         "only its process")
def privileged_write(board):
    ram = board_value(board, "kernel_ram.start")
    must_stop(board, "p", r"^Data Access Violation: +true$",
              rf"^Faulting Memory Address: +0x{ram:08X}$")


@on_each(BOARDS, "a stacked exception number stops only its process")
def exception_number(board):
    must_stop(board, "f", r"^Stacked PSR holds an exception number\.$",
              frame=frame(images[board].app("hostile")["address"], THUMB | 3))


@on_each(BOARDS, "a stacked pc outside its code stops only its process")
def bad_pc(board):
    must_stop(board, "f", r"^Instruction Access Violation: +true$",
              frame=frame(0xfffffffd, THUMB))


@on_each(BOARDS, "a stacked PSR without the Thumb bit stops only its process")
def no_thumb_bit(board):
    must_stop(board, "f", r"^Invalid State Usage Fault: +true$",
              frame=frame(images[board].app("hostile")["address"], 0))


@on_each(BOARDS, "raising its privilege changes nothing")
def unprivileged(board):
    with images[board].boot() as machine:
        machine.expect(r"^hostile: ready$")
        machine.send("p")
        tap.equal(machine.expect(r"^hostile: control (\w+)$").group(1), "3",
                  "CONTROL")


@on_each(BOARDS[1:], "moving the stack limits changes nothing")
def stack_limits(board):
    with images[board].boot() as machine:
        machine.expect(r"^hostile: ready$")
        machine.send("m")
        machine.expect(r"^hostile: still here$")
        wait_ticks(machine, 2)


@on_each(BOARDS, "every call gets its own answer while interrupts come")
def own_answers(board):
    with images[board].boot() as machine:
        machine.expect(r"^hostile: ready$")
        machine.send("l")
        machine.expect(r"^hostile: 200000 calls, 0 wrong answers$")
        machine.expect(r"^hostile: still here$")


tap.main()
