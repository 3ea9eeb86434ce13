#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""tockloader-c(1) and the program say the same: every command has a section
with exactly its own options, and every help text fits a screen.
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import tap  # noqa: E402

TOOL = os.path.abspath(os.environ.get("B", "build")) + "/bin/tockloader-c"
MANUAL = os.path.join(HERE, "..", "..", "docs", "man", "tockloader-c.1")
ALIAS_OPTIONS = re.compile(r"(?:-(\w), )?--([a-z0-9-]+)")


def run(*args):
    return subprocess.run([TOOL, *args], text=True, capture_output=True,
                          check=True, timeout=30).stdout


def commands():
    """Names from the groups of the help text."""
    names = []
    for line in run("--help").split("\nOptions")[0].splitlines():
        if re.match(r"(Apps|Files|Board|Setup| {8}) *[a-z]", line):
            names += line[8:].split()
    return names


def options(text):
    """(letter, name) of each option of a help text."""
    found = set()
    for line in text.split("Options", 1)[1].splitlines():
        # What explains options stands behind two blanks, or in column 32.
        spelled = re.split(r"(?<=\S)  ", line, maxsplit=1)[0]
        if line.startswith("  -"):
            found |= set(ALIAS_OPTIONS.findall(spelled))
    return found


def sections():
    """The options that each section of the manual describes."""
    found, where = {}, None
    with open(MANUAL, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[:1] in ([".Ss"], [".Sh"]):
                where = words[1] if words[0] == ".Ss" else line[4:].strip()
                found[where] = set()
            match = re.match(r"\.It Fl (?:(\w) , Fl )?-([a-z0-9-]+)", line)
            if match:
                found[where].add((match[1] or "", match[2]))
    return found


@tap.test("the manual is well-formed mdoc")
def _():
    lint = subprocess.run(["mandoc", "-T", "lint", MANUAL], text=True,
                          capture_output=True, check=False, timeout=30).stdout
    # elf2tbf(1) need not be installed.
    complaints = [line for line in lint.splitlines()
                  if "referenced manual not found" not in line]
    tap.equal(complaints, [], "mandoc -T lint")


@tap.test("the manual has a section for each command, with its options")
def _():
    common = options(run("--help"))
    manual = sections()
    tap.equal(manual["OPTIONS OF ALL COMMANDS"], common, "common options")
    tap.check(len(commands()) > 5, f"commands: {commands()}")
    for name in commands():
        tap.check(name in manual, f"no section about {name}")
        tap.equal(sorted(manual[name]),
                  sorted(options(run("help", name)) - common),
                  f"options of {name}")


@tap.test("the manual lists every exit status that a help text mentions")
def _():
    with open(MANUAL, encoding="utf-8") as file:
        text = file.read().split(".Sh EXIT STATUS")[1]
    listed = set(re.findall(r"^\.It (\d+)$", text, re.M))
    for name in commands():
        line = re.search(r"Exit status: (.*)", run("help", name), re.S)[1]
        line = line.split("tockloader-c(1)")[0]
        tap.check(set(re.findall(r"\d+", line)) <= listed, f"{name}: {line}")


@tap.test("every help text fits 24 lines of 80 columns")
def _():
    for args in (["--help"], *(["help", name] for name in commands())):
        lines = run(*args).splitlines()
        tap.check(len(lines) <= 24, f"{args}: {len(lines)} lines")
        for line in lines:
            tap.check(len(line) <= 80, f"{args}: {line}")


tap.main()
