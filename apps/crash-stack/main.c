/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Recurses until its stack is used up.
 *
 * Shows what a stack overflow does: the stack lies at the bottom of the app's
 * RAM, so the first word too much is outside and faults.
 *
 * Expect, and then the kernel's report of a fault just below that address:
 *   crash-stack: overflowing the stack down to 0x<address>
 * It must not say `crash-stack: still alive`.
 */
#include "tock/memory.h"
#include "tock/printf.h"

/* Read at every level, or the compiler would turn the calls into a loop. */
static volatile uint32_t levels = UINT32_MAX;

static uint32_t recurse(uint32_t level)
{
    volatile uint32_t frame[16];

    frame[level % 16] = level;
    if (level < levels)
        recurse(level + 1);
    return frame[level % 16];
}

int main(void)
{
    printf("crash-stack: overflowing the stack down to 0x%08lx\n",
           memory_addr(TOCK_MEMOP_RAM_START));
    recurse(0);
    printf("crash-stack: still alive\n");
    return TOCK_FAIL;
}
