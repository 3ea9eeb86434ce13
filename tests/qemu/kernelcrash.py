#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A bug of the kernel's own: it says what, where and who, and stops.

Each kernel here is the board's with a broken LED driver (kernelcrash/crash.c);
the blink app calls it.
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD, Image, tool  # noqa: E402

INCLUDES = """-Ikernel/include -Icapsules -Ilib/base/include
-Ilib/abi/include""".split()
TOOLS = {
    "mps2_an386": (os.environ.get("ARM", "arm-none-eabi-"),
                   ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=soft"],
                   "boards/mps2/layout.ld"),
    "mps2_an505": (os.environ.get("ARM", "arm-none-eabi-"),
                   ["-mcpu=cortex-m33", "-mthumb", "-mfloat-abi=soft"],
                   "boards/mps2/layout.ld"),
    "qemu_rv32_virt": (os.environ.get("RISCV", "riscv64-unknown-elf-"),
                       ["-march=rv32imac", "-mabi=ilp32", "-misa-spec=2.2",
                        "-mcmodel=medany", "-msmall-data-limit=0"],
                       "boards/qemu_rv32_virt/layout.ld"),
}
OVERFLOW, TRAP, WILD_WRITE, BROKEN_PROMISE = range(4)


def objects_of(board):
    """What the board's kernel was linked from."""
    with open(f"{BUILD}/boards/{board}/kernel.elf.map",
              encoding="utf-8") as file:
        return re.findall(r"^LOAD (\S+\.o)$", file.read(), re.M)


def kernel(board, bug, folder):
    prefix, cpu, layout = TOOLS[board]
    crash, elf, image = (f"{folder}/crash.o", f"{folder}/kernel.elf",
                         f"{folder}/kernel.bin")
    for command in (
            [f"{prefix}gcc", *cpu, "-std=c11", "-Os", "-ffreestanding",
             *INCLUDES, f"-DCRASH={bug}", "-c",
             "tests/qemu/kernelcrash/crash.c", "-o", crash],
            [f"{prefix}gcc", *cpu, "-nostdlib", "-Wl,--gc-sections",
             "-Wl,--no-warn-rwx-segments", "-Wl,--wrap=led_init",
             f"-L{BUILD}/boards/{board}/gen", "-T", layout,
             *objects_of(board), crash, "-lgcc", "-o", elf],
            [f"{prefix}objcopy", "-O", "binary", elf, image]):
        subprocess.run(command, check=True, timeout=60)
    return image


def must_stop(board, bug, *lines):
    image = Image(board, with_kernel=False)
    image.loader("flash", "-y", kernel(board, bug, image.folder))
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


for _board in TOOLS:
    _is_arm = _board.startswith("mps2")
    _exception = "kernel fault" if _is_arm else "fatal exception"
    for _name, _bug, _lines in (
            ("a kernel stack overflow stops at the guard", OVERFLOW,
             [r"^panicked: kernel stack overflow$"]),
            ("a trap in a capsule is reported", TRAP,
             [rf"^panicked: {_exception}$"]),
            ("a wild write of the kernel is reported with its address",
             WILD_WRITE, [rf"^panicked: {_exception}$", "0xF0000000"]),
            ("a broken invariant is reported with its place", BROKEN_PROMISE,
             [r"^panicked at kernel/grant\.c:\d+:$"])):
        tap.test(f"{_board}: {_name}")(
            lambda b=_board, n=_bug, t=_lines: must_stop(b, n, *t))

tap.main()
