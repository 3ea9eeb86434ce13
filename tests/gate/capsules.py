#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The capsule gate (mk/check-capsules) bites each bad capsule of tests/gate/bad
for its own reason, and lets the good one pass.

A line of a bad capsule that ends in

    /* BAD rule rule... */

breaks these rules; the gate must name them there, and nothing else anywhere.
What the gate must say of the capsule's object, if it compiles, stands in

    /* OBJECT text */
"""
import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD  # noqa: E402

BAD = sorted(glob.glob("tests/gate/bad/*.c"))
GOOD = "tests/gate/good.c"


def commands():
    """The words of $(B)/boards/capsule-commands by their first."""
    with open(f"{BUILD}/boards/capsule-commands", encoding="utf-8") as file:
        lines = [shlex.split(line) for line in file]
    return {words[0]: words[1:] for words in lines}


COMMANDS = commands()
BOARDS = [name for name in COMMANDS if name != "gate"]


def gate(sources, *options):
    """What the gate says, line by line."""
    result = subprocess.run(
        ["mk/check-capsules", *options, *sources, "--", *COMMANDS["gate"]],
        capture_output=True, text=True, timeout=500, check=False)
    tap.equal(result.stderr, "", "errors of the gate")
    tap.equal(result.returncode, 1 if result.stdout else 0, "status")
    return result.stdout.splitlines()


def gate_objects(sources):
    """What it says of them as they are compiled for each board."""
    with tempfile.TemporaryDirectory() as folder:
        options = []
        for board in BOARDS:
            options += ["--objects", f"{folder}/{board}"]
            for source in sources:
                target = f"{folder}/{board}/{source[:-2]}.o"
                os.makedirs(os.path.dirname(target), exist_ok=True)
                subprocess.run(
                    [*COMMANDS[board], "-w", "-c", source, "-o", target],
                    check=True, timeout=60)
        return gate(sources, *options)


def expected(source):
    """{(line, rule)}, [text about the object]"""
    rules, texts = set(), []
    with open(source, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            marks = re.search(r"/\* BAD ([a-z ]+) \*/", line)
            for rule in marks[1].split() if marks else ():
                rules.add((number, rule))
            texts += re.findall(r"/\* OBJECT (.*) \*/", line)
    return rules, texts


def found(source):
    """{(line, rule)}"""
    rules = set()
    for line in FOUND:
        parts = re.match(rf"{source}:(\d+): .* \[([a-z]+)\]; \w", line)
        if parts:
            rules.add((int(parts[1]), parts[2]))
    return rules


FOUND = gate(BAD)
OF_OBJECTS = gate_objects([s for s in BAD if expected(s)[1]])


def must_bite(source):
    rules, texts = expected(source)
    tap.check(rules or texts, f"{source} says nothing that is bad")
    tap.equal(sorted(found(source)), sorted(rules), "lines and rules")
    for text in texts:
        for board in BOARDS:
            tap.check(any(f"/{board}/{source[:-2]}.o: " in line and text in line
                          for line in OF_OBJECTS), f"{board}: no '{text}'")


for path in BAD:
    tap.test(f"a bad capsule: {os.path.basename(path)[:-2]}")(
        lambda source=path: must_bite(source))


@tap.test("the gate says nothing else")
def _():
    tap.equal([line for line in FOUND if not line.startswith(tuple(
        f"{source}:" for source in BAD))], [], "findings elsewhere")


@tap.test("each rule has a bad capsule")
def _():
    with open("mk/check-capsules", encoding="utf-8") as file:
        table = re.search(r"^INSTEAD = \{(.*?)^\}", file.read(), re.M | re.S)
    rules = set(re.findall(r'^    "(\w+)":', table[1], re.M))
    shown = {rule for source in BAD for _, rule in expected(source)[0]}
    tap.equal(sorted(rules - shown), ["symbol"], "rules without one")


@tap.test("each rule is told in docs/capsules.md")
def _():
    with open("mk/check-capsules", encoding="utf-8") as file:
        table = re.search(r"^INSTEAD = \{(.*?)^\}", file.read(), re.M | re.S)
    with open("docs/capsules.md", encoding="utf-8") as file:
        document = file.read()
    for rule in re.findall(r'^    "(\w+)":', table[1], re.M):
        tap.check(f"| `{rule}` |" in document, f"no row for {rule}")


@tap.test("a good capsule passes, on every board")
def _():
    tap.equal(gate_objects([GOOD]), [], "findings")


tap.main()
