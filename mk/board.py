#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Turns board.json files, the only place with board addresses, into sources.

  board.py header BOARD.json       C header for the board's kernel
  board.py linker BOARD.json       symbols for its linker script
  board.py table BOARD.json...     tockloader-c's table of known boards
  board.py map BOARD.json...       the table of memory maps in docs/boards.md
  board.py get BOARD.json KEY      one value, e.g. flash.start (for scripts)
"""
import json
import sys

AREAS = ("flash", "kernel", "storage", "apps", "kernel_ram", "app_ram")
PROTECTION = {"armv7m": "PLACE_ARMV7M", "armv8m": "PLACE_ARMV8M",
              "pmp": "PLACE_PMP"}
KEYS = {"name", "description", "architectures", "protection", "page_size",
        *AREAS}
# page_us: microseconds that erasing and programming one page typically take.
# The journal is that of the flash from the start of storage to the end of apps
# (lib/journal), inside of storage; a board without has a kernel without.
OPTIONAL = {"page_us", "journal"}
NO_JOURNAL = {"start": "0", "size": "0"}

# Where a board does not say: a page of 4 KiB in a microcontroller of the field.
TYPICAL_US = {"erase": 85000, "program": 42000}


def load(path):
    with open(path, encoding="utf-8") as file:
        board = json.load(file)
    missing = KEYS - board.keys()
    unknown = board.keys() - KEYS - OPTIONAL
    if missing or unknown:
        sys.exit(f"{path}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    board.setdefault("journal", NO_JOURNAL)
    for area in (*AREAS, "journal"):
        board[area] = {k: int(v, 0) for k, v in board[area].items()}
    check_journal(path, board)
    return board


def check_journal(path, board):
    page, journal, storage = (board[k] for k in
                              ("page_size", "journal", "storage"))
    into = journal["start"] - storage["start"]
    end = storage["start"] + storage["size"]
    if journal["size"] != 0 and not (
            journal["size"] == 2 * page and storage["start"] % page == 0 and
            0 <= into <= storage["size"] - journal["size"] and
            into % page == 0 and end == board["apps"]["start"]):
        sys.exit(f"{path}: the journal is no two pages of the storage, or the "
                 "apps do not follow behind it")


def symbols(board):
    for area in (*AREAS, "journal"):
        for key in ("start", "size"):
            yield f"BOARD_{area}_{key}".upper(), board[area][key]
    yield "BOARD_PAGE_SIZE", board["page_size"]


def header(board):
    print("/* Made by mk/board.py from board.json. */\n#pragma once\n")
    print(f'#define BOARD_NAME "{board["name"]}"')
    for name, value in symbols(board):
        print(f"#define {name} 0x{value:08x}u")


def linker(board):
    print("/* Made by mk/board.py from board.json. */")
    for name, value in symbols(board):
        print(f"{name} = 0x{value:08x};")


def table(boards):
    print("/* Made by mk/board.py from every board.json. */")
    print('#include "boards.h"\n')
    print("const struct board boards_known[] = {")
    for board in boards:
        print("    {")
        print(f'        .name = "{board["name"]}",')
        print(f'        .description = "{board["description"]}",')
        archs = ", ".join(f'"{a}"' for a in board["architectures"])
        print(f"        .architectures = {{{archs}}},")
        print(f"        .place = {PROTECTION[board['protection']]},")
        print(f"        .page_size = {board['page_size']},")
        page_us = board.get("page_us", TYPICAL_US)
        print(f"        .erase_us = {page_us['erase']},")
        print(f"        .program_us = {page_us['program']},")
        for area in (*AREAS, "journal"):
            start, size = board[area]["start"], board[area]["size"]
            print(f"        .{area} = {{0x{start:08x}u, 0x{size:08x}u}},")
        print("    },")
    print("};\n")
    print("const unsigned boards_known_count =")
    print("    sizeof boards_known / sizeof boards_known[0];")


# Areas in the words of docs/boards.md.
TITLES = {"flash": "flash", "kernel": "kernel", "storage": "kernel storage",
          "apps": "apps", "kernel_ram": "RAM of the kernel",
          "app_ram": "RAM of the apps"}


def size_text(size):
    mib = 1 << 20
    return f"{size // mib} MiB" if size % mib == 0 else f"{size // 1024} KiB"


def memory_maps(boards):
    print("| | " + " | ".join(f"`{b['name']}`" for b in boards) + " |")
    print("|---" * (1 + len(boards)) + "|")
    for area in AREAS:
        print(f"| {TITLES[area]} | " + " | ".join(
            f"0x{b[area]['start']:08x}, {size_text(b[area]['size'])}"
            for b in boards) + " |")
    print("| objects of a TAB, best first | " + " | ".join(
        ", ".join(b["architectures"]) for b in boards) + " |")


def main():
    command, paths = sys.argv[1], sys.argv[2:]
    if command == "header":
        header(load(paths[0]))
    elif command == "linker":
        linker(load(paths[0]))
    elif command == "table":
        table([load(path) for path in paths])
    elif command == "map":
        memory_maps([load(path) for path in paths])
    elif command == "get":
        value = load(paths[0])
        for key in paths[1].split("."):
            value = value[key]
        print(value)
    else:
        sys.exit(__doc__)


main()
