#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Hostile apps: what they must not do ends their life, and only that.

usage: tests/qemu/hostile.py [--all] [--seed N] [BOARD...]

Each attempt's verdict is compared with what docs/attacks.md says is due,
worked out here from the board's data and the process's own account of its
memory, not from the kernel. `make test` runs a sample from a fixed seed, which
is printed; --all (`make soak`) everything.
"""
import os
import random
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD, PROTECTIONS, board_value  # noqa: E402
from hostile import (BLOB_SIZE, PORT_OPS, WAYS, Arena, Range)  # noqa: E402

# Each has a slice of 10 ms before the heartbeat's turn comes, which is late
# after 100 ms.
TOGETHER = 5

NEAR, STEP = 2048, 32

# Bytes that an operation touches from its address on, and whether it writes.
# A pair or more is words, each looked at by itself.
ACCESSES = {"READ8": (1, False), "READ16": (2, False), "READ32": (4, False),
            "WRITE8": (1, True), "WRITE16": (2, True), "WRITE32": (4, True),
            "LDRD": (8, False), "STRD": (8, True), "LDM": (16, False),
            "STM": (16, True), "LDREX": (4, False), "STREX": (4, True),
            "LDRT": (4, False), "STRT": (4, True), "LDA": (4, False),
            "STL": (4, True), "LR": (4, False), "SC": (4, True),
            "AMOADD": (4, True), "AMOSWAP": (4, True)}

STACK_TOP = {"mps2_an386": "kernel_stack_top",
             "mps2_an505": "kernel_stack_top", "qemu_rv32_virt": "_stack_top"}
# Registers and memory that a machine has beside flash and RAM, and places where
# it shows those a second time.
DEVICES = {
    "mps2_an386": {
        "the flash's copy at 0": 0, "the second copy": 0x00400000,
        "bit band of RAM": 0x22000000, "bit band of devices": 0x42000000,
        "timers": 0x40000000, "uart": 0x40004000, "scc": 0x4002F000,
        "fpga": 0x40028000, "ethernet": 0x40200000, "itm": 0xE0000000,
        "system control": 0xE000E000, "mpu": 0xE000ED90,
        "software interrupts": 0xE000EF00, "rom table": 0xE00FF000},
    "mps2_an505": {
        "code": 0, "code, secure": 0x10000000, "RAM, non-secure": 0x28000000,
        "code, alias": 0x00400000, "uart, non-secure": 0x40200000,
        "uart": 0x50200000, "flash, non-secure": 0x90000000,
        "memory controllers": 0x58007000, "protection": 0x50080000,
        "system control": 0xE000E000, "mpu": 0xE000ED90, "sau": 0xE000EDD0,
        "non-secure mpu": 0xE002ED90, "software interrupts": 0xE000EF00,
        "rom table": 0xE00FF000},
    "qemu_rv32_virt": {
        "reset code": 0x1000, "power off": 0x100000, "clock": 0x101000,
        "software interrupts": 0x02000000, "timer": 0x02004000,
        "time": 0x0200BFF8, "interrupts": 0x0C000000,
        "interrupt claim": 0x0C200004, "uart": 0x10000000,
        "virtio": 0x10001000, "last virtio": 0x10008000,
        "firmware": 0x10100000, "nor flash": 0x20000000,
        "pci": 0x30000000},
}


def symbols(board):
    out = subprocess.run([os.environ.get("ARM", "arm-none-eabi-") + "nm",
                          f"{BUILD}/boards/{board}/kernel.elf"],
                         check=True, capture_output=True, text=True).stdout
    return {line.split()[-1]: int(line.split()[0], 16)
            for line in out.splitlines() if len(line.split()) == 3}


class Oracle:
    """What is due: a (the process survives), f (its life ends), or None where
    either is right."""

    def __init__(self, arena):
        self.arena = arena
        self.memory = arena.introduce()
        self.code = range(0)  # where the blob holds returns

    def is_open(self, address, size, is_write):
        m = self.memory
        end = address + size
        return m["ram"] <= address and end <= m["open_end"] or (
            not is_write and m["flash"] <= address and end <= m["flash_end"])

    def access(self, op, address):
        size, is_write = ACCESSES[op]
        pieces = range(0, size, min(size, 4))
        return all(self.is_open(address + at & 0xffffffff, min(size, 4),
                                is_write) for at in pieces)

    def jump(self, address):
        if self.arena.is_arm and not address & 1:
            return False
        if self.is_open(address & ~1, 2, False) and \
                address >= self.memory["flash"] and \
                address < self.memory["flash_end"]:
            return True if address & ~1 in self.code else None
        return False

    def stack(self, op, address):
        """Cortex-M puts 32 bytes below the stack pointer, 8-byte aligned, into
        the app's RAM below its break; RISC-V nothing."""
        if not self.arena.is_arm:
            return True
        frame = ((address & ~3) - 32) & ~7
        return self.memory["ram"] <= frame and \
            frame + 32 <= self.memory["app_break"]

    def due(self, op, address):
        if op in ACCESSES:
            answer = self.access(op, address)
        elif op == "JUMP":
            answer = self.jump(address)
        elif op.startswith("SP_"):
            answer = self.stack(op, address)
        elif op == "CALL":
            answer = address & 0xff < 8
        else:
            answer = None
        return answer if answer is None else "fa"[answer]


