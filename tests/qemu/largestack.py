#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""An app that calls all of its memory its stack, and faults: the dump looks for
how much of it was used, and an app beside it misses no beat meanwhile.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
import variant  # noqa: E402
from board import DETERMINISTIC, PROTECTIONS, Image  # noqa: E402
from hostile import BEAT_US, HERE, SLOT, Arena  # noqa: E402

RAM = 0x18000


def app(image, name, slot, heap):
    is_arm = image.board.startswith("mps2")
    place = None if is_arm else (0x80100400 + slot * SLOT,
                                 0x80300000 + slot * 0x10000)
    fixed = () if is_arm else ("--protected-region-size", "1024")
    return variant.app(image.folder, name, [f"{HERE}/{name}.c"],
                       "cortex-m4" if is_arm else "rv32imac", place,
                       ["--app-heap", str(heap), "--kernel-heap", "2048",
                        *fixed])


def dump_beside(board):
    image = Image(board)
    image.install(app(image, "heartbeat", 0, 1024), app(image, "dumped", 1, RAM))
    with image.boot(300, DETERMINISTIC) as machine:
        size = int(machine.expect(r"^dumped: (\d+) bytes of stack$").group(1))
        tap.check(size > RAM // 2, f"only {size} bytes")
        machine.expect(r"^Process dumped faulted and was stopped\.$")
        Arena.expect_beat(machine, 20)
        text = machine.text
    worst = int(re.findall(r"^heartbeat \d+ worst (\d+) us", text, re.M)[-1])
    tap.check("Stack" in text, "no dump")
    tap.check(worst < BEAT_US, f"a beat was {worst} us late: missed")
    print(f"# {board}: {size} bytes: {worst / 1000:.1f} ms late at most")


for _board in PROTECTIONS:
    tap.test(f"{_board}: a heartbeat beside the dump of a large stack")(
        lambda b=_board: dump_beside(b))
tap.main()
