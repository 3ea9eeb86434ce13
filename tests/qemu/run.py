#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What boards/<board>/run promises about FLASH, KERNEL and QEMU's arguments."""
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD, PROTECTIONS, Image, board_value  # noqa: E402


def on_each_board(name):
    def register(function):
        for board in PROTECTIONS:
            tap.test(f"{board}: {name}")(lambda b=board: function(b))
        return function
    return register


def other(board):
    """A board whose kernel lies elsewhere."""
    return "mps2_an505" if board == "mps2_an386" else "mps2_an386"


def elf(board):
    return f"{BUILD}/boards/{board}/kernel.elf"


def run(board, path, *args, kernel=None):
    """To the end; for what fails or does not boot."""
    env = {k: v for k, v in os.environ.items() if k != "KERNEL"}
    if kernel:
        env["KERNEL"] = kernel
    return subprocess.run(
        ["timeout", "-s", "KILL", "20", f"boards/{board}/run", path, *args],
        env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def must_refuse(board, path, reason, kernel=None):
    before = read(path) if os.path.isfile(path) else None
    done = run(board, path, kernel=kernel)
    tap.check(done.returncode not in (0, -9, 137), f"status {done.returncode}")
    lines = done.stderr.splitlines()
    tap.check(len(lines) == 1 and lines[0].startswith("error: ") and
              reason in lines[0], f"stderr: {done.stderr!r}")
    tap.equal(done.stdout, "", "stdout")
    if before is not None:
        tap.check(read(path) == before, "the image was changed")


@on_each_board("a blank kernel area is an error and leaves the image alone")
def blank(board):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/flash.img"
        for content in (b"", b"\xff" * 4096, bytes(4096)):
            write(path, content)
            must_refuse(board, path, "no kernel")


@on_each_board("an image longer than the flash is an error")
def too_long(board):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/flash.img"
        size = board_value(board, "flash.size")
        write(path, b"\1" * (size + 1))
        must_refuse(board, path, str(size))


@on_each_board("what is no file is an error")
def no_file(board):
    with tempfile.TemporaryDirectory() as folder:
        must_refuse(board, f"{folder}/missing", "No such file")
        must_refuse(board, folder, "directory")
        must_refuse(board, "/dev/null", "not a regular file")


@on_each_board("a kernel that is none of this board's is an error")
def wrong_kernel(board):
    image = Image(board)
    image.install("hello")
    must_refuse(board, image.path, "kernel area", kernel=elf(other(board)))
    must_refuse(board, image.path, "ELF", kernel="README.md")
    must_refuse(board, image.path, "No such file", kernel="missing.elf")
    short = f"{image.folder}/short.elf"
    write(short, read(elf(board))[:5000])
    must_refuse(board, image.path, "truncated", kernel=short)


@on_each_board("a short image is extended with 0xff to the flash's size")
def extended(board):
    image = Image(board)
    image.install("hello")
    before = image.bytes()
    size = board_value(board, "flash.size")
    with image.boot() as machine:
        machine.expect(r"^Hello World!$")
    after = image.bytes()
    tap.equal(len(after), size, "size")
    tap.check(after[:len(before)] == before, "existing bytes were changed")
    tap.check(set(after[len(before):]) <= {0xff}, "extended with other bytes")


@on_each_board("KERNEL replaces the kernel area and nothing else")
def kernel_replaced(board):
    image = Image(board)
    image.install("hello")
    start = image.offset(board_value(board, "kernel.start"))
    end = start + board_value(board, "kernel.size")
    fresh = image.kernel_bytes()
    image.poke(board_value(board, "kernel.start"), b"\x55" * (end - start))
    before = image.bytes()
    os.environ["KERNEL"] = elf(board)
    try:
        with image.boot() as machine:
            machine.expect(r"^Hello World!$")
    finally:
        del os.environ["KERNEL"]
    after = image.bytes()
    tap.check(after[start:end] == fresh, "kernel area is not the kernel")
    tap.check(after[:start] + after[end:len(before)] ==
              before[:start] + before[end:], "other bytes were changed")


@on_each_board("arguments behind FLASH go to QEMU unchanged")
def arguments(board):
    image = Image(board)
    done = run(board, image.path, "-name", "a b,debug-threads=on", "-version")
    tap.equal(done.returncode, 0, "status")
    tap.check(done.stdout.startswith("QEMU emulator"), done.stdout)
    done = run(board, image.path, "-no-such-option")
    tap.check(done.returncode != 0 and "-no-such-option" in done.stderr,
              done.stderr)


@on_each_board("a path with commas and spaces is taken as it is")
def odd_path(board):
    image = Image(board)
    image.install("hello")
    os.makedirs(f"{image.folder}/a, b")
    moved = f"{image.folder}/a, b/c,size=1M.img"
    os.rename(image.path, moved)
    image.path = moved
    with image.boot() as machine:
        machine.expect(r"^Hello World!$")


def only_child(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        children = file.read().split()
    tap.equal(len(children), 1, "children")
    return int(children[0])


@on_each_board("run becomes QEMU, leaves no file and ends when killed")
def becomes_qemu(board):
    image = Image(board)
    image.install("hello")
    scratch = f"{image.folder}/tmp"
    os.mkdir(scratch)
    # A run that did not become QEMU would leave it behind: the group goes.
    limit = subprocess.Popen(
        ["timeout", "--foreground", "-s", "KILL", "30", f"boards/{board}/run",
         image.path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "TMPDIR": scratch})
    try:
        line = None
        while line != b"" and b"Hello World!" not in (line or b""):
            line = limit.stdout.readline()
        tap.check(line, "ended early")
        machine = only_child(limit.pid)
        name = os.path.basename(os.readlink(f"/proc/{machine}/exe"))
        tap.check(name.startswith("qemu-system-"), name)
        tap.equal(os.listdir(scratch), [], "files in TMPDIR")
        time.sleep(0.2)
        tap.check(limit.poll() is None, "ended with its input")
        os.kill(machine, signal.SIGTERM)
        limit.wait(10)
    finally:
        try:
            os.killpg(limit.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        limit.wait()
        limit.stdout.close()


@on_each_board("without FLASH there is a usage line and status 2")
def usage(board):
    done = subprocess.run([f"boards/{board}/run"], capture_output=True,
                          text=True, check=False, timeout=20)
    tap.equal(done.returncode, 2, "status")
    tap.check("usage:" in done.stderr and done.stderr.count("\n") == 1,
              done.stderr)


tap.main()
