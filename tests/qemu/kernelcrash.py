#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A bug of the kernel's own: it says what, where and who, and stops.

Each kernel here is the board's with a broken LED driver (kernelcrash/crash.c);
the blink app calls it.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
import variant  # noqa: E402
from board import Image  # noqa: E402

OVERFLOW, SUBSCRIPT, WILD_WRITE, BROKEN_PROMISE = range(4)


def must_stop(board, bug, *lines):
    image = Image(board, with_kernel=False)
    image.loader("flash", "-y", variant.kernel(
        board, image.folder, "tests/qemu/kernelcrash/crash.c", ["led_init"],
        f"-DCRASH={bug}", capsule="tests/qemu/kernelcrash/subscript.c"))
    image.install("blink", "ticker")
    with image.boot() as machine:
        machine.expect(r"^blink: 1 LED$")
        for line in lines:
            machine.expect(line)
        machine.expect(r"^\tKernel version \d+\.\d+$")
        machine.expect(r"^.*: blink   -   \[Running\]$")
        machine.expect(r"^.*: ticker   -   \[\w+\]$")
        rest = machine.read_for(1.0)
        tap.check("ticker 9" not in rest, f"it went on:\n{machine.text}")


for _board in variant.BOARDS:
    _is_arm = _board.startswith("mps2")
    _exception = "kernel fault" if _is_arm else "fatal exception"
    for _name, _bug, _lines in (
            ("a kernel stack overflow stops at the guard", OVERFLOW,
             [r"^panicked: kernel stack overflow$"]),
            ("a subscript out of bounds in a capsule is reported", SUBSCRIPT,
             [rf"^panicked: {_exception}$"]),
            ("a wild write of the kernel is reported with its address",
             WILD_WRITE, [rf"^panicked: {_exception}$", "0xF0000000"]),
            ("a broken invariant is reported with its place", BROKEN_PROMISE,
             [r"^panicked at kernel/grant\.c:\d+:$"])):
        tap.test(f"{_board}: {_name}")(
            lambda b=_board, n=_bug, t=_lines: must_stop(b, n, *t))

tap.main()
