#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Linked sample apps keep what crt0 and the ELF converter rely on.

Everything is read from the ELF files; nothing here knows the TBF format.
"""
import glob
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402

BUILD = os.environ.get("B", "build")
PIC_FLASH = 0x80000000
R_ARM_ABS32, R_ARM_THM_CALL, R_ARM_GOT_BREL = 2, 10, 26
R_ARM_THM_JUMP24, R_ARM_THM_JUMP11 = 30, 102
PT_LOAD = 1
HEADER = ("got_flash", "got_ram", "got_size", "data_flash", "data_ram",
          "data_size", "bss_ram", "bss_size", "reloc_flash", "stack_size")


class Elf:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        (self.entry, phoff, shoff, _, _, phsize, phnum, shsize, shnum,
         names) = struct.unpack_from("<IIIIHHHHHH", self.bytes, 24)
        self.segments = [struct.unpack_from("<8I", self.bytes,
                                            phoff + i * phsize)
                         for i in range(phnum)]
        raw = [struct.unpack_from("<10I", self.bytes, shoff + i * shsize)
               for i in range(shnum)]
        self.sections = {self.text(raw[names][4] + s[0]): s for s in raw}

    def text(self, at):
        return self.bytes[at:self.bytes.index(b"\0", at)].decode()

    def size(self, name):
        return self.sections[name][5] if name in self.sections else 0

    def content(self, name):
        if name not in self.sections:
            return b""
        _, _, _, _, offset, size, *_ = self.sections[name]
        return self.bytes[offset:offset + size]

    def relocations(self, section):
        """(address, type) of each."""
        return [(address, info & 0xff) for address, info in
                struct.iter_unpack("<II", self.content(f".rel{section}"))]

    def flash(self):
        """Load addresses of the first byte and behind the last."""
        loads = [s for s in self.segments if s[0] == PT_LOAD and s[4] > 0]
        return (min(s[3] for s in loads), max(s[3] + s[4] for s in loads))


def check_layout(elf, flash, ram):
    header = dict(zip(HEADER, struct.unpack("<10I",
                                            elf.content(".crt0_header"))))
    start, end = elf.flash()
    tap.equal(start, flash, "where flash contents begin")
    tap.equal(elf.sections[".crt0_header"][3], flash, "the header's address")
    tap.equal(header["reloc_flash"], end - start,
              "where the header expects the relocations")
    tap.equal((end - start) % 4, 0, "alignment of the relocations")
    tap.equal(header["stack_size"], elf.size(".stack"), "stack size")
    tap.equal(elf.sections[".stack"][3], ram, "the stack's address")
    tap.check(header["bss_ram"] >= header["data_ram"] + header["data_size"],
              ".bss begins inside .data")
    tap.check(header["data_ram"] >= header["got_ram"] + header["got_size"],
              ".data begins inside .got")
    tap.check(header["got_ram"] >= header["stack_size"],
              ".got begins inside the stack")


def check_position_independence(elf):
    allowed = {R_ARM_THM_CALL, R_ARM_GOT_BREL, R_ARM_THM_JUMP24,
               R_ARM_THM_JUMP11}
    types = {kind for _, kind in elf.relocations(".text")}
    tap.check(types <= allowed, f"code holds addresses: types {types}")
    data = elf.sections[".data"]
    for address, kind in elf.relocations(".data"):
        tap.equal(kind, R_ARM_ABS32, "type of a relocation in .data")
        tap.check(data[3] <= address <= data[3] + data[5] - 4,
                  f"relocation at 0x{address:x} lies outside .data")
    tap.equal(elf.size(".rel.got"), 0, "relocations of .got")


def check_elf(path):
    elf = Elf(path)
    words = os.path.basename(path).removesuffix(".elf").split(".")
    if len(words) == 3:
        check_layout(elf, int(words[1], 16), int(words[2], 16))
        tap.equal(elf.size(".got"), 0, "size of .got")
    else:
        check_layout(elf, PIC_FLASH, 0)
        check_position_independence(elf)


for _path in sorted(glob.glob(f"{BUILD}/apps/*/*.elf")):
    tap.test(f"{os.path.relpath(_path, BUILD)} keeps the app conventions")(
        lambda path=_path: check_elf(path))


@tap.test("peek has addresses in .data for crt0 to relocate")
def peek_has_relocations():
    for path in glob.glob(f"{BUILD}/apps/peek/cortex-*.elf"):
        tap.check(Elf(path).relocations(".data"), path)


tap.main()
