# SPDX-License-Identifier: MIT OR Apache-2.0
"""The arena of tests/qemu/hostile.py: attacking apps beside a heartbeat.

    arena = Arena("mps2_an386")
    verdicts = arena.attack([Range("READ32", start, step=32, count=128)])

The kernel is the board's own, with the referee (tests/qemu/hostile/referee.h)
in front: a process that faults starts again and goes on with the next attempt.
Range, OPS and WAYS are those of tests/qemu/hostile/attack.h and starve.c.
"""
import collections
import re
import struct

import tap
import variant
from board import DETERMINISTIC, Image, board_value

HERE = "tests/qemu/hostile"
MARK, BLOB_MARK = b"attacks:", struct.pack("<I", 0x626f6c62) + b"bbbboooo!!!!"
RANGES_MAX, DRIVERS_MAX, BLOB_SIZE = 384, 48, 16384
OPS = """READ8 READ16 READ32 WRITE8 WRITE16 WRITE32 JUMP CODE CALL SP_CALL
SP_WAIT SP_UPCALL RANDOM""".split()
PORT_OPS = {
    "mps2_an386": "LDRD STRD LDM STM LDREX STREX LDRT STRT".split(),
    "mps2_an505": "LDRD STRD LDM STM LDREX STREX LDRT STRT LDA STL".split(),
    "qemu_rv32_virt": "LR SC AMOADD AMOSWAP".split(),
}
WAYS = ("spin", "upcall flood", "alarm flood", "yield storm", "command storm",
        "IPC flood", "memory exhaustion", "restart loop", "fault loop",
        "console flood", "debug flood", "work flood", "allow storm",
        "control of others")
PROTECTION = {"mps2_an386": "armv7m", "mps2_an505": "armv8m",
              "qemu_rv32_virt": "pmp"}
# Bytes in which the hardware opens RAM, for a block of this size.
STEP = {"armv7m": lambda size: size // 16, "armv8m": lambda _: 32,
        "pmp": lambda _: 4}
STACK, HEAP = 2688, 2 * 1024 + 257  # the break is on no step of any hardware
BEAT_US = 100000
# What one app does to others by the driver's purpose needs a permission.
NOT_PERMITTED = {"PROCESS_INFO": {6}}
SLOT = 0x20000  # bytes of flash between fixed-address apps

Range = collections.namedtuple("Range", "op start step count value",
                               defaults=(4, 1, 0))


def driver_numbers():
    """By name, whatever lib/abi knows."""
    with open("lib/abi/include/abi/abi.h", encoding="utf-8") as file:
        return {n: int(v, 16) for n, v in re.findall(
            r"^#define TOCK_DRIVER_(\w+) +(0x[0-9a-f]+)u", file.read(), re.M)}


def permissions():
    pairs = [f"{0x9f001},{number}" for number in range(3)]
    for name, driver in driver_numbers().items():
        pairs += [f"{driver},{number}" for number in range(64)
                  if number not in NOT_PERMITTED.get(name, ())]
    return ["--permissions", *pairs]


