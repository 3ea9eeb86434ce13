#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the kernel does for an app in one go is longer the more memory the app
has; an app beside it misses no beat meanwhile.

The dump of one that calls all of its memory its stack looks for how much of it
was used. One that takes and gives back all of its memory has it cleared.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
import variant  # noqa: E402
from board import DETERMINISTIC, PROTECTIONS, Image  # noqa: E402
from hostile import BEAT_US, HERE, SLOT, Arena  # noqa: E402

DUMPED_HEAP = 0x18000
# About what the board has.
SWING_HEAP = {"mps2_an386": 0x1b000, "mps2_an505": 0x38000,
              "qemu_rv32_virt": 0x90000}
SPINNING = 5


def app(image, name, slot, heap, source=None):
    is_arm = image.board.startswith("mps2")
    place = None if is_arm else (0x80100400 + slot * SLOT,
                                 0x80300000 + slot * 0x10000)
    fixed = () if is_arm else ("--protected-region-size", "1024")
    return variant.app(image.folder, name, [source or f"{HERE}/{name}.c"],
                       "cortex-m4" if is_arm else "rv32imac", place,
                       ["--app-heap", str(heap), "--kernel-heap", "2048",
                        *fixed])


def beat_beside(board, first_line, *apps):
    """What the app at the front says, and all the text when the heartbeat has
    beaten 20 times."""
    image = Image(board)
    image.install(app(image, "heartbeat", 0, 1024),
                  *(app(image, *each) for each in apps))
    with image.boot(300, DETERMINISTIC) as machine:
        size = int(machine.expect(first_line).group(1))
        Arena.expect_beat(machine, 20)
        text = machine.text
    worst = int(re.findall(r"^heartbeat \d+ worst (\d+) us", text, re.M)[-1])
    tap.check(worst < BEAT_US, f"a beat was {worst} us late: missed")
    print(f"# {board}: {size} bytes: {worst / 1000:.1f} ms late at most")
    return size, text


def dump_beside(board):
    size, text = beat_beside(board, r"^dumped: (\d+) bytes of stack$",
                             ("dumped", 1, DUMPED_HEAP))
    tap.check(size > DUMPED_HEAP // 2, f"only {size} bytes")
    tap.check("Process dumped faulted and was stopped." in text, text)
    tap.check("Stack" in text, "no dump")


def swing_beside(board):
    heap = SWING_HEAP[board]
    spins = ((f"spin{i}", 1 + i, 0, "apps/spin/main.c")
             for i in range(SPINNING))
    size, _ = beat_beside(board, r"^swing: (\d+) bytes to and fro$",
                          ("swing", 1 + SPINNING, heap), *spins)
    tap.check(size >= heap, f"only {size} bytes")


for _board in PROTECTIONS:
    tap.test(f"{_board}: a heartbeat beside the dump of a large stack")(
        lambda b=_board: dump_beside(b))
    tap.test(f"{_board}: a heartbeat beside memory that is taken and given")(
        lambda b=_board: swing_beside(b))
tap.main()
