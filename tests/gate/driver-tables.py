#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The check of drivers' headers (mk/check-driver-tables) lets ours pass and
bites each thing that a header, or its source, may come to lack."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402


def check(*sources):
    """What it says, line by line, without the header's name."""
    result = subprocess.run(["mk/check-driver-tables", *sources],
                            capture_output=True, text=True, timeout=60,
                            check=False)
    tap.equal(result.stderr, "", "errors of the check")
    tap.equal(result.returncode, 1 if result.stdout else 0, "status")
    return [line.split(": ", 1)[1] for line in result.stdout.splitlines()]


@tap.test("every driver's header tells what it does")
def _():
    tap.equal(check(*sorted(glob.glob("capsules/*/*.c"))), [], "findings")


# What is done to a driver, by a regular expression, and what is said of it.
CASES = (
    ("a command that the table leaves out", "crc.h",
     r" \*   command 1 .*\n( \*     .*\n)*", "",
     ["the table has no row 'command 1'", "BUSY: in", "INVAL: in",
      "NOMEM: in", "SIZE: in"]),
    ("a command that the source has not", "crc.h",
     r"(?= \*   read-only 0)", " *   command 2       nothing      Success\n",
     ["the source has no command 2"]),
    ("a new command of the source", "crc.c", "CMD_COMPUTE = 1",
     "CMD_COMPUTE = 1, CMD_MORE = 2", ["the table has no row 'command 2'"]),
    ("a row that clang-format took for text", "hmac.h",
     r"\n \*\s*done\n \*   upcall 1", r"\n * done upcall 1",
     ["belongs to no row: 'done upcall 1", "the table has no row 'upcall 1'",
      "the last upcall is number 1"]),
    ("a row that stands there twice", "crc.h", r"( \*   command 0.*\n)",
     r"\1\1", ["the table has a row twice"]),
    ("a command that only fails", "crc.h", "Success, INVAL", "INVAL",
     ["command 1: when is it a Success?"]),
    ("an error that is not explained", "crc.h", r" \*   BUSY .*\n", "",
     ["BUSY: in"]),
    ("an error that nothing answers", "crc.h", r"(?= \*   BUSY)",
     " *   ALREADY     it is summed\n", ["ALREADY: in"]),
    ("an error of the source's that is not told", "crc.c", "TOCK_SIZE",
     "TOCK_CANCEL", ["the source has CANCEL"]),
    ("an upcall without its values", "crc.h", r"\(status, sum, alg\)", "a sum",
     ["upcall 0: what are its three values?"]),
    ("a buffer that is not told", "crc.h", r" \*   read-only 0.*\n", "",
     ["the last read-only is number 0"]),
    ("a buffer that is none", "crc.h", r"(?= \*   upcall 0)",
     " *   read-write 0     nothing\n", ["the source has no read-write 0"]),
    ("a buffer of class 7 that is not told", "read_only_state.h",
     "userspace-readable 0", "read-only 0",
     ["the source has no read-only 0", "userspace-readable: row and source"]),
    ("indices that are not told", "ipc.h", r" \*   upcall i.*\n", "",
     ["the table has no row 'upcall i'"]),
    ("another driver's number", "crc.h", "0x40002", "0x40003",
     ["abi.h has no TOCK_DRIVER_CRC 0x40003"]),
    ("no number", "crc.h", r"\(TOCK_DRIVER_CRC\)", "",
     ["names no TOCK_DRIVER_"]),
    ("no table", "led.h", r" \*   command 0", " *   commands",
     ["has no table"]),
    ("nothing about a process that ends", "led.h", "Process ends:", "",
     ["says nothing behind 'Process ends:'"]),
    ("nothing about buffers", "crc.h", "Buffers:", "",
     ["says nothing behind 'Buffers:'"]),
)


def must_bite(name, what, by, said):
    with tempfile.TemporaryDirectory() as folder:
        stem = name[:-2]
        for found in glob.glob(f"capsules/*/{stem}.[ch]"):
            shutil.copy(found, folder)
        with open(f"{folder}/{name}", encoding="utf-8") as file:
            text = file.read()
        changed = re.sub(what, by, text)
        tap.check(changed != text, f"{name} has no {what}")
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(changed)
        findings = check(f"{folder}/{stem}.c")
    tap.equal(len(findings), len(said), f"findings in {findings}")
    for text in said:
        tap.check(any(f.startswith(text) for f in findings),
                  f"no '{text}' in {findings}")


for case, *rest in CASES:
    tap.test(case)(lambda rest=rest: must_bite(*rest))

tap.main()
