#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""docs/boards.md says what boards/*/board.json say."""
import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import ALL_BOARDS  # noqa: E402

PATHS = sorted(glob.glob("boards/*/board.json"))


def document():
    with open("docs/boards.md", encoding="utf-8") as file:
        return file.read()


@tap.test("the table of memory maps is the one that mk/board.py makes")
def _():
    table = subprocess.run(["mk/board.py", "map", *PATHS], check=True,
                           capture_output=True, text=True).stdout
    tap.check(table in document(), "paste the output of\n"
              "mk/board.py map boards/*/board.json\n" + table)


@tap.test("every board has a row, and is tested")
def _():
    for path in PATHS:
        board = path.split("/")[1]
        tap.check(f"| `{board}` | `" in document(), board)
        tap.check(board in ALL_BOARDS, f"{board}: no test knows it")


tap.main()
