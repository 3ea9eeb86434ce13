#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What elf2tbf costs: CPU time (user and system) and peak memory.

For each case the median of some runs and their spread, the distance between
the quartiles. "net" is the CPU time above that of an empty process measured
in the same minute. PEER_ELF2TAB names another program with the same command
line: then runs of both alternate, its figures are printed as well, and the
ratios ours / theirs. BENCH_RUNS divides or multiplies the number of runs.
"""
import os
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


def bench(case, arguments, times, folder):
    runs = {tool: [] for tool in TOOLS}
    empty = []
    for _ in range(max(3, round(times * SCALE))):
        empty.append(measure(["/bin/true"], folder)[0])
        for tool, path in TOOLS.items():
            runs[tool].append(measure([path, *arguments], folder))
    for tool in TOOLS:
        report(case, tool, runs[tool], statistics.median(empty))
    if len(TOOLS) > 1:
        ratios(case, runs)


def main():
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        def write(name, data):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
            return name

        options = ["-n", "app", "--kernel-major", "2", "-o", "out.tab"]
        small = app(300)
        bench("version", ["--version"], 41, folder)
        bench("6k", [*options, write("small.elf", small)], 41, folder)
        bench("146k", [*options, write("medium.elf", app(141 << 10))], 41,
              folder)
        batch = [write(f"app{i}.elf", small) for i in range(1000)]
        bench("batch-1000", options + batch, 9, folder)
        bench("64m", [*options, write("large.elf", app(64 << 20))], 7, folder)


main()
