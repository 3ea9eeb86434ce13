#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""mk/check-stack refuses kernels whose stack has no bound or too large a one,
each for its own reason, and lets the kernel pass that is linked the same way
with a harmless function instead."""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
import variant  # noqa: E402

BUG = "tests/gate/stack/bug.c"
HARMLESS, RECURSION, WIDE, GROWS, UNKNOWN, BY_POINTER = range(6)


def judge(board, bug, *options):
    """Status and text of mk/check-stack on the board's kernel with a bug."""
    with tempfile.TemporaryDirectory() as folder:
        variant.kernel(board, folder, BUG, ["led_init"], f"-DBUG={bug}", "-g",
                       "-fcallgraph-info=su")
        done = subprocess.run(
            ["mk/check-stack", *options, f"{folder}/kernel.elf",
             *variant.objects_of(board), f"{folder}/extra.o"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=300, check=False)
        return done.returncode, done.stdout


def refused(board, bug, pattern):
    status, text = judge(board, bug)
    tap.equal(status, 1, f"status; it says {text}")
    tap.check(re.search(pattern, text), f"no /{pattern}/ in {text}")


def passes(board):
    status, text = judge(board, HARMLESS)
    tap.equal(status, 0, f"status; it says {text}")


def stale_line(board):
    with tempfile.NamedTemporaryFile("w", suffix=".stack") as file:
        with open("mk/stack", encoding="utf-8") as declared:
            file.write(declared.read())
        file.write("both never nobody:* nobody:*\n")
        file.flush()
        status, text = judge(board, HARMLESS, "--declared", file.name)
    tap.equal(status, 1, "status")
    tap.check("nothing is left out by this line" in text, text)


BUGS = {
    "a recursion": (RECURSION, r"a circle: \S*:bug > \S*:bug$"),
    "a frame that does not fit": (WIDE, r"the stack is too small$"),
    "a frame that grows": (GROWS, r":\w+: its frame is dynamic$"),
    "an unknown frame": (UNKNOWN, "without_frame: its frame is not"),
    "a recursion through a table": (BY_POINTER,
                                    r"a circle: \S*:command > \S*:command$"),
}
# Each once; what compiler and objects may do differently on both.
CASES = {"mps2_an386": tuple(BUGS), "qemu_rv32_virt": ("a recursion",)}

for _board, _names in CASES.items():
    tap.test(f"{_board}: a kernel like any other passes")(
        lambda b=_board: passes(b))
    for _name in _names:
        tap.test(f"{_board}: {_name} is refused")(
            lambda b=_board, case=BUGS[_name]: refused(b, *case))
tap.test("a line of mk/stack that leaves nothing out is refused")(
    lambda: stale_line("mps2_an386"))

tap.main()
