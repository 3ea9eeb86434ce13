#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the kernel costs, in instructions and bytes; docs/benchmarks.md.

QEMU executes one instruction at a time and names each in a trace; virtual
time goes on by a fixed amount with each, so that every run is the same. The
trace is cut where it enters and leaves the app flash. A kernel stretch is
named after the function of the app that it interrupted, found by address:
what is counted is exactly the instructions from the trap's first to the
last before the app goes on, and nothing is added to kernel or app for it.

A figure is that of the third of three rounds; the second must be the same.
"ratio" compares with the original kernel on the same call.
"""
import bisect
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
from board import BUILD, Image, board_value, tool  # noqa: E402

COMMON = """-std=c11 -O2 -fno-ipa-icf -ffreestanding -nostdlib -Ilib/abi/include
-Ilib/base/include -Iapps/lib/include -Wl,--no-warn-rwx-segments
-Wl,--defsym=STACK_SIZE=1024 -T apps/userland.ld""".split()
SLOTS = 16
OPTIONS = {"drivers": ["--short-id", "1"]}  # it stores
KERNEL_HEAP = {"drivers": "2048"}  # bytes for grants, where 512 are too few


class Board:
    def __init__(self, name, cross, arch, flags, is_fixed, original):
        self.name = name
        self.cross = cross
        self.arch = arch
        self.flags = flags.split()
        self.is_fixed = is_fixed
        self.original = original
        self.apps = board_value(name, "apps.start")
        self.apps_end = self.apps + board_value(name, "apps.size")
        self.ram = board_value(name, "app_ram.start")

    def origins(self, slot):
        """Where the linker puts an app's flash and RAM."""
        if not self.is_fixed:
            return 0x80000000, 0
        return self.apps + 0x80 + 0x2000 * slot, self.ram + 0x4000 * slot


# The original kernel (Tock 2.3.0-dev, release build) on the same calls:
# nucleo_f446re (round robin, SysTick) and hifive1 (PMP, cooperative),
# counted the same way. In ranges the lowest.
BOARDS = (
    Board("mps2_an386", os.environ.get("ARM", "arm-none-eabi-"), "cortex-m4",
          """-mcpu=cortex-m4 -mthumb -mfloat-abi=soft -fPIC
          -msingle-pic-base -mpic-register=r9 -mno-pic-data-is-text-relative
          -Iapps/lib/cortex-m/include -Wl,--emit-relocs""", False,
          {"command-absent": 580, "command-console": 858,
           "command-alarm": 843, "command-alarm-now": 846,
           "memop-ram-start": 633, "subscribe": 960, "allow-ro": 875,
           "allow-rw": 869, "yield-no-wait": 543, "alarm-set": 1525,
           "yield-upcall": 1317, "first-grant": 1481, "boot-1": 33659}),
    Board("qemu_rv32_virt", os.environ.get("RISCV", "riscv64-unknown-elf-"),
          "rv32imac", """-march=rv32imac -mabi=ilp32 -mcmodel=medlow
          -Iapps/lib/rv32/include""", True,
          {"command-absent": 835, "command-debug": 870,
           "command-console": 1175, "command-alarm": 1172,
           "command-alarm-now": 1175, "memop-ram-start": 891,
           "subscribe": 1244, "allow-ro": 1173, "allow-rw": 1147,
           "yield-no-wait": 633, "alarm-set": 1999, "yield-upcall": 1372,
           "first-grant": 2182, "boot-1": 27726}),
)


def figure(board, name, value, unit="instructions"):
    text = f"{value:.2f}" if isinstance(value, float) else value
    print(f"kernel.{board.name}.{name}\t{text}\t{unit}", flush=True)


def compared(board, name, value):
    figure(board, name, value)
    if name in board.original:
        figure(board, f"{name}.ratio", board.original[name] / value, "x")


# --- apps -------------------------------------------------------------------