class Arena:
    def __init__(self, board, attackers=1):
        self.board = board
        self.is_arm = board.startswith("mps2")
        self.image = Image(board, with_kernel=False)
        folder = self.image.folder
        self.image.loader("flash", "-y", variant.kernel(
            board, folder, f"{HERE}/referee.c",
            ["alarm_mux_init", "kernel_boot", "process_fault"], "-Ikernel"))
        self.image.install(self.app("heartbeat", ["heartbeat"], 0, ()))
        self.names = [f"attack{i}" for i in range(attackers)]
        for i, name in enumerate(self.names):
            self.image.install(self.app(name, [
                "attack", "random", "starve", "port_cortex_m", "port_rv32",
                "tables"],
                i + 1, permissions()))
        self.places = [self.find(name, MARK) for name in self.names]
        self.blob = self.find(self.names[0], BLOB_MARK)
        self.before = self.image.bytes()

    def app(self, name, parts, slot, options):
        ram = 0x80300000 + slot * 0x10000
        place = None if self.is_arm else (0x80100400 + slot * SLOT, ram)
        fixed = () if self.is_arm else ("--protected-region-size", "1024")
        return variant.app(
            self.image.folder, name, [f"{HERE}/{p}.c" for p in parts],
            "cortex-m4" if self.is_arm else "rv32imac", place,
            ["--app-heap", str(HEAP + 255), "--kernel-heap", "2048", *fixed,
             *options], STACK)

    def find(self, name, mark):
        return self.image.app(name)["address"] + \
            self.image.app_bytes(name).index(mark)

    def op(self, name):
        return (OPS + PORT_OPS[self.board]).index(name)

    def write(self, number=0, ranges=(), mode=0):
        drivers = list(driver_numbers().values())[:DRIVERS_MAX]
        words = [mode, HEAP, sum(r.count for r in ranges), len(ranges)]
        for r in ranges:
            words += [self.op(r.op), r.start, r.step, r.count, r.value]
        words += [0] * (4 + 5 * RANGES_MAX - len(words))
        words += [len(drivers), *drivers]
        self.image.poke(self.places[number], MARK + struct.pack(
            f"<{len(words)}I", *(w & 0xffffffff for w in words)))

    def write_blob(self, code):
        assert len(code) <= BLOB_SIZE
        self.image.poke(self.blob, code)

    def boot(self, seconds=600):
        self.before = self.image.bytes()
        return self.image.boot(seconds, DETERMINISTIC)

    def introduce(self):
        """What the attacker's process is told of its own memory."""
        self.write()
        with self.boot() as machine:
            found = machine.expect(
                r"^attack: ram (\w+) (\w+) break (\w+) grants (\w+) "
                r"flash (\w+) (\w+)$")
            neighbour = re.search(r"^heartbeat: started at .*, "
                                  r"RAM (0x\w+) to (0x\w+)$", machine.text,
                                  re.M)
        names = "ram ram_end app_break grants flash flash_end".split()
        memory = {n: int(v, 16) for n, v in zip(names, found.groups())}
        memory["neighbour"], memory["neighbour_end"] = (
            int(v, 16) for v in neighbour.groups())
        step = STEP[PROTECTION[self.board]](memory["ram_end"] - memory["ram"])
        used = memory["app_break"] - memory["ram"]
        memory["open_end"] = memory["ram"] + -(-used // step) * step
        return memory

    def attack(self, ranges, seconds=600):
        """One letter for each attempt, in order; in as many boots as the
        table needs."""
        verdicts = ""
        for at in range(0, len(ranges), RANGES_MAX):
            part = ranges[at:at + RANGES_MAX]
            self.write(0, part)
            with self.boot(seconds) as machine:
                machine.expect(r"^referee: done$", seconds)
                told = re.findall(r"^heartbeat (\d+) worst", machine.text, re.M)
                self.expect_beat(machine, int(([0] + told)[-1]) + 10)
                verdicts += self.verdicts(machine.text,
                                          sum(r.count for r in part))
            self.must_be_unharmed(machine)
        return verdicts

    @staticmethod
    def expect_beat(machine, beats, seconds=120):
        """Waits for a line of the heartbeat after so many beats."""
        while int(machine.expect(r"^heartbeat (\d+) worst .*$",
                                 seconds).group(1)) < beats:
            pass

    @staticmethod
    def verdicts(text, count):
        found = ""
        for first, letters in re.findall(r"^referee (\d+) ([aft]+)$", text,
                                         re.M):
            tap.equal(int(first), len(found), "the next line of the referee")
            found += letters
        tap.equal(len(found), count, "attempts that were judged")
        return found

    def must_be_unharmed(self, machine):
        """Kernel alive, flash unchanged, the heartbeat in time and whole."""
        text = machine.text
        tap.check("panicked" not in text, machine.tail())
        # the machine extends the file to the flash's size
        flash = self.image.bytes()
        before = self.before.ljust(len(flash), b"\xff")
        # apps may have stored something
        low = self.image.offset(board_value(self.board, "storage.start"))
        high = low + board_value(self.board, "storage.size")
        tap.check(flash[:low] == before[:low] and
                  flash[high:] == before[high:],
                  "kernel or apps have changed in the flash")
        beats = re.findall(r"^heartbeat (\d+) worst (\d+) us, (\d+) damaged$",
                           text, re.M)
        tap.check(beats, f"no heartbeat:\n{machine.tail()}")
        _, worst, damaged = (int(v) for v in beats[-1])
        tap.equal(damaged, 0, "damaged words of the neighbour")
        tap.check(worst < BEAT_US, f"a beat was {worst} us late: missed")
        return worst
