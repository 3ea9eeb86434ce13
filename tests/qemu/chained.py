#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Defect D1 on Cortex-M, by force (docs/defects.md).

When an interrupt's handler returns while a process's SVC is pending, the
processor goes on to the SVC's handler with the link register that the first
handler made: that of a return to the kernel. QEMU shows this only with luck, so
here its debugger interface writes that value at the start of the SVC handler,
for many system calls of an app that checks every answer.
"""
import os
import re
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD, Image  # noqa: E402

TURN_PROCESS = 1  # arch/cortex-m/state.h
TO_KERNEL = 0xfffffff9
LR = 14
CALLS = 400


class Debugger:
    """The few packets of GDB's remote protocol that this needs."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path)
        self.bytes = b""
        # QEMU lets only those write registers who asked for their list.
        self.ask("qXfer:features:read:target.xml:0,fff")

    def send(self, packet):
        body = packet.encode()
        self.socket.sendall(b"$%s#%02x" % (body, sum(body) % 256))

    def receive(self):
        while True:
            found = re.search(rb"\$([^#]*)#..", self.bytes)
            if found:
                self.bytes = self.bytes[found.end():]
                self.socket.sendall(b"+")
                return found.group(1).decode()
            data = self.socket.recv(4096)
            tap.check(data, "the machine ended")
            self.bytes += data

    def ask(self, packet):
        self.send(packet)
        return self.receive()

    def word(self, address):
        return int.from_bytes(bytes.fromhex(self.ask(f"m{address:x},4")),
                              "little")


def symbols(board):
    lines = subprocess.run(
        [os.environ.get("ARM", "arm-none-eabi-") + "nm",
         f"{BUILD}/boards/{board}/kernel.elf"],
        check=True, capture_output=True, text=True).stdout.splitlines()
    return {name: int(address, 16) for address, _, name in
            (line.split() for line in lines)}


def forge_calls(debugger, handler, turn):
    """Lets CALLS system calls of processes look like the kernel's."""
    tap.equal(debugger.ask(f"Z1,{handler:x},2"), "OK", "the breakpoint")
    forged = 0
    while forged < CALLS:
        debugger.ask("c")
        if debugger.word(turn) == TURN_PROCESS:
            value = TO_KERNEL.to_bytes(4, "little").hex()
            tap.equal(debugger.ask(f"P{LR:x}={value}"), "OK", "writing lr")
            forged += 1
        debugger.ask("s")  # off the breakpoint
    tap.equal(debugger.ask(f"z1,{handler:x},2"), "OK", "the breakpoint's end")
    debugger.send("c")


for _board in ("mps2_an386", "mps2_an505"):
    @tap.test(f"{_board}: a process's call stays its own whatever the link "
              "register says")
    def _(board=_board):
        image = Image(board)
        image.install("abi")
        where = symbols(board)
        path = f"{image.folder}/gdb"
        with image.boot(args=("-S", "-gdb", f"unix:{path},server=on,wait=off")
                        ) as machine:
            while not os.path.exists(path):
                machine.read_for(0.05)
            forge_calls(Debugger(path), where["cortexm_svc"],
                        where["cortexm_state"])
            machine.expect(r"^abi: \d+ passed, 0 failed$", 30)

tap.main()
