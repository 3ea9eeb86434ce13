/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "qemu_rv32_virt/plic.h"

#include <stddef.h>

enum { SOURCES = 1024, SOURCES_PER_WORD = 32 };

/* The parts that context 0, machine mode of hart 0, uses. */
struct plic_regs {
    uint32_t priority[SOURCES];
    uint32_t pending[SOURCES / SOURCES_PER_WORD];
    uint32_t reserved_1080[0x3e0];
    uint32_t enable[SOURCES / SOURCES_PER_WORD];
    uint32_t reserved_2080[0x7f7e0];
    uint32_t threshold; /* only priorities above it interrupt  */
    uint32_t claim;     /* read: claim, written: complete      */
};

_Static_assert(offsetof(struct plic_regs, enable) == 0x2000, "PLIC");
_Static_assert(offsetof(struct plic_regs, threshold) == 0x200000, "PLIC");

void plic_enable(volatile struct plic_regs *regs, uint32_t source)
{
    /* The priority last: QEMU 7.2 passes on what waits already when that is
     * written, and not when a source is enabled. */
    regs->threshold = 0;
    regs->enable[source / SOURCES_PER_WORD] |= 1u << source % SOURCES_PER_WORD;
    regs->priority[source] = 1;
}

uint32_t plic_claim(volatile struct plic_regs *regs)
{
    return regs->claim;
}

void plic_complete(volatile struct plic_regs *regs, uint32_t source)
{
    regs->claim = source;
}
