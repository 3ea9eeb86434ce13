#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Every exit status that a help text of tockloader-c promises, brought about
with that command: right status, one error, a hint where the status is one
that a user can do something about, and no change of the image unless the
fault is one of writing. 1 is for bugs and cannot be tested.
"""
import fcntl
import glob
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import faults  # noqa: E402
import tap  # noqa: E402

TOOL = faults.TOOL
TABS = f"{HERE}/../golden/loader/tabs"
BLINK, BLINK2, HELLO, MAIN = (f"{TABS}/{name}.tab" for name in
                              ("blink", "blink2", "hello", "main"))
APPS = 0x100000
os.environ["LC_ALL"] = "C.UTF-8"

# What each command is given so that it has something to write.
WORK = {
    "install": [MAIN], "update": [BLINK2], "uninstall": ["blink"],
    "enable-app": ["temperature"], "disable-app": ["blink"],
    "sticky-app": ["blink"], "unsticky-app": ["c_hello"], "erase-apps": [],
    "restore": ["FOLDER/apps.backup", "--yes"], "recover": [],
    "tidy": ["--yes"], "flash": [f"{TABS}/../README.md"], "list": [],
    "map": [], "verify": [], "backup": ["FOLDER/new.backup"],
}
# What brings about status 7, the state of the board, and 6 without a fault.
STATE = {
    "update": [MAIN], "uninstall": ["nosuch"], "enable-app": ["nosuch"],
    "disable-app": ["nosuch"], "sticky-app": ["nosuch"],
    "unsticky-app": ["nosuch"], "restore": ["FOLDER/apps.backup"],
    "tidy": [], "flash": ["FOLDER/large"], "verify": [MAIN],
}


class Board:
    """An image with work for every command, changed like a board's flash."""

    def __init__(self):
        self.keep = tempfile.TemporaryDirectory()
        self.folder = self.keep.name
        self.image = f"{self.folder}/b.img"
        self.env = {**os.environ, "XDG_STATE_HOME": f"{self.folder}/state"}
        self.must("install", BLINK, HELLO)
        self.must("backup", f"{self.folder}/apps.backup")
        self.must("install", f"{TABS}/temp.tab")
        self.must("disable-app", "temperature")
        self.must("sticky-app", "c_hello")  # leaves a retired copy
        with open(f"{self.folder}/large", "wb") as file:
            file.write(bytes(600000))

    def words(self, command, operands=None):
        operands = WORK[command] if operands is None else operands
        return [command, "--board", "qemu_rv32_virt", "--flash-file",
                self.image, *(["--protocol", "s"] if self.is_changed(command)
                              else []),
                *(word.replace("FOLDER", self.folder) for word in operands)]

    @staticmethod
    def is_changed(command):
        return command not in ("list", "map", "verify", "backup")

    def must(self, command, *operands):
        subprocess.run([TOOL, *self.words(command, operands)], check=True,
                       capture_output=True, timeout=30)

    def bytes(self):
        with open(self.image, "rb") as file:
            return file.read()

    def poke(self, offset, data):
        with open(self.image, "r+b") as file:
            file.seek(APPS + offset)
            file.write(data)

    def end(self):
        done = subprocess.run([TOOL, *self.words("list"), "--json"],
                              check=True, capture_output=True, timeout=30)
        region = json.loads(done.stdout)["region"]
        return region["end"] - region["start"]

    def leave_rest(self):
        """Zeros behind the list: nothing that counts, but not erased."""
        self.poke((self.end() + 4095) // 4096 * 4096 + 64, bytes(64))


def plain(board, command, operands=None):
    return subprocess.run([TOOL, *board.words(command, operands)], text=True,
                          capture_output=True, check=False, timeout=30,
                          env=board.env)


def usage(board, command):
    return plain(board, command, ["--no-such-option"])


def no_input(board, command):
    board.image = board.folder  # no regular file
    return plain(board, command)


def locked(board, command):
    with open(board.image, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return plain(board, command)


def broken(board, command):
    return faults.run("fail:1", *board.words(command), env=board.env)


def lying(board, command):
    if command == "verify":
        board.poke(300, b"\x77")
        return plain(board, command, [BLINK])
    return faults.run("lie:1", *board.words(command), env=board.env)


def forbidden(board, command):
    if command in ("install", "recover"):
        board.poke(0, bytes(64))  # the list is lost, apps stand behind it
    return plain(board, command, STATE.get(command))


def wait_for_open(pid, path):
    """Until the process has the file open: it catches signals by then."""
    end = time.time() + 1.5  # it waits for the lock for two seconds
    while time.time() < end:
        for fd in glob.glob(f"/proc/{pid}/fd/*"):
            try:
                if os.readlink(fd) == os.path.realpath(path):
                    return
            except OSError:
                pass
        time.sleep(0.005)


def interrupted(board, command):
    with open(board.image, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        process = subprocess.Popen([TOOL, *board.words(command)], text=True,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        wait_for_open(process.pid, board.image)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


CAUSES = {2: usage, 3: no_input, 4: locked, 5: broken, 6: lying, 7: forbidden,
          130: interrupted}
WITH_HINT = {2, 4, 5, 6, 7}


def check(command, status):
    board = Board()
    if command == "recover" and status in (5, 6):
        board.leave_rest()
    image = board.image
    if status == 7 and command in ("install", "recover"):
        before = None
    else:
        before = board.bytes()
    done = CAUSES[status](board, command)
    tap.equal(done.returncode, status, f"status ({done.stdout}{done.stderr})")
    tap.equal(len(re.findall(r"^error: ", done.stderr, re.M)), 1,
              f"errors in {done.stderr}")
    tap.check(status not in WITH_HINT or "\n  hint: " in done.stderr,
              f"no hint in {done.stderr}")
    board.image = image
    if status not in (5, 6) and before is not None:
        tap.check(board.bytes() == before, "the image was changed")


def promised():
    """(command, statuses) from the help texts."""
    text = subprocess.run([TOOL, "--help"], text=True, capture_output=True,
                          check=True, timeout=30).stdout
    for line in text.split("\nOptions")[0].splitlines():
        if not re.match(r"(Apps|Board|Setup| {8}) *[a-z]", line):
            continue
        for name in line[8:].split():
            text = subprocess.run([TOOL, "help", name], text=True,
                                  capture_output=True, check=True,
                                  timeout=30).stdout
            promise = re.search(r"Exit status: (.*?); tockloader-c\(1\)", text,
                                re.S)[1]
            yield name, {int(n) for n in re.findall(r"\d+", promise)} - {0, 1}


def main():
    faults.library()
    # Much of it is waiting: for locks, and before signals.
    with ThreadPoolExecutor(8) as pool:
        for command, statuses in promised():
            if command == "plan":  # they are those of the command behind it
                continue
            for status in sorted(statuses):
                done = pool.submit(check, command, status)
                tap.test(f"{command} ends with status {status}")(done.result)
        tap.main()


main()
