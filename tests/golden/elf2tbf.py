#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""elf2tbf on known inputs: see tests/golden/tbf/README.md.

The objects are read here with a reader of its own, after docs/tbf.md and not
after lib/tbf.
"""
import gzip
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
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tbf")
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def table(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        head, *rows = file.read().splitlines()
    for row in rows:
        yield dict(zip(head.split("\t"), row.split("\t")))


def bring(name, folder):
    """Puts an input or a key into the folder; private keys are private."""
    packed = os.path.join(DATA, "inputs", name + ".gz")
    if os.path.exists(packed):
        with gzip.open(packed) as source, \
                open(os.path.join(folder, name), "wb") as file:
            shutil.copyfileobj(source, file)
        return
    source = os.path.join(DATA, "inputs", name)
    if not os.path.exists(source):
        source = os.path.join(DATA, "keys", name)
    shutil.copy(source, folder)
    os.chmod(os.path.join(folder, name), 0o600)


class Run:
    """One run of the tool in a folder with only its inputs and keys."""

    def __init__(self, row, *more):
        text = row["arguments"]
        args = [a.replace("\\\\", "\\") for a in text.split(" \u241f ")] \
            if text else []
        inputs = set() if row["inputs"] == "-" else set(row["inputs"].split())
        inputs.update(set(args) & set(os.listdir(os.path.join(DATA, "keys"))))
        with tempfile.TemporaryDirectory() as folder:
            for name in inputs:
                bring(name, folder)
            self.result = subprocess.run([TOOL, *args, *more], cwd=folder,
                                         env=ENV, capture_output=True,
                                         timeout=60)
            self.files = {}
            for name in sorted(set(os.listdir(folder)) - inputs):
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

    def expect_files(self, text):
        wanted = {} if text == "-" else dict(o.split("=")
                                             for o in text.split())
        tap.equal(sorted(self.files), sorted(wanted), "files written")
        for name, data in self.files.items():
            tap.equal(digest(name, data), wanted[name], name)

    def expect_refusal(self, message):
        tap.check(message in self.errors,
                  f"no {message!r} in {self.errors!r}")
        tap.equal(list(self.files), [], "files written")


def members(tab):
    with tarfile.open(fileobj=io.BytesIO(tab), mode="r:") as archive:
        return [(m.name, archive.extractfile(m).read()) for m in archive]


def fixed(data):
    """The data without what differs from run to run: ECDSA signatures."""
    head = b"\x80\0\x44\0\x06\0\0\0"
    return re.sub(re.escape(head) + b"(?s:.{64})", head + bytes(64), data)


def digest(name, data):
    if not name.endswith(".tab"):
        return hashlib.sha256(fixed(data)).hexdigest()
    lines = ""
    for member, contents in members(data):
        contents = re.sub(rb"build-date = \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                          b"build-date = X", contents)
        lines += f"{member}\n{hashlib.sha256(fixed(contents)).hexdigest()}\n"
    return hashlib.sha256(lines.encode()).hexdigest()


def der_integer(data):
    data = data.lstrip(b"\0") or b"\0"
    if data[0] & 0x80:
        data = b"\0" + data
    return b"\x02" + bytes([len(data)]) + data


def verify(digest_option, key, signature, data):
    """A signature over data, judged by the openssl program."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(signature)
        file.flush()
        result = subprocess.run(
            ["openssl", "dgst", digest_option, "-verify",
             os.path.join(DATA, "keys", key), "-signature", file.name],
            input=data, capture_output=True)
    tap.equal(result.returncode, 0, f"openssl on a signature by {key}")


def check_credential(kind, data, covered):
    if kind == 0:
        tap.equal(data.strip(b"\0"), b"", "Reserved footer")
    elif kind == 2:
        verify("-sha512", "rsa4096_A.pub.pem", data[512:], covered)
    elif kind == 6:
        body = der_integer(data[:32]) + der_integer(data[32:])
        verify("-sha256", "p256_A.pub.pem",
               b"\x30" + bytes([len(body)]) + body, covered)
    else:
        name = {3: "sha256", 4: "sha384", 5: "sha512"}[kind]
        tap.equal(data, hashlib.new(name, covered).digest(), name)


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
        self.footers = list(self.walk_footers())

    def walk(self, at, end, align):
        while at < end:
            kind, size = struct.unpack_from("<HH", self.data, at)
            yield kind, self.data[at + 4:at + 4 + size]
            at += 4 + (size + align - 1) // align * align
        tap.equal(at, end, "end of the entries")

    def entry(self, kind):
        return dict(self.entries).get(kind, b"")

    def walk_footers(self):
        """Checks each credential; less than one more may be left, zeros."""
        at = self.binary_end
        while self.total - at >= 8:
            kind, size = struct.unpack_from("<HH", self.data, at)
            tap.equal(kind, 128, "type of a footer")
            kind, = struct.unpack_from("<I", self.data, at + 4)
            tap.check(at + 4 + size <= self.total, "a footer passes the end")
            data = self.data[at + 8:at + 4 + size]
            check_credential(kind, data, self.data[:self.binary_end])
            yield f"{kind}:{len(data)}"
            at += 4 + size
        tap.equal(self.data[at:], bytes(self.total - at), "rest")

    def regions(self):
        words = struct.unpack(f"<{len(self.entry(2)) // 4}I", self.entry(2))
        return ",".join(f"{words[i]:#x}+{words[i + 1]}"
                        for i in range(0, len(words), 2))

    def addresses(self):
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
        run.expect_refusal(value)
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
                 "footers": ",".join(obj.footers),
                 "fixed": obj.addresses() if obj.entry(5) else ""}[key]
        tap.equal(str(found), value, key)


def add_same(row):
    if row["status"] == "0":
        @tap.test(f"{row['id']}: the bytes that elf2tab makes")
        def _():
            run = Run(row)
            run.expect_status(0)
            run.expect_files(row["expected"])
            for name, data in run.files.items():
                if name.endswith(".tbf"):
                    Object(data)
    else:
        @tap.test(f"{row['id']}: refused, nothing written")
        def _():
            run = Run(row)
            run.expect_status(row["status"])
            run.expect_refusal(row["expected"])


def add_exception(row):
    @tap.test(f"{row['id']}: {row['reason']}")
    def _():
        run = Run(row)
        run.expect_status(row["status"])
        for fact in row["expected"].split(";"):
            check_fact(run, *fact.split("=", 1))

    if row["compat"] != "-":
        @tap.test(f"{row['id']}: elf2tab's bytes with --elf2tab-compat")
        def _():
            run = Run(row, "--elf2tab-compat")
            run.expect_status(0)
            run.expect_files(row["compat"])


@tap.test("each of the 378 recorded command lines is in one table")
def _():
    ids = [row["id"] for name in ("same.tsv", "exceptions.tsv")
           for row in table(name) if not row["id"].startswith("extra-")]
    tap.equal(sorted(i[:4] for i in ids),
              [f"o{number:03}" for number in range(378)], "numbers")


for each in table("same.tsv"):
    add_same(each)
for each in table("exceptions.tsv"):
    add_exception(each)
tap.main()