def build(board, folder, source, slot, name):
    """Makes NAME.tab of tests/bench/kernel/SOURCE.c; returns its ELF."""
    flash, ram = board.origins(slot)
    where = f"{folder}/{name}"
    os.makedirs(where, exist_ok=True)
    suffix = f".{flash:#x}.{ram:#x}" if board.is_fixed else ""
    elf = f"{where}/{board.arch}{suffix}.elf"
    library = f"{BUILD}/apps/lib/{board.arch}"
    objects = [f"{library}/{o}" for o in sorted(os.listdir(library))
               if o.endswith(".o")]
    subprocess.run([f"{board.cross}gcc", *COMMON, *board.flags,
                    f"-Wl,--defsym=FLASH_ORIGIN={flash},"
                    f"--defsym=SRAM_ORIGIN={ram}",
                    f"tests/bench/kernel/{source}.c", *objects, "-lgcc",
                    "-o", elf], check=True, timeout=60)
    tool("elf2tbf", "-n", name, "-o", f"{folder}/{name}.tab", "--stack",
         "1024", "--app-heap", "256",
         "--kernel-heap", KERNEL_HEAP.get(source, "512"),
         "--kernel-major", "2", "--kernel-minor", "2",
         *OPTIONS.get(source, []), elf)
    return elf


class App:
    """An installed app: its bytes in flash and its functions."""
    def __init__(self, board, image, elf, name):
        entry = image.app(name)
        self.start = entry["address"]
        self.end = self.start + entry["size"]
        header = image.bytes()[image.offset(self.start):][2:4]
        code = self.start + int.from_bytes(header, "little")
        shift = 0 if board.is_fixed else code - 0x80000000
        symbols = subprocess.run([f"{board.cross}nm", elf], check=True,
                                 capture_output=True, text=True).stdout
        found = sorted((int(address, 16) & ~1, symbol) for address, kind,
                       symbol in (line.split() for line in
                                  symbols.splitlines()) if kind in "tT")
        self.addresses = [address + shift for address, _ in found]
        self.names = [symbol for _, symbol in found]

    def function(self, pc):
        return self.names[bisect.bisect(self.addresses, pc) - 1]


def image_with(board, *sources):
    """An image with these apps, one per slot, and the apps."""
    image = Image(board.name)
    named = [(source, f"{source}{slot}")
             for slot, source in enumerate(sources)]
    elfs = [build(board, image.folder, source, slot, name)
            for slot, (source, name) in enumerate(named)]
    image.install(*[f"{image.folder}/{name}.tab" for _, name in named])
    return image, [App(board, image, elf, name)
                   for elf, (_, name) in zip(elfs, named)]


# --- the trace --------------------------------------------------------------

def single_step():
    """QEMU's option for one instruction per translated block."""
    text = subprocess.run(["qemu-system-arm", "--version"], check=True,
                          capture_output=True, text=True).stdout
    version = re.search(r"version (\d+)\.(\d+)", text).groups()
    if tuple(map(int, version)) < (8, 1):
        return ["-singlestep"]
    return ["-accel", "tcg,one-insn-per-tb=on"]


def instructions(trace):
    """Addresses in order of execution. A line comes before the instruction
    runs; one that QEMU then takes back will come again."""
    pending = None
    for line in trace:
        if line.startswith("Trace "):
            if pending is not None:
                yield pending
            pending = int(line.split("[", 1)[1].split("/", 2)[1], 16)
        elif "rewound" in line or line.startswith("Stopped"):
            pending = None


def stretches(board, pcs):
    """(last app pc or None, kernel instructions, next app pc), in order."""
    before, count = None, 0
    for pc in pcs:
        if board.apps <= pc < board.apps_end:
            if count:
                yield before, count, pc
            before, count = pc, 0
        else:
            count += 1


