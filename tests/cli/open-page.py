#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A page that the kernel was rewriting when its power failed: commands that
look take it as it will be and write nothing, the first that writes completes
it, and what the kernel starts afterwards is all there (lib/journal)."""
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD, Image, app_tab, board_value  # noqa: E402

BOARD = "mps2_an386"
PAGE = 4096
END = 24  # in a record: eight bytes that close it


def fnv(data):
    value = 0x811c9dc5
    for byte in data:
        value = (value ^ byte) * 0x01000193 & 0xffffffff
    return value


def write(image, offset, data):
    with open(image.path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def place(image, key):
    return image.offset(board_value(image.board, key))


def leave_open(image, is_damaged=False):
    """The first page of the apps, as a cut behind its erasure leaves it."""
    apps, journal = (place(image, k) for k in ("apps.start", "journal.start"))
    copy = image.bytes()[apps:apps + PAGE].ljust(PAGE, b"\xff")
    head = struct.pack("<4sII", b"PAGE", apps - place(image, "storage.start"),
                       fnv(copy) ^ is_damaged)
    record = (head + struct.pack("<I", fnv(head))).ljust(32, b"\xff")
    write(image, journal, record.ljust(PAGE, b"\xff") + copy)
    if not is_damaged:
        write(image, apps, b"\xff" * PAGE)
    return copy


def run(image, command, *operands):
    done = subprocess.run(
        [f"{BUILD}/bin/tockloader-c", command, "--board", BOARD,
         "--flash-file", image.path, *operands], check=False, text=True,
        capture_output=True, timeout=60)
    tap.equal(done.returncode, 0, f"status of {command}: {done.stderr}")
    return done


def start(*apps, with_kernel=False):
    image = Image(BOARD, with_kernel=with_kernel)
    image.install(*apps)
    return image


@tap.test("commands that look take the page as it will be, and write nothing")
def _():
    image = start("hello", "ticker")
    whole = run(image, "list", "--plain").stdout
    leave_open(image)
    before = image.bytes()
    for command in (["list", "--plain"], ["verify"], ["map"],
                    ["uninstall", "--dry-run", "hello"],
                    ["backup", f"{image.folder}/b.backup"]):
        done = run(image, *command)
        tap.check("was rewriting the page at 0x21100000" in done.stderr,
                  f"{command}: {done.stderr}")
        tap.check(image.bytes() == before, f"{command} wrote")
        tap.check(command[0] != "list" or done.stdout == whole, done.stdout)


@tap.test("what writes completes the page first and closes the record")
def _():
    for protocol in ([], ["--protocol", "s"]):
        for command in (["install", app_tab("blink")], ["recover"],
                        ["update", app_tab("hello")]):
            image = start("hello", "ticker")
            copy, end = leave_open(image), place(image, "journal.start") + END
            apps = place(image, "apps.start")
            done = run(image, *command, *protocol)
            tap.check("completed the page at 0x21100000" in done.stderr,
                      f"{command}: {done.stderr}")
            found = image.bytes()
            tap.check(found[apps:apps + len(copy)][:64] == copy[:64],
                      f"{command}: the page is not whole")
            tap.equal(found[end:end + 8], bytes(8), f"{command}: the record")
            tap.equal(run(image, "verify").stderr, "", "verify afterwards")


@tap.test("an open record that is damaged changes nothing")
def _():
    image = start("hello", "ticker")
    leave_open(image, is_damaged=True)
    record = image.bytes()[place(image, "journal.start"):][:32]
    done = run(image, "install", app_tab("blink"))
    tap.check("rewriting" not in done.stderr, done.stderr)
    tap.equal(image.bytes()[place(image, "journal.start"):][:32], record,
              "the record")


@tap.test("the kernel starts what was installed while a page was open")
def _():
    image = start("hello", "ticker", with_kernel=True)
    leave_open(image)
    run(image, "install", "--protocol", "s", app_tab("blink"))
    run(image, "uninstall", "--protocol", "s", "hello")
    with image.boot() as machine:
        machine.expect(r"^ticker 1 at", 120)
        tap.check("Hello World" not in machine.text, machine.tail())


tap.main()
