#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What tockloader-c writes to a board, and what it costs to run.

Pages and bytes: for some changes of eight apps on a Cortex-M board the
figures of the plan, on an atomic link (a flash image) and by protocol S, and
what the upstream loader's order of writing comes to, computed here: it sorts
the apps by size, writes every app that is new or moved as a whole, and clears
the page behind the last (docs/update-safety.md). Wasted flash: on lists of
apps of random size, of which upstream rounds each up to a power of two.

CPU time (user and system), wall time and peak memory of the program: medians,
with the distance between the quartiles; "net" is above an empty process of
the same minute. PEER_TOCKLOADER names another loader with upstream's command
line: then runs of both alternate, and ratios ours / theirs are printed.
BENCH_RUNS multiplies the number of runs.
"""
import io
import json
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tarfile
import tempfile

BUILD = os.path.abspath(os.environ.get("B", "build"))
MEASURE = f"{BUILD}/bench/measure"
TOOL = f"{BUILD}/bin/tockloader-c"
PEER = os.environ.get("PEER_TOCKLOADER")
SCALE = float(os.environ.get("BENCH_RUNS", "1"))
PAGE, KIB = 4096, 1024
SIZES = [32, 32, 16, 16, 8, 8, 8, 8]  # KiB, the eight apps
ARM, RISCV = "mps2_an386", "qemu_rv32_virt"


def figure(name, value, unit):
    digits = 0 if unit in ("pages", "bytes", "KiB") else 3
    print(f"loader.{name}\t{value:.{digits}f}\t{unit}", flush=True)


# --- apps -----------------------------------------------------------------------

def make_tbf(name, version, size, seed, spoil=None):
    """An object of size bytes; spoil: one byte more that differs."""
    entries = struct.pack("<HHIIIII", 9, 20, 0, 0, 2048, size, version)
    text = name.encode()
    entries += struct.pack("<HH", 3, len(text)) + text + bytes(-len(text) % 4)
    entries += struct.pack("<HHHH", 8, 4, 2, 0)
    header = bytearray(struct.pack("<HHIII", 2, 16 + len(entries), size, 1, 0))
    header += entries
    checksum = 0
    for word, in struct.iter_unpack("<I", header):
        checksum ^= word
    header[12:16] = struct.pack("<I", checksum)
    body = bytearray(random.Random(seed).randbytes(size - len(header)))
    if spoil is not None:
        body[spoil] ^= 0x5a
    return bytes(header + body)


def make_tab(folder, name, size, version=1, seed=None, spoil=None):
    """The path of a TAB with the same object for both boards."""
    path = f"{folder}/{name}-{version}-{size}-{spoil}.tab"
    object_ = make_tbf(name, version, size,
                       f"{name}{version}" if seed is None else seed, spoil)
    members = {"metadata.toml": f'tab-version = 1\nname = "{name}"\n'
                                f'only-for-boards = ""\n'.encode(),
               "cortex-m4.tbf": object_, "rv32imac.tbf": object_}
    with tarfile.open(path, "w") as tab:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tab.addfile(info, io.BytesIO(content))
    return path


def run(*words):
    done = subprocess.run([TOOL, *words], check=True, capture_output=True)
    return done.stdout


class Board:
    """A flash image and the model of what upstream would have on it."""

    def __init__(self, folder, board=ARM, protocol=None):
        self.image = tempfile.mktemp(dir=folder, suffix=".img")
        self.options = ["--board", board, "--flash-file", self.image]
        if protocol:
            self.options += ["--protocol", protocol]

    def change(self, command, *words):
        """Does it; the plan's figures."""
        out = run(command, "-y", "--json", *self.options, *words)
        return json.loads(out)["plan"]


# --- pages and bytes ----------------------------------------------------------------

def upstream_layout(apps):
    """{name: (address, size)}, end; apps: {name: size} in flash order."""
    places, at = {}, 0
    for name, size in sorted(apps.items(), key=lambda a: -a[1]):
        at += -at % size
        places[name] = (at, size)
        at += size
    return places, at


