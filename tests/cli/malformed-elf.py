#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""elf2tbf on ELF files that something is wrong with.

Made of two real programs by cutting them off and by writing 0, 1 and the
highest value into every field of every header, one at a time. A file whose
damage shows must end in one error, status 3 and no output; one whose damage
does not matter (the alignment of a section, say) may give an object, which
then must be well-formed. The tool is built with the sanitizers: reports of
theirs are failures. No run may take a second.
"""
import os
import resource
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import elfmaker  # noqa: E402
import tap  # noqa: E402

TOOL = os.path.abspath(os.path.join(os.environ.get("B", "build"),
                                    "test", "bin", "elf2tbf"))
INPUTS = os.path.join(HERE, "..", "golden", "tbf", "inputs")
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}

HEADER = {"e_type": (16, 2), "e_machine": (18, 2), "e_version": (20, 4),
          "e_entry": (24, 4), "e_phoff": (28, 4), "e_shoff": (32, 4),
          "e_flags": (36, 4), "e_ehsize": (40, 2), "e_phentsize": (42, 2),
          "e_phnum": (44, 2), "e_shentsize": (46, 2), "e_shnum": (48, 2),
          "e_shstrndx": (50, 2)}
SEGMENT = ("type", "offset", "vaddr", "paddr", "filesz", "memsz", "flags",
           "align")
SECTION = ("name", "type", "flags", "addr", "offset", "size", "link", "info",
           "addralign", "entsize")
LOAD, NULL, SYMTAB, NOBITS = 1, 0, 2, 8


class Program:
    """A 32-bit little-endian ELF file and where its headers are."""

    def __init__(self, name):
        with open(os.path.join(INPUTS, name), "rb") as file:
            self.bytes = file.read()
        self.segments_at, self.sections_at = \
            struct.unpack_from("<II", self.bytes, 28)
        self.segments = self.read(self.segments_at, 44, SEGMENT)
        self.sections = self.read(self.sections_at, 48, SECTION)

    def read(self, at, count_at, fields):
        count, = struct.unpack_from("<H", self.bytes, count_at)
        size = 4 * len(fields)
        return [dict(zip(fields, struct.unpack_from(f"<{len(fields)}I",
                                                    self.bytes, at + i * size)))
                for i in range(count)]

    def with_field(self, at, size, value):
        data = bytearray(self.bytes)
        data[at:at + size] = value.to_bytes(size, "little")
        return bytes(data)

    def with_segment(self, index, field, value):
        at = self.segments_at + 32 * index + 4 * SEGMENT.index(field)
        return self.with_field(at, 4, value)

    def with_section(self, index, field, value):
        at = self.sections_at + 40 * index + 4 * SECTION.index(field)
        return self.with_field(at, 4, value)

    def extremes(self, make, now, bits=32):
        """make(value) for 0, 1 and the highest value, unless it is so now."""
        for value in (0, 1, (1 << bits) - 1):
            if value != now:
                yield value, make(value)


def cpu_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(data, folder):
    """Status and error lines; the folder holds only the input afterwards."""
    with open(os.path.join(folder, "app.elf"), "wb") as file:
        file.write(data)
    before = cpu_time()
    result = subprocess.run([TOOL, "app.elf", "--kernel-major", "2"], env=ENV,
                            cwd=folder, capture_output=True, timeout=20)
    took = cpu_time() - before
    errors = result.stderr.decode()
    outputs = {}
    for name in sorted(set(os.listdir(folder)) - {"app.elf"}):
        with open(os.path.join(folder, name), "rb") as file:
            outputs[name] = file.read()
        os.unlink(os.path.join(folder, name))
    tap.check(took < 1, f"took {took:.1f} s")
    tap.check("Sanitizer" not in errors and "runtime error" not in errors,
              errors)
    return result.returncode, errors, outputs


def check_refused(status, errors, outputs):
    tap.equal(status, 3, f"status with {errors!r}")
    lines = [l for l in errors.splitlines() if l.startswith("error: ")]
    tap.equal(len(lines), 1, f"error lines in {errors!r}")
    tap.equal(list(outputs), [], "files written")


def check_object(outputs):
    tap.equal(sorted(outputs), ["TockApp.tab", "app.tbf"], "files written")
    data = outputs["app.tbf"]
    version, header, total = struct.unpack_from("<HHI", data)
    tap.equal((version, total), (2, len(data)), "version and size")
    words = struct.unpack_from(f"<{header // 4}I", data)
    checksum = 0
    for word in words[:3] + words[4:]:
        checksum ^= word
    tap.equal(checksum, words[3], "checksum")


def check_all(cases, may_succeed=False):
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, data in cases:
            try:
                status, errors, outputs = run(data, folder)
                if status == 0 and may_succeed:
                    check_object(outputs)
                else:
                    check_refused(status, errors, outputs)
            except tap.Failed as failure:
                raise tap.Failed(f"{name}: {failure}") from None
            count += 1
    tap.check(count > 0, "no case")


def cuts(program):
    """Around every header and every section's contents."""
    edges = {0, 1, 4, 16, 52, len(program.bytes)}
    for i in range(len(program.segments) + 1):
        edges.add(program.segments_at + 32 * i)
    for i in range(len(program.sections) + 1):
        edges.add(program.sections_at + 40 * i)
    for section in program.sections:
        if section["type"] != NOBITS:
            edges.update((section["offset"],
                          section["offset"] + section["size"]))
    for edge in sorted(edges):
        for size in {edge - 1, edge, edge + 1}:
            if 0 <= size < len(program.bytes):
                yield f"cut to {size}", program.bytes[:size]


