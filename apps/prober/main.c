/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Reads, writes or jumps to the addresses of a table in its flash, in order,
 * until it is stopped for one. tests/qemu/edges.py writes the table into the
 * installed app, so that many copies can each try something else in one boot.
 *
 * Expect, with the number from the table:
 *   prober <number>: break 0x<address>
 * then for each entry
 *   prober <number>: read 0x<address>
 * and, if it was not stopped for that,
 *   prober <number>: allowed
 */
#include "base/attr.h"
#include "tock/memory.h"
#include "tock/printf.h"

enum { READ, WRITE, JUMP };

struct probe {
    uint32_t kind;
    uint32_t base;   /* memop that tells an address; BRK: from 0 */
    uint32_t offset; /* is added to it                           */
};

/* Volatile: the compiler must not take these values for the last ones. */
static const volatile struct {
    char mark[8]; /* the test finds the table by it */
    uint32_t number;
    uint32_t count;
    struct probe probes[16];
} table = {.mark = "probes:"};

static uint32_t address_of(const volatile struct probe *probe)
{
    uint32_t base = 0;

    if (probe->base != TOCK_MEMOP_BRK)
        base = memory_addr((enum tock_memop)probe->base);
    return base + probe->offset;
}

static void try(uint32_t kind, uint32_t addr)
{
    static const char *const names[] = {"read", "write", "jump"};
    volatile uint32_t *word = (volatile uint32_t *)addr;

    printf("prober %lu: %s 0x%08lx\n", table.number, names[kind], addr);
    if (kind == READ)
        (void)*word;
    else if (kind == WRITE)
        *word = 0;
    else
        ((void (*)(void))addr)();
    printf("prober %lu: allowed\n", table.number);
}

int main(void)
{
    printf("prober %lu: break 0x%08lx\n", table.number,
           memory_addr(TOCK_MEMOP_SBRK));
    for (uint32_t i = 0; i < table.count && i < ARRAY_COUNT(table.probes); i++)
        try(table.probes[i].kind, address_of(&table.probes[i]));
    for (;;)
        syscall_yield_wait();
}