class Upstream:
    """Counts what its order writes; each app is (size, content)."""

    def __init__(self):
        self.apps, self.places, self.pages, self.bytes = {}, {}, 0, 0

    def write(self, size):
        self.pages += -(-size // PAGE)
        self.bytes += size

    def install(self, name, size, content):
        self.pages = self.bytes = 0
        self.apps[name] = (size, content)
        places, end = upstream_layout({n: s for n, (s, _) in self.apps.items()})
        at = 0
        for place, (start, length) in sorted(places.items(),
                                             key=lambda p: p[1]):
            if start > at:
                self.write(start - at)
            # What is installed is written, were it there or not.
            if place == name or self.places.get(place) != (start, length):
                self.write(length)
            at = start + length
        self.places = places
        self.pages += 1  # the page behind the list
        return self

    def uninstall(self, name):
        self.pages, self.bytes = 1, PAGE
        del self.apps[name]
        self.places.pop(name)
        return self


def print_pages(case, theirs, plans):
    for kind, plan in plans.items():
        figure(f"{case}.{kind}erased", plan["erased"], "pages")
        figure(f"{case}.{kind}written", plan["programmed"], "pages")
        figure(f"{case}.{kind}bytes", plan["written"], "bytes")
    figure(f"{case}.upstream-written", theirs[0], "pages")
    figure(f"{case}.upstream-bytes", theirs[1], "bytes")


def eight_apps(folder, boards):
    upstream = Upstream()
    for number, size in enumerate(SIZES):
        tab = make_tab(folder, f"app{number}", size * KIB)
        upstream.install(f"app{number}", size * KIB, 1)
        for board in boards.values():
            board.change("install", tab)
    return upstream


def bench_case(folder, case, command, word, theirs):
    """One change on eight apps; word makes the operand."""
    boards = {"": Board(folder), "s-": Board(folder, protocol="s")}
    upstream = eight_apps(folder, boards)
    plans = {kind: board.change(command, word)
             for kind, board in boards.items()}
    done = theirs(upstream)
    print_pages(case, (done.pages, done.bytes), plans)


def bench_changes(folder):
    tab = make_tab(folder, "app3", 16 * KIB)
    bench_case(folder, "same-again", "install", tab,
               lambda u: u.install("app3", 16 * KIB, 1))
    tab = make_tab(folder, "app3", 16 * KIB, spoil=9000)
    bench_case(folder, "one-byte", "install", tab,
               lambda u: u.install("app3", 16 * KIB, 2))
    tab = make_tab(folder, "app3", 32 * KIB, version=2)
    bench_case(folder, "grow-middle", "install", tab,
               lambda u: u.install("app3", 32 * KIB, 2))
    bench_case(folder, "remove-first", "uninstall", "app0",
               lambda u: u.uninstall("app0"))


def random_step(rng, folder, installed, version):
    """(command, word, name, size) of one step among eight names."""
    name = f"app{rng.randrange(8)}"
    if name in installed and rng.random() < 0.4:
        return "uninstall", name, name, 0
    size = rng.choice(SIZES) * KIB
    return ("install", make_tab(folder, name, size, version), name, size)


def change_or_tidy(board, command, word):
    """Where nothing is left behind the list, what a user does then, first."""
    try:
        return [board.change(command, word)]
    except subprocess.CalledProcessError:
        return [board.change("tidy"), board.change(command, word)]


def bench_random(folder):
    sums = {"": [0, 0, 0], "s-": [0, 0, 0], "upstream": [0, 0]}
    boards = {"": Board(folder), "s-": Board(folder, protocol="s")}
    upstream, installed, rng = eight_apps(folder, boards), set(), \
        random.Random(1)
    installed |= set(upstream.apps)
    for version in range(2, 102):
        command, word, name, size = random_step(rng, folder, installed,
                                                version)
        for kind, board in boards.items():
            for plan in change_or_tidy(board, command, word):
                for i, key in enumerate(("erased", "programmed", "written")):
                    sums[kind][i] += plan[key]
        if command == "install":
            upstream.install(name, size, version)
            installed.add(name)
        else:
            upstream.uninstall(name)
            installed.discard(name)
        sums["upstream"][0] += upstream.pages
        sums["upstream"][1] += upstream.bytes
    keys = ("erased", "programmed", "written")
    print_pages("random-100", sums["upstream"],
                {k: dict(zip(keys, sums[k])) for k in ("", "s-")})


# --- wasted flash -------------------------------------------------------------------

def power_at_least(size):
    return 1 << (size - 1).bit_length()


def object_size(size):
    """What a converter makes that knows subregions: eighths of the region."""
    step = max(power_at_least(size) // 8, 32)
    return -(-size // step) * step


def bench_waste(folder):
    ours = theirs = used = 0
    rng = random.Random(2)
    for _ in range(20):
        sizes = [rng.randrange(600, 90 * KIB) for _ in range(rng.randrange(3, 9))]
        _, end = upstream_layout({str(i): max(512, power_at_least(s))
                                  for i, s in enumerate(sizes)})
        tabs = [make_tab(folder, f"waste{i}", object_size(s), seed=i)
                for i, s in enumerate(sizes)]
        board = Board(folder)
        board.change("install", *tabs)
        found = json.loads(run("list", "--json", *board.options))["apps"]
        base = min(a["address"] for a in found)
        ours += max(a["address"] + a["size"] for a in found) - base - sum(sizes)
        theirs += end - sum(sizes)
        used += sum(sizes)
    figure("waste.apps", used, "bytes")
    figure("waste.lost", ours, "bytes")
    figure("waste.upstream-lost", theirs, "bytes")


# --- cost ---------------------------------------------------------------------------

def measure(command, folder):
    """CPU and wall time in ms and peak memory in KiB of one run."""
    result = subprocess.run([MEASURE, *command], cwd=folder, check=True,
                            stdout=subprocess.PIPE, text=True)
    cpu, wall, peak = result.stdout.split("\t")
    return int(cpu) / 1000, int(wall) / 1000, int(peak)


def spread(values):
    low, _, high = statistics.quantiles(values, n=4)
    return high - low


def report(case, prefix, runs, empty):
    for i, (name, unit) in enumerate((("cpu", "ms"), ("wall", "ms"),
                                      ("peak", "KiB"))):
        values = [r[i] for r in runs]
        figure(f"{case}.{prefix}{name}", statistics.median(values), unit)
        figure(f"{case}.{prefix}{name}-spread", spread(values), unit)
    figure(f"{case}.{prefix}cpu-net",
           statistics.median([r[0] for r in runs]) - empty, "ms")


def bench_cost(case, folder, before, words, times, peer=True):
    """before: the image at the beginning of each run, null if there is none."""
    tools = {"": [TOOL]}
    if PEER and peer:
        tools["peer-"] = [PEER]
    runs, empty = {tool: [] for tool in tools}, []
    image = f"{folder}/cost.img"
    for _ in range(max(3, round(times * SCALE))):
        empty.append(measure(["/bin/true"], folder)[0])
        for tool, start in tools.items():
            if before:
                shutil.copy(before, image)
            elif os.path.exists(image):
                os.unlink(image)
            runs[tool].append(measure(
                [*start, words[0], "--board", RISCV, "--flash-file", image,
                 *words[1:]], folder))
    for tool in tools:
        report(case, tool, runs[tool], statistics.median(empty))
    if len(tools) > 1:
        for i, name in enumerate(("cpu", "wall", "peak")):
            ours, theirs = (statistics.median([r[i] for r in runs[tool]])
                            for tool in ("", "peer-"))
            figure(f"{case}.{name}-ratio", ours / theirs, "x")


def bench_costs(folder):
    tabs = [make_tab(folder, f"app{i}", size * KIB)
            for i, size in enumerate(SIZES)]
    other = make_tab(folder, "app3", 16 * KIB, version=2)
    full = Board(folder, RISCV)
    full.change("install", *tabs)
    bench_cost("list-8", folder, full.image, ["list"], 31)
    bench_cost("install-1-of-8", folder, full.image, ["install", other], 31)
    bench_cost("install-8", folder, None, ["install", *tabs], 31)
    bench_cost("uninstall-1-of-8", folder, full.image, ["uninstall", "app3"],
               31)


def bench_planning(folder):
    """n small apps on the board and one more planned; all n planned at once."""
    for count in (10, 100, 1000):
        tabs = [make_tab(folder, f"n{i}", 512, seed=i) for i in range(count)]
        more = make_tab(folder, "more", 512)
        board = Board(folder, RISCV)
        board.change("install", *tabs)
        bench_cost(f"plan-1-more-than-{count}", folder, board.image,
                   ["install", "--dry-run", more], 11, peer=False)
        bench_cost(f"plan-{count}-new", folder, None,
                   ["install", "--dry-run", *tabs], 11, peer=False)


def main():
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        bench_changes(folder)
        bench_random(folder)
        bench_waste(folder)
        bench_costs(folder)
        bench_planning(folder)


main()