def header_fields(program, names):
    for name in names:
        at, size = HEADER[name]
        now = int.from_bytes(program.bytes[at:at + size], "little")
        for value, data in program.extremes(
                lambda v, a=at, s=size: program.with_field(a, s, v), now,
                8 * size):
            yield f"{name} = {value:#x}", data


def segment_fields(program, names, wanted):
    for i, segment in enumerate(program.segments):
        if not wanted(segment):
            continue
        for name in names:
            for value, data in program.extremes(
                    lambda v, n=name, k=i: program.with_segment(k, n, v),
                    segment[name]):
                yield f"segment {i}: p_{name} = {value:#x}", data


def section_fields(program, names, wanted):
    for i, section in enumerate(program.sections):
        if not wanted(section):
            continue
        for name in names:
            for value, data in program.extremes(
                    lambda v, n=name, k=i: program.with_section(k, n, v),
                    section[name]):
                yield f"section {i}: sh_{name} = {value:#x}", data


def has_bytes(section):
    return section["type"] not in (NULL, NOBITS) and section["size"] != 0


def overlaps(program):
    loads = [i for i, s in enumerate(program.segments)
             if s["type"] == LOAD and s["filesz"] != 0]
    first, last = program.segments[loads[0]], program.segments[loads[-1]]
    yield "two segments at one load address", \
        program.with_segment(loads[-1], "paddr", first["paddr"])
    yield "a segment loaded to the last byte of another", \
        program.with_segment(loads[-1], "paddr",
                             first["paddr"] + first["filesz"] - 1)
    yield "two segments at one address", \
        program.with_segment(loads[-1], "vaddr", first["vaddr"])
    yield "two segments with the same contents", \
        program.with_segment(loads[-1], "offset", first["offset"])
    yield "section headers over program headers", \
        program.with_field(*HEADER["e_shoff"], program.segments_at)
    yield "program headers over section headers", \
        program.with_field(*HEADER["e_phoff"], program.sections_at)
    yield "program headers over contents", \
        program.with_field(*HEADER["e_phoff"], last["offset"])


