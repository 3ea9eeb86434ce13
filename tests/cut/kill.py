#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Kills the real program while it changes a flash image as a board's flash
(--protocol s), boots what is left in QEMU, and completes the command.

    kill.py [KILLS [SEED]]

Each time: an image with some apps, one of them about to be updated, removed
or joined by others; the program killed in the middle of one of its writes
(tests/cut/killer.c); a boot in which every other app has to start and run,
and of the app in question the old or the new version; the command again,
which has to complete; and the list it leaves.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD, Image, app_tab, make_tab, tool  # noqa: E402

SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261125
KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
KILLER = os.path.abspath(f"{BUILD}/cut/killer.so")
PROTOCOL = ("--protocol", "s")

# (command, TABs or names, what stands there at first, what may run of it,
#  what has to run at the end): apps that print and go on.
CASES = [
    ("update", ["hello-v2"], ["ticker", "hello", "sbrk"],
     {"hello": ["version 1", "version 2"]}, {"hello": "version 2"}),
    ("install", ["hello"], ["ticker", "sbrk"],
     {"hello": [None, "version 1"]}, {"hello": "version 1"}),
    ("uninstall", ["hello"], ["hello", "ticker", "sbrk"],
     {"hello": [None, "version 1"]}, {"hello": None}),
    ("uninstall", ["hello"], ["ticker", "sbrk", "hello"],
     {"hello": [None, "version 1"]}, {"hello": None}),
    ("install", ["hello", "sbrk"], ["ticker"],
     {"hello": [None, "version 1"], "sbrk": [None, "ok"]},
     {"hello": "version 1", "sbrk": "ok"}),
]
SAYS = {"ticker": r"^ticker 2 at", "sbrk": r"^sbrk: ok$"}


def arguments(image, command, words):
    names = words if command == "uninstall" else [app_tab(w) for w in words]
    return [f"{BUILD}/bin/tockloader-c", command, "-y", *PROTOCOL, "--board",
            image.board, "--flash-file", image.path, *names]


def start_image(board, apps):
    image = Image(board)
    for app in apps:
        image.loader("install", *PROTOCOL, app_tab(app))
    return image


def writes_of(image, command, words):
    """How many writes the whole command makes; the image stays."""
    before, log = image.bytes(), image.path + ".writes"
    subprocess.run(arguments(image, command, words), check=True,
                   capture_output=True, timeout=60,
                   env={**os.environ, "LD_PRELOAD": KILLER, "KILL_LOG": log})
    with open(image.path, "wb") as file:
        file.write(before)
    with open(log, encoding="ascii") as file:
        return int(file.read())


def kill(image, command, words, at, part):
    done = subprocess.run(arguments(image, command, words), check=False,
                          capture_output=True, timeout=60,
                          env={**os.environ, "LD_PRELOAD": KILLER,
                               "KILL_AT": str(at), "KILL_PART": str(part)})
    tap.equal(done.returncode, -9, f"status of the killed program "
                                   f"({done.stderr.decode()})")


def check_console(text, others, allowed):
    for app in others:
        tap.check(re.search(SAYS[app], text, re.M),
                  f"{app} does not run:\n{text}")
    for app, versions in allowed.items():
        if app == "hello":
            ran = re.findall(r"^hello: (version \d)", text, re.M)
        else:
            ran = ["ok"] * len(re.findall(SAYS[app], text, re.M))
        tap.check(set(ran) <= set(versions) and (ran or None in versions),
                  f"{app}: ran {ran}, allowed {versions}:\n{text}")


def boot_and_check(image, others, allowed):
    with image.boot(seconds=30) as machine:
        machine.expect(r"^ticker 3 at")
        check_console(machine.text, others, allowed)


def one_kill(rng, board, case):
    command, words, apps, allowed, final = case
    image = start_image(board, apps)
    others = [a for a in apps if a not in allowed]
    total = writes_of(image, command, words)
    at, part = rng.randint(1, total), rng.choice([0, 256, rng.randint(1, 255)])
    where = f"write {at} of {total}, {part}/256 of it"
    kill(image, command, words, at, part)
    try:
        boot_and_check(image, others, allowed)
        # Removing again what is gone already has nothing to do: status 7.
        again = subprocess.run(arguments(image, command, words), check=False,
                               capture_output=True, text=True, timeout=60)
        tap.check(again.returncode == 0 or
                  (command == "uninstall" and again.returncode == 7),
                  f"again: {again.returncode} {again.stderr}")
        boot_and_check(image, others, {a: [v] for a, v in final.items()})
    except tap.Failed as failed:
        keep = tempfile.mkdtemp(prefix="tock-kill-")
        shutil.copy(image.path, keep)
        raise tap.Failed(f"{where} (image kept in {keep}): {failed}") from None


def main():
    print(f"# seed {SEED}")
    rng = random.Random(SEED)
    for number in range(KILLS):
        board = ("mps2_an386", "qemu_rv32_virt")[number % 2]
        case = CASES[number // 2 % len(CASES)]
        words = " ".join(case[1])
        tap.test(f"{board}: killed during {case[0]} {words}, number {number}")(
            lambda board=board, case=case: one_kill(rng, board, case))
    tap.main()


main()
