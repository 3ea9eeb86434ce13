#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Commands that rewrite the list of apps in its place, cut off in every write:
recover brings back what was there, repeating the command completes it, and
nothing else touches the board in between. (What is only appended to is tested
in tests/unit/tockloader-c, cut by cut.)
"""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import faults  # noqa: E402
import tap  # noqa: E402

TABS = f"{HERE}/../golden/loader/tabs"
APPS = 0x100000
KILLED = -9


class Board:
    def __init__(self, folder):
        self.folder = folder
        self.image = f"{folder}/b.img"
        self.state = f"{folder}/state"
        self.env = {**os.environ, "XDG_STATE_HOME": self.state}

    def words(self, command, *operands):
        return [command, "--board", "qemu_rv32_virt", "--flash-file",
                self.image, "--protocol", "s", *operands]

    def run(self, command, *operands, status=0):
        done = subprocess.run([faults.TOOL, *self.words(command, *operands)],
                              text=True, capture_output=True, check=False,
                              timeout=30, env=self.env)
        tap.equal(done.returncode, status,
                  f"status of {command} ({done.stderr})")
        return done

    def cut(self, number, command, *operands):
        """Dies in that write; false if there are fewer."""
        done = faults.run(f"die:{number}", *self.words(command, *operands),
                          env=self.env)
        tap.check(done.returncode in (0, KILLED), done.stderr)
        return done.returncode == KILLED

    def region(self):
        with open(self.image, "rb") as file:
            return file.read()[APPS:].ljust(0x100000, b"\xff")

    def copies(self):
        try:
            return os.listdir(f"{self.state}/tockloader-c")
        except FileNotFoundError:
            return []

    def make(self):
        """Three apps, two retired ones in front of and between them."""
        for name in ("blink", "hello", "temp"):
            self.run("install", f"{TABS}/{name}.tab")
        self.run("update", f"{TABS}/blink2.tab")
        self.run("sticky-app", "c_hello")

    def reset(self, original):
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.copy(original, self.image)


def list_of(board):
    return board.run("list", "--plain").stdout


def every_cut(command, *operands, after):
    """Runs after(board, number) behind each cut; the number of cuts."""
    with tempfile.TemporaryDirectory() as folder:
        board = Board(folder)
        board.make()
        board.run("backup", f"{folder}/other.backup")
        board.run("uninstall", "temperature")
        board.run("install", f"{TABS}/main.tab")
        original = f"{folder}/original.img"
        shutil.copy(board.image, original)
        before = board.region(), list_of(board)
        operands = [word.replace("FOLDER", folder) for word in operands]
        board.run(command, *operands)
        done = board.region(), list_of(board)
        tap.check(before != done, "there is nothing to do")
        number = 0
        while True:
            number += 1
            board.reset(original)
            if not board.cut(number, command, *operands):
                tap.equal((board.region(), list_of(board)), done, "the result")
                return number - 1
            after(board, number, before, done, operands)


@tap.test("tidy cut off anywhere: recover brings back what was there")
def _():
    def after(board, number, before, *_):
        tap.equal(len(board.copies()), 1, f"cut {number}: copies")
        refused = board.run("install", f"{TABS}/fixa.tab", status=7)
        tap.check("`tockloader-c recover`" in refused.stderr, refused.stderr)
        board.run("recover")
        tap.check((board.region(), list_of(board)) == before,
                  f"cut {number}: not what was there")
        tap.equal(board.copies(), [], f"cut {number}: copies")
        board.run("install", f"{TABS}/fixa.tab")

    cuts = every_cut("tidy", "--yes", after=after)
    tap.check(cuts >= 3, f"only {cuts} cuts")


@tap.test("tidy cut off anywhere: repeating it completes it")
def _():
    def after(board, number, _, done, *__):
        board.run("tidy", "--yes")
        tap.check((board.region(), list_of(board)) == done,
                  f"cut {number}: not the result")
        tap.equal(board.copies(), [], f"cut {number}: copies")

    every_cut("tidy", "--yes", after=after)


@tap.test("recover cut off anywhere: repeating it brings back what was there")
def _():
    def after(board, number, before, *_):
        again = 0
        while board.cut(again + 1, "recover"):
            tap.equal(len(board.copies()), 1, f"cut {number}, {again}: copies")
            again += 1
        tap.check((board.region(), list_of(board)) == before,
                  f"cut {number}, then {again}: not what was there")

    every_cut("tidy", "--yes", after=after)


@tap.test("restore cut off anywhere: repeating it completes it")
def _():
    def after(board, number, _, done, operands):
        board.run("restore", *operands)
        tap.check((board.region(), list_of(board)) == done,
                  f"cut {number}: not the result")

    cuts = every_cut("restore", "--yes", "FOLDER/other.backup", after=after)
    tap.check(cuts >= 3, f"only {cuts} cuts")


@tap.test("restore in place of recover: the copy is forgotten")
def _():
    def after(board, number, *_):
        board.run("restore", "--yes", f"{board.folder}/other.backup")
        tap.equal(board.copies(), [], f"cut {number}: copies")
        board.run("install", f"{TABS}/main.tab")

    every_cut("tidy", "--yes", after=after)


@tap.test("recover brings a list in order after any cut of any command")
def _():
    with tempfile.TemporaryDirectory() as folder:
        board = Board(folder)
        board.make()
        original = f"{folder}/original.img"
        shutil.copy(board.image, original)
        names = set(board.run("list", "-q").stdout.split())
        cuts = 0
        for command, gone in (
                (["install", "--no-replace", f"{TABS}/hello.tab"], set()),
                (["update", f"{TABS}/blink.tab"], set()),
                (["disable-app", "blink"], set()),
                (["uninstall", "temperature"], {"temperature"}),
                (["erase-apps", "--force"], names)):
            number = 0
            while True:
                number += 1
                board.reset(original)
                if not board.cut(number, *command):
                    break
                cuts += 1
                what = f"{command[0]}, cut {number}"
                done = board.run("recover")
                board.run("verify")
                found = board.run("list", "-q").stdout.split()
                tap.check(names - gone <= set(found), f"{what}: {found}")
                tap.equal("is there twice" in done.stderr,
                          len(found) != len(set(found)), f"{what}: {found}")
                before = board.region()
                board.run("recover")
                tap.check(board.region() == before, f"{what}: recovered twice")
        tap.check(cuts > 20, f"only {cuts} cuts")


@tap.test("a signal while writing: the page is finished, the apps are there")
def _():
    with tempfile.TemporaryDirectory() as folder:
        board = Board(folder)
        board.make()
        original = f"{folder}/original.img"
        shutil.copy(board.image, original)
        names = set(board.run("list", "-q").stdout.split())
        for command, operands, hint in (
                ("update", [f"{TABS}/blink.tab"], "no app was lost"),
                ("install", [f"{TABS}/main.tab"], "no app was lost"),
                ("tidy", ["--yes"], "is not whole now")):
            stopped = 0
            for number in range(1, 40):
                board.reset(original)
                done = faults.run(f"stop:{number}",
                                  *board.words(command, *operands),
                                  env=board.env)
                if done.returncode == 0:
                    continue  # nothing was left to do after that write
                tap.equal(done.returncode, 130, f"{command} {number}")
                tap.check("  hint: " in done.stderr and hint in done.stderr,
                          f"{command} {number}: {done.stderr}")
                stopped += 1
                found = set(board.run("list", "-q").stdout.split())
                tap.check(command == "tidy" or names <= found,
                          f"{command} {number}: {found}")
                board.run(command, *operands)
            tap.check(stopped != 0, f"{command} was never stopped")


tap.main()