def cycles(program):
    """Sections that refer to themselves or in a circle."""
    symbols, = [i for i, s in enumerate(program.sections)
                if s["type"] == SYMTAB]
    yield "symbols named by themselves", \
        program.with_section(symbols, "link", symbols)
    yield "symbols named by the section after the last", \
        program.with_section(symbols, "link", len(program.sections))
    yield "section names in the symbols", \
        program.with_field(*HEADER["e_shstrndx"], symbols)
    yield "section names in the section after the last", \
        program.with_field(*HEADER["e_shstrndx"], len(program.sections))


def links_to_self(program):
    """Here what is read may happen to make sense."""
    names, = struct.unpack_from("<H", program.bytes, 50)
    yield "section names that are their own headers", \
        program.with_section(names, "offset", program.sections_at)
    for i in range(1, len(program.sections)):
        yield f"section {i} links to itself", \
            program.with_section(i, "link", i)
        yield f"section {i} informs of itself", \
            program.with_section(i, "info", i)


def crowd(segments, sections, prefix):
    """A good program with many of both, whose names differ at the end."""
    elf = elfmaker.Elf(elfmaker.ARM, entry=0x80000001)
    flags = elfmaker.WRITE | elfmaker.ALLOC | elfmaker.EXEC
    for i in range(segments):
        elf.load(f".s{i}", bytes(16), 0x80000000 + 16 * i, flags=flags)
    start = 0x80000000 + 16 * segments
    last = elf.load(".last", bytes(sections), start, flags=flags)
    for i in range(sections):
        elf.section(prefix + "x" * 200 + str(i), flags=3, address=start + i,
                    size=1)
    data = bytearray(elf.bytes())
    headers_at, = struct.unpack_from("<I", data, 32)
    contents, = struct.unpack_from("<I", data, headers_at + 40 * (1 + last) + 16)
    for i in range(sections):
        struct.pack_into("<I", data, headers_at + 40 * (2 + last + i) + 16,
                         contents + i)
    return bytes(data)


@tap.test("many sections and segments do not cost more than a second")
def _():
    with tempfile.TemporaryDirectory() as folder:
        for data in (crowd(0, 8100, ".data"), crowd(0, 8100, ".rela."),
                     crowd(250, 7900, ".data")):
            status, errors, outputs = run(data, folder)
            tap.equal(status, 0, errors)
            check_object(outputs)
        for data in (crowd(256, 10, ".x"), crowd(0, 8200, ".x")):
            check_refused(*run(data, folder))


def add(name, title, cases, may_succeed=False):
    @tap.test(f"{name}: {title}")
    def _():
        check_all(cases(Program(name)), may_succeed)


for each in ("pic_m4.elf", "rv32_sym.elf"):
    add(each, "cut off at every edge", cuts)
    add(each, "tables of headers that are not where or what they should be",
        lambda p: header_fields(p, ("e_version", "e_phoff", "e_shoff",
                                    "e_ehsize", "e_phentsize", "e_phnum",
                                    "e_shentsize", "e_shnum", "e_shstrndx")))
    add(each, "segments whose contents are not where or what they should be",
        lambda p: segment_fields(
            p, ("offset", "filesz", "memsz"),
            lambda s: s["type"] == LOAD and s["filesz"] != 0))
    add(each, "sections whose contents are not where they should be",
        lambda p: section_fields(p, ("offset",), has_bytes))
    add(each, "sections larger than the file",
        lambda p: (c for c in section_fields(p, ("size",), has_bytes)
                   if c[0].endswith("0xffffffff")))
    add(each, "segments and sections over each other", overlaps)
    add(each, "tables that refer to themselves", cycles)

# Other fields need not matter: what is in them depends less on the program.
add("pic_m4.elf", "any field of the ELF header",
    lambda p: header_fields(p, HEADER), True)
add("pic_m4.elf", "any field of the program headers",
    lambda p: segment_fields(p, SEGMENT, lambda s: True), True)
add("pic_m4.elf", "any field of the section headers",
    lambda p: section_fields(p, SECTION, lambda s: True), True)
add("pic_m4.elf", "sections that refer to themselves", links_to_self, True)
tap.main()
