# SPDX-License-Identifier: MIT OR Apache-2.0
"""Board images made with tockloader-c only, and machines booted on them.

    image = Image("mps2_an386")           # kernel flashed
    image.install("hello", "ticker")      # sample apps by name
    with image.boot() as machine:
        machine.expect(r"Hello World!")
        machine.send("k")

Every machine runs under `timeout -s KILL`, so that no test can hang.
"""
import codecs
import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time

BUILD = os.environ.get("B", "build")
# Every system test runs on these,
BOARDS = ("mps2_an386", "qemu_rv32_virt")
# one board for each kind of memory protection: what depends on that,
PROTECTIONS = (*BOARDS, "mps2_an505")
# and whatever a kernel is built for: that it boots and runs apps.
ALL_BOARDS = (*PROTECTIONS, "mps2_an385", "mps2_an500", "mps2_an511")
# 2^6 ns of virtual time an instruction: about a 16 MIPS microcontroller, and
# the same console output at every run.
DETERMINISTIC = ("-icount", "shift=6,sleep=off")


def tool(name, *args, status=0):
    """Runs one of our tools; returns its stdout."""
    done = subprocess.run([f"{BUILD}/bin/{name}", *args], text=True,
                          capture_output=True, check=False, timeout=60)
    if done.returncode != status:
        raise AssertionError(f"{name} {' '.join(args)}: status "
                             f"{done.returncode}, expected {status}\n"
                             f"{done.stdout}{done.stderr}")
    return done.stdout


def board_value(board, key):
    out = subprocess.run(["mk/board.py", "get", f"boards/{board}/board.json",
                          key], check=True, capture_output=True, text=True)
    return int(out.stdout.strip(), 0)


def app_tab(app):
    return f"{BUILD}/apps/{app}/{app}.tab"


class Machine:
    def __init__(self, board, path, seconds, args):
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.rest = ""  # half of a line end
        self.text = ""
        self.at = 0
        self.process = subprocess.Popen(
            ["timeout", "--foreground", "-s", "KILL", str(seconds),
             f"boards/{board}/run", path, *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        self.deadline = time.time() + seconds

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def _more(self, wait):
        ready, _, _ = select.select([self.process.stdout], [], [], wait)
        if not ready:
            return True
        data = os.read(self.process.stdout.fileno(), 65536)
        # a chunk may end inside a character or a line end
        new = self.rest + self.decoder.decode(data, not data)
        self.rest = "\r" if new.endswith("\r") and data else ""
        self.text += new[:len(new) - len(self.rest)].replace("\r\n", "\n")
        return bool(data)

    def expect(self, pattern, seconds=20):
        """Waits for the pattern behind what was matched last, in whole lines:
        half a line would let `$` match anywhere."""
        regex = re.compile(pattern, re.M)
        end = min(time.time() + seconds, self.deadline)
        alive = True
        while True:
            lines_end = self.text.rfind("\n") + 1 if alive else len(self.text)
            found = regex.search(self.text, self.at, lines_end)
            if found:
                self.at = found.end()
                return found
            if not alive or time.time() > end:
                raise AssertionError(
                    f"console shows no /{pattern}/ behind offset {self.at}"
                    f"{'' if alive else ' (machine ended)'}:\n{self.tail()}")
            alive = self._more(0.1)

    def tail(self):
        """The end of the console's text, for messages."""
        return "\n".join(self.text.splitlines()[-80:])

    def read_for(self, seconds):
        """Everything the console shows in the next seconds of host time."""
        start, end = len(self.text), time.time() + seconds
        while time.time() < end and self._more(0.05):
            pass
        return self.text[start:]

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()


class Image:
    def __init__(self, board, with_kernel=True):
        self.board = board
        self.folder = tempfile.mkdtemp(prefix="tock-test-")
        self.path = f"{self.folder}/flash.img"
        if with_kernel:
            self.loader("flash", "-y", f"{BUILD}/boards/{board}/kernel.bin")

    def __del__(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def loader(self, command, *args, status=0):
        return tool("tockloader-c", command, "--board", self.board,
                    "--flash-file", self.path, *args, status=status)

    def install(self, *apps):
        """Sample apps by name, or paths of TABs."""
        for app in apps:
            self.loader("install",
                        app if app.endswith(".tab") else app_tab(app))

    def list(self):
        return json.loads(self.loader("list", "--json"))["apps"]

    def app(self, name):
        found = [a for a in self.list() if a.get("name") == name]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} apps named {name}")
        return found[0]

    def bytes(self):
        with open(self.path, "rb") as file:
            return file.read()

    def offset(self, address):
        return address - board_value(self.board, "flash.start")

    def app_bytes(self, name):
        app = self.app(name)
        start = self.offset(app["address"])
        return self.bytes()[start:start + app["size"]]

    def kernel_bytes(self):
        start = self.offset(board_value(self.board, "kernel.start"))
        return self.bytes()[start:start + board_value(self.board,
                                                      "kernel.size")]

    def poke(self, address, value):
        with open(self.path, "r+b") as file:
            file.seek(self.offset(address))
            file.write(value)

    def boot(self, seconds=60, args=()):
        return Machine(self.board, self.path, seconds, args)


def make_tab(folder, name, app, *options):
    """A TAB of a sample app's ELF files under another name or options."""
    path = f"{folder}/{name}.tab"
    elfs = sorted(e for e in os.listdir(f"{BUILD}/apps/{app}")
                  if e.endswith(".elf"))
    copies = []
    for elf in elfs:  # elf2tbf writes its .tbf beside the ELF
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        copies.append(f"{folder}/{name}/{elf}")
        shutil.copy(f"{BUILD}/apps/{app}/{elf}", copies[-1])
    tool("elf2tbf", "-n", name, "-o", path, "--kernel-major", "2",
         "--kernel-minor", "2", "--deterministic", *options, "--", *copies)
    return path
