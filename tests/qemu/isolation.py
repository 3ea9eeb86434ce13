#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A process that reaches out of its windows faults, and only that process."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import DETERMINISTIC, PROTECTIONS, Image, board_value  # noqa: E402


class Neighbours:
    """peek beside ticker; images are shared by the tests of a board."""
    images = {}

    def __init__(self, board):
        if board not in self.images:
            self.images[board] = Image(board)
            self.images[board].install("peek", "ticker")
        self.image = self.images[board]

    def boot(self):
        return self.image.boot(args=DETERMINISTIC)


def must_fault(board, command, kind, address=None):
    """Sends a command to peek; it must be stopped at the address it named."""
    with Neighbours(board).boot() as machine:
        machine.expect(r"^peek: ready$")
        machine.send(command)
        said = machine.expect(rf"^peek: {kind} 0x([0-9a-f]{{8}})$").group(1)
        if address is not None:
            tap.equal(int(said, 16), address, "the address that peek tried")
        start = machine.at
        machine.expect(r"^Process peek faulted and was stopped\.$")
        machine.at = start
        machine.expect(rf"(?i)0x{said}")
        ticks = int(machine.expect(r"^ticker (\d+) at").group(1))
        machine.expect(rf"^ticker {ticks + 3} at")
        tap.check("peek: allowed" not in machine.text, machine.tail())


def targets(board):
    """(name, command, kind, address or None if peek finds it out)."""
    image = Neighbours(board).image
    ticker = image.app("ticker")["address"]
    value = {key: board_value(board, key) for key in (
        "kernel.start", "kernel_ram.start", "app_ram.start", "app_ram.size")}
    last = value["app_ram.start"] + value["app_ram.size"] - 4
    yield "RAM behind its own block, read", "o", "read", None
    yield "RAM behind its own block, write", "O", "write", None
    yield "its own grant memory, read", "g", "read", None
    yield "its own grant memory, write", "G", "write", None
    yield "the kernel's RAM, read", "k", "read", value["kernel_ram.start"]
    yield "the kernel's RAM, write", "K", "write", value["kernel_ram.start"]
    yield "its own flash, write", "F", "write", None
    for name, address in (("the other app's flash", ticker),
                          ("the kernel's flash", value["kernel.start"]),
                          ("the last word of app RAM", last),
                          ("the console's registers", CONSOLE[board]),
                          ("the processor's own registers", CORE[board])):
        yield f"{name}, read", f"r{address:x}\n", "read", address
        yield f"{name}, write", f"w{address:x}\n", "write", address
        yield f"{name}, jump", jump(address, board), "jump", address


CONSOLE = {"mps2_an386": 0x40004000, "mps2_an505": 0x50200000,
           "qemu_rv32_virt": 0x10000000}
CORE = {"mps2_an386": 0xE000ED08, "mps2_an505": 0xE000ED08,
        "qemu_rv32_virt": 0x02004000}


def jump(address, board):
    """The command for it; Arm's jump addresses are odd."""
    return f"j{address | (board != 'qemu_rv32_virt'):x}\n"


def other_ram(board, letter, kind):
    """The RAM of the running neighbour, at the address it got."""
    with Neighbours(board).boot() as machine:
        machine.expect(r"^peek: ready$")
        start, _ = process_ram(machine, "ticker")
    command = (jump(start, board) if letter == "j"
               else f"{letter}{start:x}\n")
    must_fault(board, command, kind, start)


def own_ram_jump(board):
    with Neighbours(board).boot() as machine:
        start, _ = process_ram(machine, "peek")
    must_fault(board, jump(start, board), "jump", start)


def process_ram(machine, name):
    machine.at = 0
    found = machine.expect(rf"^{name}: started at .*, "
                           r"RAM (0x[0-9A-F]+) to (0x[0-9A-F]+)")
    return int(found.group(1), 16), int(found.group(2), 16)


# Bytes in which the hardware's window grows, for a block of this size.
STEP = {"mps2_an386": lambda size: size // 16, "mps2_an505": lambda _: 32,
        "qemu_rv32_virt": lambda _: 4}


