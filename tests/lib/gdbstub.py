# SPDX-License-Identifier: MIT OR Apache-2.0
"""A machine's processor, halted and looked at through QEMU's GDB server.

    with image.boot(args=GdbStub.args(path)) as machine:
        stub = GdbStub(path)          # halts the machine
        stub.write_register(13, 0x20000410)
        stub.resume()

Speaks the remote serial protocol over a UNIX socket, so that tests that run
side by side need no port numbers.
"""
import socket
import time


class GdbStub:
    @staticmethod
    def args(path):
        return ("-chardev", f"socket,path={path},server=on,wait=off,id=gdb",
                "-gdb", "chardev:gdb")

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.pending = b""
        # QEMU reads and writes single registers after this question only.
        self.command("qXfer:features:read:target.xml:0,7ff")

    def _byte(self):
        if not self.pending:
            self.pending = self.socket.recv(4096)
            if not self.pending:
                raise AssertionError("the GDB server closed the connection")
        byte, self.pending = self.pending[:1], self.pending[1:]
        return byte

    def _reply(self):
        while self._byte() != b"$":
            pass
        text = b""
        while not text.endswith(b"#"):
            text += self._byte()
        self._byte()
        self._byte()
        self.socket.sendall(b"+")
        return text[:-1].decode()

    def _send(self, text):
        self.socket.sendall(f"${text}#{sum(text.encode()) % 256:02x}".encode())

    def command(self, text):
        """The answer; not the notes that the machine has halted."""
        self._send(text)
        reply = self._reply()
        while reply.startswith("T"):
            reply = self._reply()
        return reply

    def read_register(self, number):
        return int.from_bytes(bytes.fromhex(self.command(f"p{number:x}")),
                              "little")

    def write_register(self, number, value):
        answer = self.command(f"P{number:x}="
                              f"{value.to_bytes(4, 'little').hex()}")
        if answer != "OK":
            raise AssertionError(f"register {number}: {answer}")

    def resume(self):
        self._send("c")

    def halt(self):
        self.socket.sendall(b"\x03")
        self._reply()

    def halt_in(self, start, end, seconds=10):
        """Halts with the program counter of an Arm in [start, end)."""
        limit = time.time() + seconds
        while not start <= self.read_register(15) < end:
            if time.time() > limit:
                raise AssertionError(f"never in 0x{start:x} to 0x{end:x}")
            self.resume()
            time.sleep(0.01)
            self.halt()