def run(board, image, shift, collect):
    """Boots the image and hands collect the stretches until it is done."""
    fifo = f"{image.folder}/trace"
    if not os.path.exists(fifo):
        os.mkfifo(fifo)
    args = [*single_step(), "-icount", f"shift={shift},sleep=off",
            "-d", "exec,nochain", "-D", fifo]
    qemu = subprocess.Popen(
        ["timeout", "--foreground", "-s", "KILL", "240",
         f"boards/{board.name}/run", image.path, *args],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        with open(fifo, encoding="ascii", errors="replace") as trace:
            return collect(stretches(board, instructions(trace)))
    finally:
        os.killpg(qemu.pid, signal.SIGKILL)
        qemu.wait()


# --- figures ----------------------------------------------------------------

def system_calls(board):
    image, (app,) = image_with(board, "steps")

    def collect(cuts):
        costs, is_settled = {}, False
        for before, count, _ in cuts:
            if before is None:
                continue
            name = app.function(before).replace("_", "-")
            if name == "done":
                return costs
            is_settled = is_settled or name == "command-absent"
            if is_settled:
                costs.setdefault(name, []).append(count)
        raise AssertionError("the benchmark app did not reach its end")

    costs = run(board, image, 0, collect)
    for name, rounds in costs.items():
        if name == "alarm-set":
            rounds = rounds[::2]  # twice in each round
        if len(rounds) != 3 or rounds[1] != rounds[2]:
            raise AssertionError(f"{name}: rounds of {rounds}")
        compared(board, name, rounds[2])
    compared(board, "first-grant", costs["command-console"][0])


def switches(board, name, sources, is_wanted, count=5):
    """Kernel stretches between two given apps, or back to the same one. The
    console draws its prompt in one of them; the figure is the median."""
    image, apps = image_with(board, *sources)

    def slot(pc):
        return next((i for i, a in enumerate(apps) if a.start <= pc < a.end),
                    None)

    def collect(cuts):
        found = []
        for before, cost, after in cuts:
            if before is not None and is_wanted(
                    apps, slot(before), slot(after), before):
                found.append(cost)
            if len(found) == count + 2:
                return found[2:]  # the first are from start-up
        raise AssertionError(f"{name}: the machine ended")

    costs = run(board, image, 10, collect)
    figure(board, name, statistics.median_high(costs))


def all_switches(board):
    switches(board, "slice-end", ["spin"],
             lambda apps, a, b, pc: a == b == 0
             and apps[0].function(pc) == "main")
    switches(board, "switch-preempted", ["spin", "spin"],
             lambda apps, a, b, pc: (a, b) == (0, 1)
             and apps[0].function(pc) == "main")
    switches(board, "switch-yield", ["nap", "spin"],
             lambda apps, a, b, pc: (a, b) == (0, 1)
             and apps[0].function(pc) == "nap")


def boots(board):
    for count in (1, 4, SLOTS):
        image, _ = image_with(board, *["spin"] * count)
        cost = run(board, image, 0, lambda cuts: next(cuts)[1])
        compared(board, f"boot-{count}", cost)


def weigh(board, elf, prefix):
    size = subprocess.run([f"{board.cross}size", elf], check=True,
                          capture_output=True, text=True).stdout
    for name, value in zip(("text", "data", "bss"),
                           size.splitlines()[1].split()):
        figure(board, prefix + name, int(value), "bytes")


def sizes(board):
    elf = f"{BUILD}/boards/{board.name}/kernel.elf"
    weigh(board, elf, "")
    weigh(board, f"{BUILD}/bench/small/{board.name}.elf", "small-")
    symbols = subprocess.run([f"{board.cross}nm", "-S", elf], check=True,
                             capture_output=True, text=True).stdout
    length = re.search(r"^\w+ (\w+) . processes$", symbols, re.M).group(1)
    with open("boards/qemu/kernel.c", encoding="ascii") as file:
        count = re.search(r"define PROCESS_COUNT (\d+)", file.read()).group(1)
    figure(board, "process-fixed", int(length, 16) // int(count), "bytes")


def main():
    for each in BOARDS:
        system_calls(each)
        all_switches(each)
        boots(each)
        sizes(each)


if __name__ == "__main__":
    main()
