#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Hostile TABs and headers against tockloader-c.

Whatever an archive or an object holds: either all of it was checked and the
app is installed, or there is one clear error, status 3, and the image is the
very same file, not written again. On a board, a hostile header hides no app
that stands behind it unless the format says that the list ends there, and
then the tool says where.

Everything is made here; the rows of headers are those of our threat model.
"""
import hashlib
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import tap  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", "build"))
TOOL = f"{BUILD}/test/bin/tockloader-c"  # with address sanitizer
if not os.path.exists(TOOL):
    TOOL = f"{BUILD}/bin/tockloader-c"
APPS, SIZE = 0x100000, 0x100000  # app region of qemu_rv32_virt in its image
START = 0x80100000
MAIN, REGIONS, NAME, FIXED, PERMISSIONS, STORAGE, KERNEL, PROGRAM, SHORT_ID = (
    1, 2, 3, 5, 6, 7, 8, 9, 10)
METADATA = b"tab-version = 1\n"

# --- objects -------------------------------------------------------------


def entry(kind, data, length=None):
    head = struct.pack("<HH", kind, len(data) if length is None else length)
    return head + data + bytes(-len(data) % 4)


def sealed(header):
    """The header with a right checksum."""
    header = bytearray(header)
    header[12:16] = bytes(4)
    total = 0
    for word, in struct.iter_unpack("<I", header[:len(header) // 4 * 4]):
        total ^= word
    header[12:16] = struct.pack("<I", total)
    return bytes(header)


def obj(entries=(), size=256, base=None, program=None, name=b"row",
        kernel=(2, 0), flags=1):
    """An object; base replaces fields of the base header, program those of
    the Program entry: offset of start, protected, RAM, binary end, version."""
    body = b"".join(entries)
    if kernel:
        body += entry(KERNEL, struct.pack("<HH", *kernel))
    if name is not None:
        body += entry(NAME, name)
    if program is not False:
        fields = {"init": 0, "protected": 0, "ram": 1024, "end": size,
                  "version": 1, **(program or {})}
        body = entry(PROGRAM, struct.pack("<5I", *fields.values())) + body
    header_size = 16 + len(body)
    fields = {"version": 2, "header": header_size, "total": size,
              "flags": flags, **(base or {})}
    head = struct.pack("<HHIII", fields["version"], fields["header"],
                       fields["total"], fields["flags"], 0)
    # The checksum covers header_size bytes of whatever stands there.
    whole = bytearray((head + body).ljust(size, b"\x5a"))
    covered = min(max(fields["header"], 16), size)
    whole[:covered] = sealed(whole[:covered])
    return bytes(whole)


def good(name, size=256):
    return obj(name=name, size=size)


# --- archives ------------------------------------------------------------


def octal(value, digits):
    return b"%0*o\0" % (digits - 1, value)


def member(name, data, size=None, kind=b"0", checksum=None):
    """A tar member; size and checksum may lie."""
    size = octal(len(data), 12) if size is None else size
    head = bytearray(512)
    for at, field in ((0, name), (100, octal(0o644, 8)), (108, octal(0, 8)),
                      (116, octal(0, 8)), (124, size), (136, octal(0, 12)),
                      (148, b" " * 8), (156, kind), (257, b"ustar\x0000")):
        head[at:at + len(field)] = field
    head = bytearray(tar_sum(head))
    if checksum is not None:
        head[148:156] = b"%06o\0 " % checksum
    return bytes(head) + data + bytes(-len(data) % 512)


def tar_sum(head):
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


END = bytes(1024)


def tab(object_bytes, metadata=METADATA, name=b"rv32imac.tbf"):
    return (member(b"metadata.toml", metadata) + member(name, object_bytes) +
            END)


# --- running -------------------------------------------------------------


class Board:
    """An image in a folder that is removed at the end."""

    def __init__(self, *objects):
        self.folder = tempfile.TemporaryDirectory()
        self.path = f"{self.folder.name}/b.img"
        region = b"".join(objects).ljust(SIZE, b"\xff")
        with open(self.path, "wb") as file:
            file.write(b"\xff" * APPS + region)

    def file(self, name, data):
        path = f"{self.folder.name}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        return path

    def run(self, command, *args):
        return subprocess.run(
            [TOOL, command, "--board", "qemu_rv32_virt", "--flash-file",
             self.path, *args], capture_output=True, check=False, timeout=30)

    def state(self):
        info = os.stat(self.path)
        with open(self.path, "rb") as file:
            return (info.st_ino, info.st_mtime_ns,
                    hashlib.sha256(file.read()).hexdigest())

    def region(self):
        with open(self.path, "rb") as file:
            return file.read()[APPS:]

    def list(self):
        done = self.run("list", "--json")
        tap.equal(done.returncode, 0, "status of list")
        return json.loads(done.stdout)


BOARD = Board(good(b"stays"))
GOOD = BOARD.file("good.tab", tab(good(b"other")))


def refused(data, what, *options, commands=("install",)):
    """Behind a good TAB, so that its app would be written first."""
    path = BOARD.file("hostile.tab", data)
    before = BOARD.state()
    for command in commands:
        done = BOARD.run(command, GOOD, path, *options)
        text = done.stderr.decode("utf-8", "backslashreplace")
        tap.equal(done.returncode, 3, f"{what}: status of {command} ({text})")
        tap.equal(text.count("error: "), 1, f"{what}: errors in {text!r}")
        tap.check("hostile.tab" in text or "'row'" in text,
                  f"{what}: neither file nor app in {text!r}")
        tap.equal(BOARD.state(), before, f"{what}: the image")


def accepted(data, what, warns=False, *options):
    board = Board(good(b"stays"))
    path = board.file("odd.tab", data)
    done = board.run("install", path, *options)
    text = done.stderr.decode("utf-8", "backslashreplace")
    tap.equal(done.returncode, 0, f"{what}: status ({text})")
    tap.equal("warning: " in text, warns, f"{what}: warns ({text})")


# --- T-TAB ---------------------------------------------------------------

SAMPLE = tab(good(b"sample", 1536))


@tap.test("the sample archive as it is gets installed")
def _():
    accepted(SAMPLE, "sample")
    accepted(SAMPLE + bytes(5120), "further blocks of zeros")


@tap.test("a TAB cut off at any block or byte is refused")
def _():
    blocks = range(0, len(SAMPLE), 512)
    for length in blocks:
        refused(SAMPLE[:length], f"cut at block {length}",
                commands=("install", "update"))
    for length in random.Random(6).sample(range(len(SAMPLE)), 100):
        refused(SAMPLE[:length], f"cut at byte {length}")


@tap.test("duplicate and foreign members are refused")
def _():
    app, toml = good(b"x"), member(b"metadata.toml", METADATA)
    one = member(b"rv32imac.tbf", app)
    refused(toml + one + one + END, "two objects of one name")
    refused(toml + one + member(b"./rv32imac.tbf", app) + END,
            "the same name behind ./")
    refused(toml + toml + one + END, "two metadata.toml")
    for name in (b"../rv32imac.tbf", b"/rv32imac.tbf", b"a/../rv32imac.tbf",
                 b"a/rv32imac.tbf", b"..", b".rv32imac.tbf", b"",
                 b"rv32imac\n.tbf", b"rv32\x1b[31m.tbf", b"rv32\xff.tbf",
                 b"x" * 95 + b"/.tbf"):
        refused(toml + one + member(name, app) + END, f"name {name!r}")
    holes = bytearray(member(b"holes.tbf", bytes(512), kind=b"S")[:512])
    for at, value in ((386, 512), (398, 512), (483, 1024)):
        holes[at:at + 12] = octal(value, 12)
    holes[257:265] = b"ustar  \0"  # GNU's form has sparse files
    refused(toml + one + tar_sum(holes) + bytes(512) + END, "a sparse file")
    for kind in b"123456D":
        refused(toml + one + member(b"link.tbf", b"", kind=bytes([kind])) +
                END, f"member of type {chr(kind)}")


@tap.test("sizes that lie are refused")
def _():
    app, toml = good(b"x"), member(b"metadata.toml", METADATA)
    for size in (octal(len(app) + 512, 12), octal(0o77777777777, 12),
                 octal(0x7fffffff, 12), b"-0000000001\0", b"9" * 11 + b"\0",
                 b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7,
                 b"\xff" * 12, b"\x80" + b"\xff" * 11,
                 b"\x80" + b"\0" * 7 + b"\xff" * 4, octal(len(app) - 4, 12)):
        refused(toml + member(b"rv32imac.tbf", app, size=size) + END,
                f"size {size!r}")
        refused(member(b"metadata.toml", METADATA, size=size) +
                member(b"rv32imac.tbf", app) + END, f"metadata size {size!r}")
    refused(toml + member(b"rv32imac.tbf", app, checksum=1) + END,
            "checksum of the tar header")
    refused(toml + member(b"pax", b"20 size=99999999999\n", kind=b"x") +
            member(b"rv32imac.tbf", app) + END, "a size of a pax header")
    base_256 = b"\x80" + struct.pack(">Q", len(app)).rjust(11, b"\0")
    accepted(toml + member(b"rv32imac.tbf", app, size=base_256) + END,
             "a right size in base 256")


@tap.test("what is no TAB is refused")
def _():
    import gzip
    app, toml = good(b"x"), member(b"metadata.toml", METADATA)
    one = member(b"rv32imac.tbf", app)
    refused(b"", "an empty file")
    refused(END, "an empty archive")
    refused(random.Random(1).randbytes(4096), "random bytes")
    refused(gzip.compress(SAMPLE, mtime=0), "a compressed archive")
    refused(one + END, "no metadata")
    refused(toml + END, "no object")
    refused(toml + member(b"rv32imac.bin", app) + END, "only a .bin")
    refused(toml + b"".join(member(b"%d" % i, b"") for i in range(5000)) + one +
            END, "5000 members")
    refused(tab(app, name=b"cortex-m4.tbf"), "another architecture")


@tap.test("metadata that is wrong is refused")
def _():
    app = good(b"x")
    for text in (b"", b"name = \"x\"\n", b"tab-version = 2\n",
                 b"tab-version = \"1\"\n", METADATA * 2,
                 METADATA + b"name = 5\n", METADATA + b"name = \"a",
                 METADATA + b"only-for-boards = [\n", METADATA + b"\0",
                 b"tab-version = 99999999999999999999\n", b"\xff\xfe" * 300,
                 METADATA + b"only-for-boards = \"hail, imix\"\n"):
        refused(tab(app, metadata=text), f"metadata {text!r:.60}")


# --- T-HDR ---------------------------------------------------------------
# (row, what, object, on the board, as a TAB)
#   on the board: "end"  the list ends there, and the tool says where
#                 "free" the list ends there, what follows is leftovers
#                 "skip" shown with its defect, the app behind it is found
#                 "app"  an app like any other
#                 "pad"  padding
#   as a TAB:     False  refused; True installed; "warn" installed, with a
#                 warning that no kernel starts it

SKIP, APP = ("skip", False), ("app", True)
LATE = ("skip", "warn")  # the kernel refuses it, not the format


def bit_flips():
    """Row 21: the checksum off by each bit."""
    for bit in range(32):
        changed = bytearray(obj())
        changed[12 + bit // 8] ^= 1 << bit % 8
        yield (21, f"bit {bit} of the checksum", bytes(changed), *SKIP)


def cut(object_bytes, at, value):
    changed = bytearray(object_bytes)
    changed[at:at + len(value)] = value
    return bytes(changed)


def raw_tlv(tail, size=256):
    """An object whose header ends with these bytes, whatever they are."""
    head = (entry(PROGRAM, struct.pack("<5I", 0, 0, 1024, size, 1)) +
            entry(KERNEL, struct.pack("<HH", 2, 0)) + tail)
    return sealed(struct.pack("<HHIII", 2, 16 + len(head), size, 1, 0) +
                  head).ljust(size, b"\x5a")


def rows():
    end = ("end", False)
    yield 1, "T=0 hs=16", obj(base={"total": 0, "header": 16}), *end
    yield 2, "T=0 hs=0", obj(base={"total": 0, "header": 0}), *end
    yield 3, "T=8", obj(base={"total": 8}), *end
    yield 4, "T=15", obj(base={"total": 15}), *end
    yield 5, "T=17", obj(base={"total": 17}), *end
    yield 7, "T=rem+4", obj(base={"total": SIZE - 256 + 4}), *end
    yield 7, "T=rem+1", obj(base={"total": SIZE - 256 + 1}), *end
    yield 8, "T=0xffffffff", obj(base={"total": 0xffffffff}), *end
    yield 9, "T=0x80000000", obj(base={"total": 0x80000000}), *end
    yield 10, "hs=0", obj(base={"header": 0}), *SKIP
    yield 11, "hs=15", obj(base={"header": 15}), *SKIP
    yield 12, "hs=16, enabled", obj(base={"header": 16}), "pad", False
    for size in (17, 18, 19):
        yield 13, f"hs={size}", obj(base={"header": size}), *SKIP
    yield 14, "hs=T", obj(base={"header": 256}), *SKIP
    yield 15, "hs=T+1", obj(base={"header": 257}), *SKIP
    yield 16, "hs=0xffff", obj(base={"header": 0xffff}), *SKIP
    for version in (1, 3, 0x302, 0xffff):
        yield 17, f"version {version}", obj(base={"version": version}), *end
    # Other loaders end the list by a zero in the first byte.
    yield 17, "version 0", obj(base={"version": 0}), "free", False
    yield from bit_flips()
    yield 22, "checksum 0", cut(obj(), 12, bytes(4)), *SKIP
    yield 23, "entry cut by the header's end", raw_tlv(b"\x0b\x00"), *SKIP
    yield 24, "entry past the end", raw_tlv(entry(NAME, b"row", 8)), *SKIP
    yield 25, "entry of 0xffff", raw_tlv(entry(NAME, b"row", 0xffff)), *SKIP
    yield 26, "entry of 5 at the end", raw_tlv(entry(NAME, b"rowro")), *APP
    yield 26, "entry of 5, no padding", raw_tlv(b"\3\0\5\0rowro"), *SKIP
    for kind, length in ((MAIN, 8), (MAIN, 16), (PROGRAM, 16), (PROGRAM, 24)):
        wrong = entry(kind, bytes(length))
        yield (27, f"type {kind} of {length}", obj([wrong], program=False),
               *SKIP)
    program = entry(PROGRAM, struct.pack("<5I", 0, 0, 2048, 256, 1))
    yield 29, "two Program entries", obj([program]), *APP
    main = entry(MAIN, struct.pack("<3I", 0, 0, 2048))
    yield 30, "Program and Main", obj([main]), *APP
    yield 30, "Main and Program", obj([main, program], program=False), *APP
    yield 31, "neither", obj(program=False), *SKIP
    yield 32, "name no UTF-8", obj(name=b"\xc3\x28"), *SKIP
    yield 33, "name of length 0", obj(name=b""), *APP
    long_name = obj(name=b"n" * 65000, size=65536)
    yield 34, "name of 65000 bytes", long_name, *APP
    yield 35, "regions of 12", obj([entry(REGIONS, bytes(12))]), *SKIP
    outside = entry(REGIONS, struct.pack("<2I", 252, 8))
    yield 36, "region outside", obj([outside]), *LATE
    far = entry(REGIONS, struct.pack("<2I", 0xfffffff8, 16))
    yield 36, "region that wraps", obj([far]), *LATE
    lies = struct.pack("<H", 0xffff) + struct.pack("<IIQ", 1, 0, 1)
    yield 38, "permissions count", obj([entry(PERMISSIONS, lies)]), *SKIP
    ids = struct.pack("<IHI", 1, 0xffff, 1)
    yield 39, "storage count", obj([entry(STORAGE, ids)]), "app", None
    yield 42, "short id 0", obj([entry(SHORT_ID, bytes(4))]), *APP
    for init in (256, 257, 0xffffffff):
        yield 43, f"entry point {init:#x}", obj(program={"init": init}), *LATE
    yield 43, "odd entry point", obj(program={"init": 1}), *APP
    for size in (256, 257, 0xffffffff):
        yield 44, f"protected {size}", obj(program={"protected": size}), *SKIP
    yield 45, "RAM 0", obj(program={"ram": 0}), *APP
    yield 45, "RAM 0xffffffff", obj(program={"ram": 0xffffffff}), "app", None
    yield 46, "binary end in the header", obj(program={"end": 8}), *SKIP
    yield 46, "binary end = T", obj(program={"end": 256}), *APP
    yield 46, "binary end past T", obj(program={"end": 260}), *SKIP
    yield 46, "binary end 2^32-1", obj(program={"end": 0xffffffff}), *SKIP
    for kind in (11, 127, 128, 0xffff):
        yield 47, f"type {kind}", obj([entry(kind, b"data")]), *APP
    yield 49, "sticky", obj(flags=3), *APP
    yield 50, "reserved flags", obj(flags=0xfffffffd), *APP


ROWS = list(rows())


@tap.test("hostile headers on a board hide no app behind them")
def _():
    for row, what, data, on_board, _ in ROWS:
        board = Board(good(b"front"), data, good(b"behind"))
        found = board.list()
        names = [app["name"] for app in found["apps"]]
        where = f"row {row}, {what}"
        tap.equal(names[:1], ["front"], where)
        tap.equal("behind" in names, on_board not in ("end", "free"),
                  f"{where}: found")
        at = [app for app in found["apps"] if app["address"] == START + 256]
        if on_board == "end":
            tap.equal(found["region"]["end"], START + 256, f"{where}: end")
            tap.check("0x80100100" in " ".join(found["warnings"]),
                      f"{where}: warnings {found['warnings']}")
        elif on_board == "skip":
            shown = [x["problem"] for x in found["damaged"] + at]
            tap.check(len(shown) == 1 and shown[0], f"{where}: {shown}")
        elif on_board == "pad":
            tap.equal(len(found["padding"]), 1, where)
        elif on_board == "free":
            tap.equal(found["warnings"], [], where)
        else:
            tap.check(at and at[0]["problem"] is None, f"{where}: {found}")


@tap.test("a change of the board keeps the apps around a hostile header")
def _():
    for row, what, data, on_board, _ in ROWS:
        board = Board(good(b"front"), data, good(b"behind"))
        before, state = board.region(), board.state()
        done = board.run("install", board.file("new.tab", tab(good(b"new"))))
        where = f"row {row}, {what} ({done.stderr.decode()})"
        if on_board == "end":
            tap.equal(done.returncode, 7, where)
            tap.equal(board.state(), state, where)
            continue
        tap.equal(done.returncode, 0, where)
        names = [app["name"] for app in board.list()["apps"]]
        kept = ["front"] if on_board == "free" else ["front", "behind"]
        after = board.region()
        for name in kept:
            tap.check(good(name.encode()) in after, f"{where}: its bytes")
        for name in [*kept, "new"]:
            tap.check(name in names, f"{where}: {name} is lost")
        # A checksum of which only zeros are left is that of an app that was
        # being retired; the retirement is completed.
        if on_board == "skip" and row != 22:
            tap.check(data in after and data in before, f"{where}: its bytes")


@tap.test("hostile headers in a TAB are refused before anything is written")
def _():
    for row, what, data, _, in_tab in ROWS:
        where = f"row {row}, {what}"
        if in_tab is False:
            refused(tab(data), where)
            refused(tab(data), where, "--force")
        elif in_tab is not None:
            accepted(tab(data), where, in_tab == "warn")
    refused(tab(good(b"x")[:-4]), "an object shorter than its size")
    refused(tab(good(b"x") + bytes(4)), "an object longer than its size")
    refused(tab(b""), "an empty object")
    for length in range(4, 64, 4):
        refused(tab(good(b"x")[:length]), f"an object cut at {length}")


@tap.test("objects for elsewhere are refused before anything is written")
def _():
    for kernel in ((1, 0), (3, 0), (2, 99), (0xffff, 0xffff)):
        refused(tab(obj(kernel=kernel)), f"row 41, kernel {kernel}")
        accepted(tab(obj(kernel=kernel)), f"kernel {kernel}", False, "--force")
    accepted(tab(obj(kernel=None)), "row 41, no kernel version", True)
    for flash in (0, 0x1000, START - 4, START + SIZE - 128,
                  0xfffffffc):
        fixed = entry(FIXED, struct.pack("<2I", 0xffffffff, flash))
        refused(tab(obj([fixed])), f"row 37, flash {flash:#x}",
                commands=("install",))
    fixed = entry(FIXED, struct.pack("<2I", 0xffffffff, 0xffffffff))
    accepted(tab(obj([fixed])), "row 37, addresses that say nothing")
    for ram in (0, 0x1000, 0xfffffffc):
        fixed = entry(FIXED, struct.pack("<2I", ram, 0xffffffff))
        accepted(tab(obj([fixed])), f"row 37, RAM {ram:#x}", True)


@tap.test("a header inside an app's body is never taken for an app")
def _():
    nested = bytearray(obj(name=b"outer", size=1024))
    nested[512:768] = obj(name=b"inner")
    board = Board(bytes(nested), good(b"behind"))
    names = [app["name"] for app in board.list()["apps"]]
    tap.equal(names, ["outer", "behind"], "apps")
    nested[12] ^= 1  # also when the app around it is damaged
    board = Board(bytes(nested), good(b"behind"))
    names = [app["name"] for app in board.list()["apps"]]
    tap.equal(names, ["behind"], "apps")


@tap.test("long lists: eleven apps, fifty paddings, the region's last bytes")
def _():
    padding = sealed(struct.pack("<HHIII", 2, 16, 64, 0, 0)).ljust(64, b"\xff")
    many = [good(b"app%d" % i) for i in range(11)]
    found = Board(*many, *[padding] * 50, good(b"last")).list()
    tap.equal(len(found["apps"]), 12, "apps")
    tap.equal(len(found["padding"]), 50, "padding")
    tap.equal(found["apps"][-1]["name"], "last", "the last one")
    for left in (0, 4, 8, 12):
        found = Board(good(b"all", SIZE - left)).list()
        tap.equal([a["name"] for a in found["apps"]], ["all"], f"{left} left")
        tap.equal(found["region"]["end"], START + SIZE - left, "end")


tap.main()
