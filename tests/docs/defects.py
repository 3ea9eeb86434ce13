#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""docs/defects.md answers every defect, and the tests it names exist."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402

DEFECTS = [f"D{n}" for n in range(1, 37)] + ["D4a"]
ROW = re.compile(r"^\| (D\d+a?) \| (.+) \| (.+) \| (.*)\|$", re.M)


def rows():
    with open("docs/defects.md", encoding="utf-8") as file:
        return {row[0]: row[1:] for row in ROW.findall(file.read())}


def exists(path, name):
    with open("tests/" + path, encoding="utf-8") as file:
        text = " ".join(file.read().split())
    if re.search(r"unit/.*\.c$", path):
        return re.search(rf"\bTest\(\w+, *\w*{re.escape(name)}\w*", text)
    return name in text.replace('" "', "").replace('" f"', "")


@tap.test("every defect is answered")
def _():
    found = rows()
    tap.equal(sorted(found), sorted(DEFECTS), "rows of docs/defects.md")
    for number, (_, answer, tests) in found.items():
        tap.check(tests.strip() or "cannot arise" in answer,
                  f"{number} has neither a test nor a reason")


@tap.test("every test that is named exists")
def _():
    missing = []
    for number, (_, _, tests) in rows().items():
        path = None
        for part in re.split(r"[;,] ", tests.strip()):
            named = re.match(r"`([^`]+)`: (.+)", part)
            path, name = named.groups() if named else (path, part)
            if path and not exists(path, name):
                missing.append(f"{number}: {path}: {name}")
    tap.equal(missing, [], "tests that do not exist")


tap.main()
