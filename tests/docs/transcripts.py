#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs every ```console block of the documents and compares its output.

Lines that start with "$ " are commands; what follows is all that they print
(stdout and stderr), where a line "..." stands for any lines. A `boards/*/run`
command is stopped once the lines shown have been seen.
"""
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.abspath(os.environ.get("B", "build"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def steps(block):
    """(command, expected lines) for each command of a block."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def pattern(lines):
    """A regex for the lines, in order."""
    parts = [r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n"
             for line in lines]
    return re.compile("".join(parts))


def run_board(command, lines, folder):
    wanted, seen = pattern(lines), b""
    process = subprocess.Popen(
        ["timeout", "--foreground", "-s", "KILL", "30", "sh", "-c",
         "exec " + command], cwd=folder, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True)
    try:
        while True:
            data = os.read(process.stdout.fileno(), 65536)
            seen += data
            text = seen.decode("utf-8", "replace").replace("\r\n", "\n")
            if wanted.match(text):
                return
            tap.check(data, f"{command} printed\n{text}")
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()


def run_tool(command, lines, folder):
    done = subprocess.run(["sh", "-c", command], cwd=folder, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    tap.check(pattern(lines).fullmatch(done.stdout),
              f"{command} printed\n{done.stdout}instead of\n" +
              "\n".join(lines))
    tap.equal(done.returncode, 0, f"status of {command}")


def run_block(block):
    folder = tempfile.mkdtemp(prefix="tock-docs-")
    try:
        os.symlink(BUILD, f"{folder}/build")
        os.symlink(f"{TOP}/boards", f"{folder}/boards")
        for command, lines in steps(block):
            if command.startswith("boards/"):
                run_board(command, lines, folder)
            else:
                run_tool(command, lines, folder)
    finally:
        shutil.rmtree(folder)


for _path in sorted(["README.md", *glob.glob("docs/*.md")]):
    for _number, _block in enumerate(
            BLOCK.findall(open(_path, encoding="utf-8").read()), 1):
        tap.test(f"{_path}: transcript {_number} is what happens")(
            lambda b=_block: run_block(b))

tap.main()