def round_up(value, step):
    return -(-value // step) * step


def edge(board, letter, kind, odd):
    """The break at a step's end, or odd bytes above: the last word of the
    step it is in is open, the next one is not."""
    with Neighbours(board).boot() as machine:
        block, end = process_ram(machine, "peek")
        step = STEP[board](end - block)
        machine.expect(r"^peek: ready$")
        machine.send("b0\n")
        at = int(machine.expect(r"^peek: break 0x(\w+)$").group(1), 16)
        target = block + round_up(at - block, step) + odd
        machine.send(f"b{target - at:x}\n")
        machine.expect(rf"^peek: break 0x{target:08x}$")
        enabled_end = block + round_up(target - block, step)
        machine.send(f"{letter}{enabled_end - 4:x}\n")
        machine.expect(r"^peek: allowed$")
        machine.send(f"{letter}{enabled_end:x}\n")
        machine.expect(rf"^peek: {kind} 0x{enabled_end:08x}$")
        start = machine.at
        machine.expect(r"^Process peek faulted and was stopped\.$")
        machine.at = start
        machine.expect(rf"(?i)0x{enabled_end:08x}")
        tap.equal(machine.text.count("peek: allowed"), 1, "words allowed")


for _board in PROTECTIONS:
    for _name, _command, _kind, _address in targets(_board):
        tap.test(f"{_board}: peek faults on {_name}")(
            lambda b=_board, c=_command, k=_kind, a=_address:
            must_fault(b, c, k, a))
    tap.test(f"{_board}: peek faults when it runs its own RAM")(
        lambda b=_board: own_ram_jump(b))
    for _letter, _kind in (("r", "read"), ("w", "write")):
        for _odd in (0, 1):
            tap.test(f"{_board}: the window ends with the step of the break, "
                     f"{_kind}, {_odd} above")(
                lambda b=_board, l=_letter, k=_kind, o=_odd: edge(b, l, k, o))
    for _letter, _kind in (("r", "read"), ("w", "write"), ("j", "jump")):
        tap.test(f"{_board}: peek faults on the other app's RAM, {_kind}")(
            lambda b=_board, l=_letter, k=_kind: other_ram(b, l, k))

    @tap.test(f"{_board}: reading its own flash is allowed")
    def _(board=_board):
        with Neighbours(board).boot() as machine:
            machine.expect(r"^peek: ready$")
            machine.send("f")
            machine.expect(r"^peek: read 0x")
            machine.expect(r"^peek: allowed$")

    @tap.test(f"{_board}: a stack overflow stops only its process")
    def _(board=_board):
        image = Image(board)
        image.install("crash-stack", "ticker")
        with image.boot(args=DETERMINISTIC) as machine:
            bottom = machine.expect(r"^crash-stack: overflowing the stack "
                                    r"down to 0x([0-9a-f]{8})$").group(1)
            start = machine.at
            machine.expect(r"^Process crash-stack faulted and was stopped\.$")
            dump = machine.text[start:machine.at]
            below = [a for a in addresses(dump)
                     if int(bottom, 16) - 512 <= a < int(bottom, 16)]
            tap.check(below, f"no address just below 0x{bottom} in:\n{dump}")
            machine.expect(r"^ticker \d+ at")
            machine.expect(r"^ticker \d+ at")
            tap.check("still alive" not in machine.text, machine.text)

    @tap.test(f"{_board}: a write to kernel memory stops only its process")
    def _(board=_board):
        image = Image(board)
        image.install("crash", "ticker")
        with image.boot(args=DETERMINISTIC) as machine:
            machine.expect(r"^ticker 2 at")
            machine.expect(r"^crash: writing to kernel memory at 0x")
            machine.expect(r"^Process crash faulted and was stopped\.$")
            machine.expect(r"^ticker \d+ at")
            machine.expect(r"^ticker \d+ at")
            tap.check("still alive" not in machine.text, machine.text)


def addresses(text):
    return [int(a, 16) for a in re.findall(r"0x([0-9A-Fa-f]{8})\b", text)]


tap.main()
