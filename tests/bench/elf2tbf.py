#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What elf2tbf costs: CPU time (user and system) and peak memory.

For each case the median of some runs and their spread, the distance between
the quartiles. "net" is the CPU time above that of an empty process measured
in the same minute. PEER_ELF2TAB names another program with the same command
line: then runs of both alternate, its figures are printed as well, and the
ratios ours / theirs. BENCH_RUNS=0.5 halves the number of runs.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import elfmaker  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", "build"))
MEASURE = f"{BUILD}/bench/measure"
TOOLS = {"": f"{BUILD}/bin/elf2tbf"}
if os.environ.get("PEER_ELF2TAB"):
    TOOLS["peer-"] = os.environ["PEER_ELF2TAB"]
SCALE = float(os.environ.get("BENCH_RUNS", "1"))


def app(size):
    """A position-independent Arm app with size bytes of code."""
    elf = elfmaker.Elf(elfmaker.ARM)
    pattern = bytes(range(251))
    code = (pattern * (size // len(pattern) + 1))[:size]
    elf.load(".text", code, address=0x80000000)
    elf.load(".data", bytes(64), address=0,
             load_address=0x80000000 + (size + 3) // 4 * 4,
             flags=elfmaker.ALLOC | elfmaker.WRITE)
    elf.section(".comment", b"x" * 5000)
    return elf.bytes()


def measure(command, folder):
    """CPU time in ms and peak memory in KiB of one run."""
    result = subprocess.run([MEASURE, *command], cwd=folder, check=True,
                            stdout=subprocess.PIPE, text=True)
    cpu, _, peak = result.stdout.split("\t")
    return int(cpu) / 1000, int(peak)


def figure(name, value, unit):
    digits = 0 if unit == "KiB" else 3
    print(f"elf2tbf.{name}\t{value:.{digits}f}\t{unit}", flush=True)


def spread(values):
    low, _, high = statistics.quantiles(values, n=4)
    return high - low


def report(case, prefix, runs, empty):
    cpu, peak = [r[0] for r in runs], [r[1] for r in runs]
    figure(f"{case}.{prefix}cpu", statistics.median(cpu), "ms")
    figure(f"{case}.{prefix}cpu-spread", spread(cpu), "ms")
    figure(f"{case}.{prefix}cpu-net", statistics.median(cpu) - empty, "ms")
    figure(f"{case}.{prefix}peak", statistics.median(peak), "KiB")
    figure(f"{case}.{prefix}peak-spread", spread(peak), "KiB")


def ratios(case, runs):
    for name, index in (("cpu", 0), ("peak", 1)):
        ours, theirs = (statistics.median([r[index] for r in runs[tool]])
                        for tool in ("", "peer-"))
        figure(f"{case}.{name}-ratio", ours / theirs, "x")


class Bench:
    """Runs in a folder; every run finds its inputs in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    def fresh(self, inputs):
        self.count += 1
        folder = os.path.join(self.folder, f"run{self.count}")
        os.mkdir(folder)
        for name in inputs:
            os.link(os.path.join(self.folder, name),
                    os.path.join(folder, name))
        return folder

    def write(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(data)
        return name

    def case(self, case, options, inputs, times, again=False):
        """With again also a second run that finds its outputs as they are."""
        first = {tool: [] for tool in TOOLS}
        second = {tool: [] for tool in TOOLS}
        empty = []
        for _ in range(max(3, round(times * SCALE))):
            empty.append(measure(["/bin/true"], self.folder)[0])
            for tool, path in TOOLS.items():
                folder = self.fresh(inputs)
                command = [path, *options, *inputs]
                first[tool].append(measure(command, folder))
                if again:
                    second[tool].append(measure(command, folder))
                elif len(inputs) == 1:
                    shutil.rmtree(folder)  # the large outputs
        report_case(case, first, statistics.median(empty))
        if again:
            report_case(f"{case}-again", second, statistics.median(empty))


def report_case(case, runs, empty):
    for tool in TOOLS:
        report(case, tool, runs[tool], empty)
    if len(TOOLS) > 1:
        ratios(case, runs)


def main():
    options = ["-n", "app", "--kernel-major", "2", "--deterministic", "-o",
               "out.tab"]
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        bench = Bench(folder)
        small = app(300)
        bench.case("version", ["--version"], [], 41)
        bench.case("6k", options, [bench.write("small.elf", small)], 41)
        bench.case("146k", options,
                   [bench.write("medium.elf", app(141 << 10))], 41)
        bench.case("batch-1000", options,
                   [bench.write(f"app{i}.elf", small) for i in range(1000)],
                   9, again=True)
        bench.case("64m", options, [bench.write("large.elf", app(64 << 20))],
                   7)


main()
