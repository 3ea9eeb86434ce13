#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Where a process's windows begin and end, probed around every edge.

Copies of apps/prober run side by side. Each is given, in its flash, accesses
that must be allowed and as its last one an access that must stop it; it is
stopped for exactly that address, and an app that runs beside them goes on.
"""
import os
import re
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import (BUILD, DETERMINISTIC, PROTECTIONS, Image,  # noqa: E402
                   board_value, make_tab)

READ, WRITE, JUMP = range(3)
KINDS = {"read": READ, "write": WRITE, "jump": JUMP}
# What an address is counted from: a memop, or nothing.
ABSOLUTE, BREAK, RAM_START, RAM_END, FLASH_START, FLASH_END, GRANT_START = \
    range(7)
MARK = b"probes:\0"
STEPS = (-32, -4, 0, 28)

# Side by side with ticker: the Arm boards have 8 process slots, the RISC-V
# apps four fixed addresses.
COPIES = {"mps2_an386": 7, "mps2_an505": 7, "qemu_rv32_virt": 3}
# Bytes in which the window of RAM grows, for a block of this size.
GROWTH = {"mps2_an386": lambda size: size // 16, "mps2_an505": lambda _: 32,
          "qemu_rv32_virt": lambda _: 4}
DEVICES = {"mps2_an386": (0x40004000, 0xE000E010, 0xE000ED94),
           "mps2_an505": (0x50200000, 0x40200000, 0xE000E010, 0xE000ED94,
                          0xE002ED94, 0x10000000),
           "qemu_rv32_virt": (0x10000000, 0x02004000, 0x0C200004)}


STACK_TOP = {"mps2_an386": "kernel_stack_top",
             "mps2_an505": "kernel_stack_top", "qemu_rv32_virt": "_stack_top"}


def symbols(board):
    nm = os.environ.get("ARM", "arm-none-eabi-") + "nm"
    out = subprocess.run([nm, f"{BUILD}/boards/{board}/kernel.elf"],
                         check=True, capture_output=True, text=True).stdout
    return {line.split()[-1]: int(line.split()[0], 16)
            for line in out.splitlines() if len(line.split()) == 3}


class Bench:
    """An image with the copies, and what they say about themselves."""

    def __init__(self, board):
        self.board = board
        self.image = Image(board)
        self.names = [f"prober{i}" for i in range(COPIES[board])]
        for name in self.names:
            self.image.install(make_tab(self.image.folder, name, "prober",
                                        "--stack", "2048", "--app-heap",
                                        "1024", "--kernel-heap", "1024"))
        self.image.install("ticker")
        self.places = []
        for name in self.names:
            at = self.image.app_bytes(name).index(MARK)
            self.places.append(self.image.app(name)["address"] + at)

    def write(self, number, probes):
        words = [number, len(probes)]
        for kind, base, offset in probes:
            # jump addresses of Thumb code are odd
            odd = kind == JUMP and self.board != "qemu_rv32_virt"
            words += [kind, base, (offset + odd) & 0xffffffff]
        self.image.poke(self.places[number],
                        MARK + struct.pack(f"<{len(words)}I", *words))

    def boot(self):
        return self.image.boot(args=DETERMINISTIC)

    def growth(self):
        """Bytes that the hardware opens above a prober's break."""
        self.write(0, [])
        with self.boot() as machine:
            start, end = (int(a, 16) for a in machine.expect(
                r"^prober0: started at .*, RAM (0x\w+) to (0x\w+)$").groups())
            app_break = int(machine.expect(
                r"^prober 0: break 0x(\w+)$").group(1), 16)
        return (start - app_break) % GROWTH[self.board](end - start)


def allowed_probes(above_break):
    for step in STEPS:
        if step >= 0:
            yield READ, FLASH_START, step
            yield READ, RAM_START, step
            yield WRITE, RAM_START, step
        else:
            yield READ, FLASH_END, step
            yield READ, BREAK, above_break + step
            yield WRITE, BREAK, above_break + step


def forbidden_probes(board, above_break):
    for step in STEPS:
        for kind in KINDS.values():
            yield kind, GRANT_START, step
            yield kind, RAM_END, step
            if step < 0:
                yield kind, FLASH_START, step
                yield kind, RAM_START, step
            else:
                yield kind, FLASH_END, step
                yield kind, BREAK, above_break + step
        if step < 0:
            yield WRITE, FLASH_END, step
            yield JUMP, BREAK, above_break + step
        else:
            yield WRITE, FLASH_START, step
            yield JUMP, RAM_START, step
    for address in foreign_addresses(board):
        for kind in KINDS.values():
            yield kind, ABSOLUTE, address


def foreign_addresses(board):
    found = symbols(board)
    yield board_value(board, "kernel.start")
    yield found["kernel_loop"] & ~1
    yield found["kernel"]
    yield found[STACK_TOP[board]] - 64
    yield board_value(board, "kernel_ram.start")
    yield board_value(board, "storage.start")
    for area in ("apps", "app_ram"):
        yield board_value(board, f"{area}.start") + \
            board_value(board, f"{area}.size") - 4
    yield 0
    yield 0xfffffffc
    yield from DEVICES[board]


def complaint(text, number, count):
    """What is wrong with one copy's part of the console, or None."""
    said = re.findall(rf"^prober {number}: (\w+) 0x(\w{{8}})$", text, re.M)[1:]
    allowed = len(re.findall(rf"^prober {number}: allowed$", text, re.M))
    last = f"prober {number} of {count}: {' 0x'.join(said[-1:][0] or ())}"
    if len(said) != count or allowed != count - 1:
        return f"{last}: {len(said)} tried, {allowed} allowed"
    dump = re.search(rf"^Process prober{number} had a fault$.*?"
                     rf"^Process prober{number} faulted and was stopped\.$",
                     text, re.M | re.S)
    address = int(said[-1][1], 16) & ~(said[-1][0] == "jump")
    if not dump or f"0x{address:08X}" not in dump.group(0).upper().replace(
            "0X", "0x"):
        return f"{last}: no fault at that address"
    return None


def run_batch(bench, batch, allowed):
    for number, probe in enumerate(batch):
        bench.write(number, [*allowed[number::len(bench.names)], probe])
    for number in range(len(batch), len(bench.names)):
        bench.write(number, [])
    with bench.boot() as machine:
        for _ in batch:
            machine.expect(r"^Process prober\d faulted and was stopped\.$")
        ticks = int(machine.expect(r"^ticker (\d+) at").group(1))
        machine.expect(rf"^ticker {ticks + 2} at")
        text = machine.text
    for number in range(len(batch)):
        count = 1 + len(allowed[number::len(bench.names)])
        problem = complaint(text, number, count)
        tap.check(problem is None, problem)


def probe_all(board):
    bench = Bench(board)
    above_break = bench.growth()
    allowed = list(allowed_probes(above_break))
    forbidden = list(forbidden_probes(board, above_break))
    for at in range(0, len(forbidden), len(bench.names)):
        run_batch(bench, forbidden[at:at + len(bench.names)], allowed)
    print(f"# {board}: {len(forbidden)} forbidden, {len(allowed)} allowed")


for _board in PROTECTIONS:
    tap.test(f"{_board}: every edge of a process's windows is where it should "
             "be")(lambda b=_board: probe_all(b))

tap.main()