def judge(oracle, ranges, verdicts):
    """Compares; returns how many attempts were due to fault."""
    wrong, at, faults = [], 0, 0
    for r in ranges:
        for i in range(r.count):
            address = (r.start + i * r.step) & 0xffffffff
            due = oracle.due(r.op, address)
            faults += due == "f"
            if due not in (None, verdicts[at]):
                wrong.append(f"{r.op} {address:#010x}: {verdicts[at]}, "
                             f"{due} is due")
            at += 1
    tap.check(not wrong, f"{len(wrong)} of {at} wrong; memory "
              f"{ {k: hex(v) for k, v in oracle.memory.items()} }\n"
              + "\n".join(wrong[:40]))
    return faults


class Stage:
    """A board's arena and oracle, and how much of everything is tried."""
    stages = {}

    def __init__(self, board):
        self.board = board
        self.arena = Arena(board)
        self.oracle = Oracle(self.arena)
        self.memory = self.oracle.memory
        self.random = random.Random(f"{SEED} {board}")

    @classmethod
    def of(cls, board):
        if board not in cls.stages:
            cls.stages[board] = cls(board)
        return cls.stages[board]

    def edges(self):
        """Where something begins or ends."""
        found = symbols(self.board)
        at = {name: self.memory[name] for name in (
            "ram", "app_break", "open_end", "grants", "ram_end", "flash",
            "flash_end", "neighbour", "neighbour_end")}
        for area in ("kernel", "storage", "apps", "kernel_ram", "app_ram"):
            start = board_value(self.board, f"{area}.start")
            at[area] = start
            at[area + " end"] = start + board_value(self.board, f"{area}.size")
        at["kernel loop"] = found["kernel_loop"] & ~1
        at["kernel state"] = found["kernel"] & ~3
        at["kernel stack"] = found[STACK_TOP[self.board]] & ~3
        return {**at, **DEVICES[self.board]}

    def around(self, op, edge, shift=0):
        """Each step near the edge; of a sample the nearest and some others."""
        edge = (edge & ~3) + shift
        if ALL:
            return [Range(op, edge - NEAR, STEP, 2 * NEAR // STEP)]
        far = STEP * self.random.randrange(16)
        return [Range(op, edge - 2 * STEP, STEP, 4),
                Range(op, edge - NEAR + far, 16 * STEP, 2 * NEAR // STEP // 16)]

    def sweep(self, op, start, end, step, part):
        """[start, end), or one of part places."""
        if not ALL:
            start += step * self.random.randrange(part)
            step *= part
        own = [(self.memory["ram"], self.memory["ram_end"]),
               (self.memory["flash"], self.memory["flash_end"])]
        addresses = range(start, end, step)
        at = 0
        for low, high in sorted(own):  # not into its own live memory
            skip = [i for i in range(at, len(addresses))
                    if low <= addresses[i] < high]
            if skip:
                if skip[0] > at:
                    yield Range(op, addresses[at], step, skip[0] - at)
                at = skip[-1] + 1
        if at < len(addresses):
            yield Range(op, addresses[at], step, len(addresses) - at)

    def try_ranges(self, ranges):
        verdicts = self.arena.attack(ranges)
        faults = judge(self.oracle, ranges, verdicts)
        print(f"# {self.board}: {len(verdicts)} attempts, {faults} due to "
              f"fault, {verdicts.count('f')} faulted")
        return verdicts

    def try_codes(self, codes, value):
        """codes: (name, instructions, what is due)."""
        back = b"\x70\x47" if self.arena.is_arm else b"\x82\x80"
        slot = 16 if any(len(c) > 6 for _, c, _ in codes) else 8
        assert all(len(c) + 2 <= slot for _, c, _ in codes)
        for at in range(0, len(codes), BLOB_SIZE // slot):
            part = codes[at:at + BLOB_SIZE // slot]
            self.arena.write_blob(b"".join(
                (c + back).ljust(slot, b"\0") for _, c, _ in part))
            verdicts = self.arena.attack([
                Range("CODE", self.arena.blob + self.arena.is_arm, slot,
                      len(part), value)])
            wrong = [f"{name}: {v}, {due} is due" for v, (name, _, due)
                     in zip(verdicts, part) if due not in (None, v)]
            tap.check(not wrong, "\n".join(wrong[:40]))
            print(f"# {self.board}: {len(part)} instructions, "
                  f"{verdicts.count('f')} faulted, "
                  f"{verdicts.count('t')} did not end")


def accesses(stage):
    """Reads and writes of every kind around every edge."""
    ranges = []
    ops = [op for op in ACCESSES if not op[0].islower() and (
        op[-1].isdigit() or op in PORT_OPS[stage.board])]
    for edge in stage.edges().values():
        for op in ops:
            ranges += stage.around(op, edge)
    stage.try_ranges(ranges)


def fills_with_returns(stage):
    """Code around both ends of the flash window can be run where it is the
    app's: returns as far as the blob reaches."""
    arena = stage.arena
    half = b"\x70\x47" if arena.is_arm else b"\x82\x80"
    arena.write_blob(half * (BLOB_SIZE // 2))
    stage.oracle.code = range(arena.blob, arena.blob + BLOB_SIZE)


def jumps(stage):
    fills_with_returns(stage)
    arena, ranges = stage.arena, []
    for name, edge in stage.edges().items():
        if name == "flash":  # behind it is a header: what it does is open
            continue
        for shift in (1, 0) if arena.is_arm else (0, 2):
            ranges += stage.around("JUMP", edge, shift)
    for at in (arena.blob, arena.blob + BLOB_SIZE // 2):
        ranges += [Range("JUMP", at + arena.is_arm, 32, 64)]
    stage.try_ranges(ranges)


def map_of_all(stage):
    """The whole 4 GiB."""
    ranges = []
    for op in ("READ32", "WRITE32", "JUMP"):
        thumb = op == "JUMP" and stage.arena.is_arm
        ranges += stage.sweep(op, 0x4000 + thumb, 1 << 32, 1 << 16, 256)
    stage.try_ranges(ranges)


def devices(stage):
    """Each page, or each register, of where devices are."""
    if stage.arena.is_arm:
        areas = [(0x40000000, 0x60000000, 0x2000, 512),
                 (0xE0000000, 0xE0100000, 0x400, 16),
                 (0xE000E000, 0xE000F000, 4, 8),
                 (0xE002E000, 0xE002F000, 4, 8)]
    else:
        areas = [(0, 0x20000000, 0x2000, 512), (0x100000, 0x101000, 4, 16),
                 (0x0C000000, 0x0C210000, 0x400, 16),
                 (0x10000000, 0x10009000, 4, 64)]
    ranges = []
    for op in ("READ32", "WRITE32"):
        for area in areas:
            ranges += stage.sweep(op, *area)
    stage.try_ranges(ranges)


def stacks(stage):
    ranges = []
    for edge in stage.edges().values():
        for op in ("SP_CALL", "SP_UPCALL"):
            for shift in (0, 4):
                ranges += stage.around(op, edge, shift)
        ranges.append(Range("SP_WAIT", (edge & ~3) - 32, 8, 9))
        if ALL:
            ranges += stage.around("SP_WAIT", edge)
    stage.try_ranges(ranges)


def calls(stage):
    """Every class, in every way to write it."""
    ranges = [Range("CALL", start, 1, 256, 0xfffffff0)
              for start in (0, 0xffffff00, 0x100)]
    stage.try_ranges(ranges)


def words(*values):
    return b"".join(struct.pack("<H", v) for v in values)


def arm_instructions(board):
    """Special registers: what an app writes to them is ignored, what it reads
    is 0 or harmless. Hints do what they hint."""
    for number in range(256):
        yield f"mrs r0, {number}", words(0xf3ef, 0x8000 | number), None
        yield f"msr {number}, r0", words(0xf380, 0x8800 | number), None
    for name in ("apsr 0", "ipsr 5", "control 20", "primask 16", "basepri 17",
                 "faultmask 19", "msp 8"):
        number = int(name.split()[1])
        yield f"mrs r0, {name}", words(0xf3ef, 0x8000 | number), "a"
        yield f"msr {name}, r0", words(0xf380, 0x8800 | number), "a"
    for name, code, due in (
            ("cpsid i", (0xb672,), "a"), ("cpsid f", (0xb671,), "a"),
            ("cpsie i", (0xb662,), "a"), ("cpsie f", (0xb661,), "a"),
            ("wfi", (0xbf30,), "a"), ("wfe", (0xbf20,), "a"),
            ("sev", (0xbf40,), "a"), ("yield", (0xbf10,), "a"),
            ("dsb", (0xf3bf, 0x8f4f), "a"), ("isb", (0xf3bf, 0x8f6f), "a"),
            ("dmb", (0xf3bf, 0x8f5f), "a"), ("clrex", (0xf3bf, 0x8f2f), "a"),
            ("bkpt", (0xbe00,), "f"), ("bkpt 0xab", (0xbeab,), "f"),
            ("udf", (0xde00,), "f"), ("udf.w", (0xf7f0, 0xa000), "f"),
            ("vmov s0, r0", (0xee00, 0x0a10), "f"),
            ("vadd.f32", (0xee30, 0x0a00), "f"),
            ("vmrs r0, fpscr", (0xeef1, 0x0a10), "f"),
            ("vpush {s0}", (0xed2d, 0x0a01), "f"),
            ("vldr s0, [r0]", (0xed90, 0x0a00), "f"),
            ("mrc p15", (0xee11, 0x0f10), "f"),
            ("mcr p14", (0xee00, 0x0e10), "f"),
            ("cdp p0", (0xee00, 0x0000), "f"),
            ("dbg", (0xf3af, 0x80f0), "a"),
            ("bx to an exception return", (0x4670, 0xf06f, 0x0006, 0x4700),
             "f"),
            ("pop to nowhere", (0xbc01, 0x4700), None),
            ("it, then udf", (0xbf08, 0xde00), None),
            ("arm state", (0xf04f, 0x0000, 0x4700), "f")):
        yield name, words(*code), due
    if board == "mps2_an505":
        for name, code, due in (
                ("tt r0, r0", (0xe840, 0xf000), "a"),
                ("ttt r0, r0", (0xe840, 0xf040), "a"),
                ("tta r0, r0", (0xe840, 0xf080), "a"),
                ("ttat r0, r0", (0xe840, 0xf0c0), "a"),
                ("sg", (0xe97f, 0xe97f), "a"),
                ("bxns r0", (0x4704,), "f"), ("blxns r0", (0x4784,), "f"),
                ("bx fnc_return", (0xf06f, 0x7080, 0x4700), "f"),
                ("vlldm", (0xec30, 0x0a00), None),
                ("vlstm", (0xec20, 0x0a00), None)):
            yield name, words(*code), due


def riscv_instructions(_):
    for name, code, due in (
            ("mret", 0x30200073, "f"), ("sret", 0x10200073, "f"),
            ("uret", 0x00200073, "f"), ("dret", 0x7b200073, "f"),
            ("wfi", 0x10500073, None), ("ebreak", 0x00100073, "f"),
            ("sfence.vma", 0x12000073, "f"), ("hfence", 0x22000073, "f"),
            ("fence", 0x0ff0000f, "a"), ("fence.i", 0x0000100f, "a"),
            ("fadd.s", 0x00007053, "f"), ("flw", 0x00052007, "f"),
            ("vsetvl", 0x80c5f557, "f"), ("all ones", 0xffffffff, "f"),
            ("all zeros", 0, "f"), ("c.ebreak", 0x9002, "f"),
            ("c.flw", 0x6108, "f"), ("custom", 0x0000000b, "f"),
            ("semihosting", 0x00100073, "f")):
        yield name, struct.pack("<I", code), due


def registers(_):
    """RISC-V: every control register, read and written in every way."""
    for number in range(0, 4096, 1 if ALL else 5):
        for name, function in (("csrrw", 0x51073), ("csrrs", 0x02573),
                               ("csrrci", 0xff573)):
            yield f"{name} {number:#x}", struct.pack(
                "<I", number << 20 | function), "f"


def instructions(stage):
    """Each with its registers full of addresses of the kernel's RAM."""
    of_isa = arm_instructions if stage.arena.is_arm else riscv_instructions
    codes = list(of_isa(stage.board))
    if not stage.arena.is_arm:
        codes += registers(stage.board)
    stage.try_codes(codes, board_value(stage.board, "kernel_ram.start") + 64)


def random_instructions(stage):
    """Whatever they do, they do it to their own process."""
    count = 40000 if ALL else 1500
    codes = []
    for _ in range(count):
        code = stage.random.getrandbits(32)
        if not stage.arena.is_arm and stage.random.random() < 0.7:
            code |= 3  # not compressed
        codes.append((f"{code:#x}", struct.pack("<I", code), None))
    stage.try_codes(codes, stage.memory["neighbour"] + 64)


def random_calls(stage):
    count = 1000000 if ALL else 20000
    verdicts = stage.try_ranges([
        Range("RANDOM", SEED, 1, count // 64 + 1, SEED)])
    print(f"# {stage.board}: {64 * len(verdicts)} calls, "
          f"{verdicts.count('t')} times all were waited for in vain")


ATTACKS = (
    ("reads and writes around every edge", accesses),
    ("jumps around every edge", jumps),
    ("reads, writes and jumps all over the address space", map_of_all),
    ("reads and writes of devices", devices),
    ("a stack pointer around every edge", stacks),
    ("system calls of every class", calls),
    ("instructions that are not the app's", instructions),
    ("random instructions", random_instructions),
    ("random system calls", random_calls))


def starve_with(board, ways, beats):
    """The heartbeat keeps its pace beside one attacker for each way."""
    arena = Arena(board, len(ways))
    for number, way in enumerate(ways):
        arena.write(number, mode=1 + WAYS.index(way))
    with arena.boot() as machine:
        arena.expect_beat(machine, beats, 300)
    worst = arena.must_be_unharmed(machine)
    print(f"# {board}: {', '.join(ways)}: {worst / 1000:.1f} ms late at most")


def register(board):
    for name, attack in ATTACKS:
        tap.test(f"{board}: {name}")(
            lambda a=attack: a(Stage.of(board)))
    for at in range(0, len(WAYS), TOGETHER):
        ways = WAYS[at:at + TOGETHER]
        tap.test(f"{board}: a heartbeat beside {', '.join(ways)}")(
            lambda w=ways: starve_with(board, w, 200 if ALL else 20))
    for way in WAYS if ALL else ():
        tap.test(f"{board}: a heartbeat beside seven of {way}")(
            lambda w=way: starve_with(board, [w] * 7, 100))


ALL = "--all" in sys.argv
SEED = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv \
    else 20261201
print(f"# seed {SEED}")
for _board in [b for b in PROTECTIONS if b in sys.argv] or PROTECTIONS:
    register(_board)
tap.main()
