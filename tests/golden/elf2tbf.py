#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""elf2tbf on known inputs: see tests/golden/elf2tbf/README.md.

The objects are read here with a reader of its own, after docs/tbf.md and not
after lib/tbf.
"""
import hashlib
import io
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402

TOOL = os.path.abspath(os.path.join(os.environ.get("B", "build"),
                                    "bin", "elf2tbf"))
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "elf2tbf")
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def table(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        head, *rows = file.read().splitlines()
    for row in rows:
        yield dict(zip(head.split("\t"), row.split("\t")))


class Run:
    """One run of the tool in a folder with only the inputs."""

    def __init__(self, row):
        text = row["arguments"]
        args = [a.replace("\\\\", "\\") for a in text.split(" \u241f ")] \
            if text else []
        inputs = [] if row["inputs"] == "-" else row["inputs"].split()
        with tempfile.TemporaryDirectory() as folder:
            for name in inputs:
                shutil.copy(os.path.join(DATA, "inputs", name), folder)
            self.result = subprocess.run([TOOL, *args], cwd=folder, env=ENV,
                                         capture_output=True, timeout=60)
            self.files = {}
            for name in sorted(set(os.listdir(folder)) - set(inputs)):
                with open(os.path.join(folder, name), "rb") as file:
                    self.files[name] = file.read()
        self.errors = self.result.stderr.decode("utf-8")

    def expect_status(self, status):
        tap.equal(self.result.returncode, int(status),
                  f"exit status ({self.errors.strip()})")

    def one(self, suffix):
        found = [self.files[n] for n in self.files if n.endswith(suffix)]
        tap.equal(len(found), 1, f"number of {suffix} files")
        return found[0]


def members(tab):
    with tarfile.open(fileobj=io.BytesIO(tab), mode="r:") as archive:
        return [(m.name, archive.extractfile(m).read()) for m in archive]


def digest(name, data):
    if not name.endswith(".tab"):
        return hashlib.sha256(data).hexdigest()
    lines = ""
    for member, contents in members(data):
        contents = re.sub(rb"build-date = \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                          b"build-date = X", contents)
        lines += f"{member}\n{hashlib.sha256(contents).hexdigest()}\n"
    return hashlib.sha256(lines.encode()).hexdigest()


class Object:
    """A TBF object; reading it checks its lengths, checksum and footers."""

    def __init__(self, data):
        self.data = data
        version, self.header, self.total, self.flags, checksum = \
            struct.unpack_from("<HHIII", data)
        tap.equal(version, 2, "version")
        tap.equal(self.total, len(data), "total_size and length of the file")
        words = struct.unpack_from(f"<{self.header // 4}I", data)
        total = 0
        for word in words:
            total ^= word
        tap.equal(total ^ checksum, checksum, "checksum")
        self.entries = list(self.walk(16, self.header, 4))
        kinds = [kind for kind, _ in self.entries]
        tap.equal(kinds, sorted(set(kinds), key=kinds.index),
                  "types of entries, each once")
        program = struct.unpack("<5I", self.entry(9))
        tap.equal(self.entry(1), self.entry(9)[:12], "Main and Program")
        self.start = self.header + program[0]
        self.app = self.header + program[1]
        self.ram, self.binary_end, self.version = program[2:]
        tap.check(self.app <= self.start < self.binary_end <= self.total,
                  "entry point inside the binary")
        self.check_footers()

    def walk(self, at, end, align):
        while at < end:
            kind, size = struct.unpack_from("<HH", self.data, at)
            yield kind, self.data[at + 4:at + 4 + size]
            at += 4 + (size + align - 1) // align * align
        tap.equal(at, end, "end of the entries")

    def entry(self, kind):
        return dict(self.entries).get(kind, b"")

    def check_footers(self):
        room = self.total - self.binary_end
        if room < 8:
            tap.equal(self.data[self.binary_end:], bytes(room), "rest")
            return
        for kind, data in self.walk(self.binary_end, self.total, 1):
            tap.equal(kind, 128, "type of a footer")
            tap.equal(data.strip(b"\0"), b"", "Reserved footer")

    def regions(self):
        words = struct.unpack(f"<{len(self.entry(2)) // 4}I", self.entry(2))
        return ",".join(f"{words[i]:#x}+{words[i + 1]}"
                        for i in range(0, len(words), 2))

    def fixed(self):
        ram, flash = struct.unpack("<2I", self.entry(5))
        return f"{flash:#x}+{ram:#x}"


def section(path, wanted):
    """The contents of a section of a 32- or 64-bit little-endian ELF."""
    with open(path, "rb") as file:
        elf = file.read()
    shoff, = struct.unpack_from("<I", elf, 32)
    size, count, names = struct.unpack_from("<3H", elf, 46)
    heads = [struct.unpack_from("<10I", elf, shoff + i * size)
             for i in range(count)]
    for head in heads:
        at = heads[names][4] + head[0]
        if elf[at:elf.index(b"\0", at)].decode() == wanted:
            return elf[head[4]:head[4] + head[5]]
    raise tap.Failed(f"no section {wanted}")


def check_order(data, spec):
    path, places = spec.split(":", 1)
    for place in places.split(","):
        name, at = place.split("@")
        contents = section(os.path.join(DATA, "inputs", path), name)
        at = int(at, 16)
        tap.check(data[at:at + len(contents)] == contents,
                  f"{name} is not at {at:#x}")


def check_fact(run, key, value):
    if key == "message":
        tap.check(value in run.errors, f"no {value!r} in {run.errors!r}")
        tap.equal(list(run.files), [], "files written")
        return
    data = run.one(".tbf")
    obj = Object(data)
    metadata = dict(members(run.one(".tab")))["metadata.toml"].decode()
    if key == "order":
        check_order(data, value)
    elif key == "toml-name":
        tap.check(f"\nname = {value}\n" in metadata, metadata)
    elif key == "name":
        tap.equal(obj.entry(3).decode(), value, key)
    else:
        found = {"header": obj.header, "total": obj.total, "ram": obj.ram,
                 "entry": hex(obj.start), "regions": obj.regions(),
                 "fixed": obj.fixed() if obj.entry(5) else ""}[key]
        tap.equal(str(found), value, key)


def add_same(row):
    @tap.test(f"{row['id']}: the bytes that elf2tab makes")
    def _():
        run = Run(row)
        run.expect_status(0)
        wanted = dict(o.split("=") for o in row["outputs"].split())
        tap.equal(sorted(run.files), sorted(wanted), "files written")
        for name, data in run.files.items():
            tap.equal(digest(name, data), wanted[name], name)
            if name.endswith(".tbf"):
                Object(data)


def add_refused(row):
    @tap.test(f"{row['id']}: refused, nothing written")
    def _():
        run = Run(row)
        run.expect_status(row["status"])
        check_fact(run, "message", row["message"])


def add_exception(row):
    @tap.test(f"{row['id']}: {row['reason']}")
    def _():
        run = Run(row)
        run.expect_status(row["status"])
        for fact in row["expected"].split(";"):
            check_fact(run, *fact.split("=", 1))


for each in table("same.tsv"):
    add_same(each)
for each in table("refused.tsv"):
    add_refused(each)
for each in table("exceptions.tsv"):
    add_exception(each)
tap.main()
