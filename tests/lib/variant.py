# SPDX-License-Identifier: MIT OR Apache-2.0
"""Kernels and apps that only a test has: a board's kernel with one more object
linked in front of some of its functions, an app of its own sources.

    path = variant.kernel("mps2_an386", folder, "tests/x.c", ["led_init"])
    path = variant.app(folder, "name", ["tests/a.c"], "cortex-m4")
"""
import os
import re
import shlex
import subprocess

from board import BUILD, tool

ARM = os.environ.get("ARM", "arm-none-eabi-")
RISCV = os.environ.get("RISCV", "riscv64-unknown-elf-")
INCLUDES = """-Ikernel/include -Icapsules -Ilib/base/include
-Ilib/abi/include -Ilib/place/include""".split()
THUMB = ["-mthumb", "-mfloat-abi=soft"]
BOARDS = {
    "mps2_an386": (ARM, ["-mcpu=cortex-m4", *THUMB, "-Iarch/cortex-m/include",
                         "-Iarch/cortex-m/v7m/include"],
                   "boards/mps2/layout.ld"),
    "mps2_an505": (ARM, ["-mcpu=cortex-m33", *THUMB, "-Iarch/cortex-m/include",
                         "-Iarch/cortex-m/v8m/include"],
                   "boards/mps2/layout.ld"),
    "qemu_rv32_virt": (RISCV, """-march=rv32imac -mabi=ilp32 -misa-spec=2.2
                       -mcmodel=medany -msmall-data-limit=0
                       -Iarch/rv32i/include""".split(),
                       "boards/qemu_rv32_virt/layout.ld"),
}
# Of apps: compiler, its flags, what links one for any address.
PROCESSORS = {
    "cortex-m4": (ARM, ["-mcpu=cortex-m4", *THUMB, *"""-fPIC -msingle-pic-base
                        -mpic-register=r9 -mno-pic-data-is-text-relative
                        -Iapps/lib/cortex-m/include
                        -Wl,--emit-relocs""".split()]),
    "rv32imac": (RISCV, ["-march=rv32imac", "-mabi=ilp32", "-mcmodel=medlow",
                         "-Iapps/lib/rv32/include"]),
}
FREE = ["-std=c11", "-Os", "-ffreestanding", "-nostdlib"]


def objects_of(board):
    """What the board's kernel was linked from."""
    with open(f"{BUILD}/boards/{board}/kernel.elf.map",
              encoding="utf-8") as file:
        return re.findall(r"^LOAD (\S+\.o)$", file.read(), re.M)


def capsule_compiler(board):
    """The compiler and flags of the capsules that are shipped."""
    with open(f"{BUILD}/boards/capsule-commands", encoding="utf-8") as file:
        return next(words[1:] for words in map(shlex.split, file)
                    if words[0] == board)


def run(*commands):
    for command in commands:
        subprocess.run(command, check=True, timeout=60)


def kernel(board, folder, source, wrapped, *flags, capsule=None):
    """kernel.bin of the board with source in front of the wrapped functions,
    and with a capsule that it calls."""
    prefix, cpu, layout = BOARDS[board]
    extra, elf, image = (f"{folder}/extra.o", f"{folder}/kernel.elf",
                         f"{folder}/kernel.bin")
    more = [f"{folder}/capsule.o"] if capsule else []
    if capsule:
        run([*capsule_compiler(board), "-c", capsule, "-o", *more])
    run([f"{prefix}gcc", *cpu, *FREE, *INCLUDES, *flags, "-c", source, "-o",
         extra],
        [f"{prefix}gcc", *cpu, "-nostdlib", "-Wl,--gc-sections",
         "-Wl,--no-warn-rwx-segments", *(f"-Wl,--wrap={w}" for w in wrapped),
         f"-L{BUILD}/boards/{board}/gen", "-T", layout, *objects_of(board),
         extra, *more, "-lgcc", "-o", elf],
        [f"{prefix}objcopy", "-O", "binary", elf, image])
    return image


def app(folder, name, sources, processor="cortex-m4", place=None, options=(),
        stack=2048):
    """TAB of an app; place = its flash and RAM address if it is fixed."""
    prefix, cpu = PROCESSORS[processor]
    flash, ram = place or (0x80000000, 0)
    library = f"{BUILD}/apps/lib/{processor}"
    objects = [f"{library}/{o}" for o in sorted(os.listdir(library))
               if o.endswith(".o")]
    os.makedirs(f"{folder}/{name}", exist_ok=True)
    elf = f"{folder}/{name}/{processor}.elf"
    run([f"{prefix}gcc", *cpu, *FREE, "-Ilib/abi/include",
         "-Ilib/base/include", "-Iapps/lib/include",
         "-Wl,--no-warn-rwx-segments",
         f"-Wl,--defsym=FLASH_ORIGIN={flash},--defsym=SRAM_ORIGIN={ram}",
         f"-Wl,--defsym=STACK_SIZE={stack}", "-T", "apps/userland.ld",
         *sources, *objects, "-lgcc", "-o", elf])
    tab = f"{folder}/{name}.tab"
    tool("elf2tbf", "-n", name, "-o", tab, "--stack", str(stack),
         "--kernel-major", "2", "--kernel-minor", "2", "--deterministic",
         *options, "--", elf)
    return tab
