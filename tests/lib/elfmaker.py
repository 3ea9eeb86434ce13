# SPDX-License-Identifier: MIT OR Apache-2.0
"""Makes small ELF programs for tests, section by section.

    elf = Elf(ARM)
    elf.load(".text", b"code", address=0x80000000, flags=ALLOC | EXEC)
    elf.section(".ARM.attributes", data, kind=0x70000003)
    elf.bytes()

Every loaded section gets a segment of its own. Little-endian, 32 bits, with
section names and without symbols; the entry point is the first section's
start unless it is set.
"""
import struct

I386, ARM, RISCV = 3, 40, 243
WRITE, ALLOC, EXEC = 1, 2, 4
PROGBITS, NOBITS = 1, 8


class Elf:
    def __init__(self, machine, flags=0, entry=None):
        self.machine, self.flags, self.entry = machine, flags, entry
        self.sections = []  # name, kind, flags, address, data, size
        self.segments = []  # index of section, vaddr, paddr, flags

    def section(self, name, data=b"", kind=PROGBITS, flags=0, address=0,
                size=None):
        self.sections.append((name, kind, flags, address, data,
                              len(data) if size is None else size))
        return len(self.sections) - 1

    def load(self, name, data=b"", address=0, load_address=None,
             flags=ALLOC | EXEC, kind=PROGBITS, size=None):
        index = self.section(name, data, kind, flags, address, size)
        self.segments.append(
            (index, address,
             address if load_address is None else load_address, flags))
        if self.entry is None:
            self.entry = address
        return index

    def bytes(self):
        names, name_at = b"\0", []
        for name in [s[0] for s in self.sections] + [".shstrtab"]:
            name_at.append(len(names))
            names += name.encode() + b"\0"
        out = bytearray(52 + 32 * len(self.segments))
        offsets = []
        for _, kind, _, _, data, _ in self.sections:
            out += bytes(-len(out) % 4)
            offsets.append(len(out))
            if kind != NOBITS:
                out += data
        names_at = len(out)
        out += names
        out += bytes(-len(out) % 4)
        headers_at = len(out)
        out += bytes(40)
        for i, (_, kind, flags, address, _, size) in enumerate(self.sections):
            out += struct.pack("<10I", name_at[i], kind, flags, address,
                               offsets[i], size, 0, 0, 4, 0)
        out += struct.pack("<10I", name_at[-1], 3, 0, 0, names_at, len(names),
                           0, 0, 1, 0)
        struct.pack_into(
            "<16sHHIIIIIHHHHHH", out, 0, b"\x7fELF\x01\x01\x01", 2,
            self.machine, 1, self.entry or 0, 52, headers_at, self.flags, 52,
            32, len(self.segments), 40, len(self.sections) + 2,
            len(self.sections) + 1)
        for i, (index, vaddr, paddr, flags) in enumerate(self.segments):
            _, kind, _, _, data, size = self.sections[index]
            # Segments know read 4, write 2, execute 1.
            mode = 4 | (2 if flags & WRITE else 0) | (1 if flags & EXEC else 0)
            struct.pack_into("<8I", out, 52 + 32 * i, 1, offsets[index], vaddr,
                             paddr, 0 if kind == NOBITS else len(data), size,
                             mode, 4)
        return bytes(out)
