/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * From the kernel's jump to main().
 *
 * A process starts with the address of its app header in the first argument
 * register, that of its RAM in the second, and next to no RAM: 32 bytes on
 * Cortex-M, none on RISC-V. crt0.S of the processor asks the kernel for what
 * the header says, puts the stack at the bottom of it (so that an overflow
 * leaves the process's memory and faults) and calls crt0_main() on it.
 *
 * The app header is made by apps/userland.ld. Its layout is a convention of
 * Tock's C apps. Flash offsets count from the header, RAM offsets from the
 * start of RAM.
 */

/* What crt0.S uses of the header and of abi/abi.h; start.c compares. */
#define CRT0_GOT_RAM          4
#define CRT0_BSS_RAM          24
#define CRT0_BSS_SIZE         28
#define CRT0_STACK_SIZE       36

#define CRT0_CLASS_MEMOP      5
#define CRT0_CLASS_EXIT       6
#define CRT0_MEMOP_BRK        0
#define CRT0_MEMOP_STACK_TOP  10
#define CRT0_MEMOP_HEAP_START 11
#define CRT0_EXIT_TERMINATE   0
#define CRT0_NOMEM            9

#ifndef __ASSEMBLER__

#include <stdint.h>

struct crt0_header {
    uint32_t got_flash;   /* global offset table: where its image lies */
    uint32_t got_ram;     /* ... and where it must be                  */
    uint32_t got_size;    /* bytes; 0 in a fixed-address app           */
    uint32_t data_flash;  /* initialised variables, likewise           */
    uint32_t data_ram;    /*                                           */
    uint32_t data_size;   /*                                           */
    uint32_t bss_ram;     /* zeroed variables; the heap follows        */
    uint32_t bss_size;    /*                                           */
    uint32_t reloc_flash; /* struct crt0_relocs                        */
    uint32_t stack_size;  /* bytes, a multiple of 8                    */
};

/* Appended by the ELF converter. Each record begins with the RAM offset of a
 * word in .data that holds an address. */
struct crt0_relocs {
    uint32_t size; /* bytes of records that follow */
    struct {
        uint32_t offset;
        uint32_t info; /* always R_ARM_ABS32 */
    } record[];
};

/* Fills RAM, runs main() and exits with its result. */
_Noreturn void crt0_main(const struct crt0_header *header, uint32_t ram);

int main(void);

#endif
