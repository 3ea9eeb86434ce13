#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Attacks on the switch between kernel and process on Cortex-M.

Whatever the app of cortexm/hostile.c does to its stack pointer, its stacked
registers or its privilege, it alone is stopped, with the reason in the dump,
and the app beside it goes on.
"""
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD, Image, tool  # noqa: E402

BOARD = "mps2_an386"
ARM = os.environ.get("ARM", "arm-none-eabi-")
FLAGS = """-mcpu=cortex-m4 -mthumb -mfloat-abi=soft -fPIC -msingle-pic-base
-mpic-register=r9 -mno-pic-data-is-text-relative -std=c11 -Os -ffreestanding
-nostdlib -Ilib/abi/include -Ilib/base/include -Iapps/lib/include
-Iapps/lib/cortex-m/include -Wl,--emit-relocs -Wl,--no-warn-rwx-segments
-Wl,--defsym=FLASH_ORIGIN=0x80000000,--defsym=SRAM_ORIGIN=0
-Wl,--defsym=STACK_SIZE=2048 -T apps/userland.ld""".split()


def build(folder):
    library = f"{BUILD}/apps/lib/cortex-m4"
    objects = [f"{library}/{o}" for o in sorted(os.listdir(library))
               if o.endswith(".o")]
    elf = f"{folder}/cortex-m4.elf"
    subprocess.run([f"{ARM}gcc", *FLAGS, "tests/qemu/cortexm/hostile.c",
                    *objects, "-lgcc", "-o", elf], check=True, timeout=60)
    tool("elf2tbf", "-n", "hostile", "-o", f"{folder}/hostile.tab",
         "--stack", "2048", "--kernel-major", "2", "--kernel-minor", "2", elf)
    return f"{folder}/hostile.tab"


image = Image(BOARD)
image.install(build(image.folder), "ticker")


def wait_ticks(machine, count):
    ticks = int(machine.expect(r"^ticker (\d+) at").group(1))
    machine.expect(rf"^ticker {ticks + count} at")


def must_stop(command, *reasons, frame=b""):
    with image.boot() as machine:
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
        tap.check("still here" not in machine.text, machine.text)


def frame(pc, psr):
    """r0-r3, r12, lr, pc, xPSR as the hardware stacks them."""
    return struct.pack("<8I", 0, 0, 0, 0, 0, 0, pc, psr)


THUMB = 1 << 24
STACKING = r"^Memory Management Stacking Fault: +true$"

for name, command, reasons in (
        ("a call with its stack in kernel RAM", "k", [STACKING]),
        ("a call with no room below its stack", "a", [STACKING]),
        ("a call with its stack in grant memory", "g", [STACKING]),
        ("a call with its stack at the end of the address space", "z",
         [r"^(Bus|Memory Management) Stacking Fault: +true$"]),
        ("a try to become privileged and write kernel RAM", "p",
         [r"^Data Access Violation: +true$",
          r"^Faulting Memory Address: +0x20000000$"]),
        ("a call that must be answered on a stack given back", "b",
         [r"No room on its stack"]),
        ("a jump to an exception return value", "r",
         [r"^Instruction Access Violation: +true$", r"^ *PC : 0xFFFFFFF8$"]),
        ("a breakpoint", "x", [r"^Forced Hard Fault: +true$"]),
        ("an unknown system call class", "u", [r"class 189"]),
        ("a floating-point instruction", "n",
         [r"^No Coprocessor Usage Fault: +true$"])):
    tap.test(f"{name} stops only its process")(
        lambda c=command, r=reasons: must_stop(c, *r))


@tap.test("a stacked exception number stops only its process")
def exception_number():
    must_stop("f", r"^Stacked PSR holds an exception number\.$",
              frame=frame(image.app("hostile")["address"], THUMB | 3))


@tap.test("a stacked pc outside its code stops only its process")
def bad_pc():
    must_stop("f", r"^Instruction Access Violation: +true$",
              frame=frame(0xfffffffd, THUMB))


@tap.test("a stacked PSR without the Thumb bit stops only its process")
def no_thumb_bit():
    must_stop("f", r"^Invalid State Usage Fault: +true$",
              frame=frame(image.app("hostile")["address"], 0))


@tap.test("raising its privilege changes nothing")
def unprivileged():
    with image.boot() as machine:
        machine.expect(r"^hostile: ready$")
        machine.send("p")
        tap.equal(machine.expect(r"^hostile: control (\w+)$").group(1), "3",
                  "CONTROL")


@tap.test("every call gets its own answer while interrupts come")
def own_answers():
    with image.boot() as machine:
        machine.expect(r"^hostile: ready$")
        machine.send("l")
        machine.expect(r"^hostile: 200000 calls, 0 wrong answers$")
        machine.expect(r"^hostile: still here$")


tap.main()
