/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Takes all of its memory and gives it back, for ever: the kernel has to clear
 * what it gives, and nobody else runs meanwhile.
 */
#include "tock/memory.h"
#include "tock/printf.h"
#include "tock/syscall.h"

#define STEP 4096

int main(void)
{
    uint32_t low = memory_addr(TOCK_MEMOP_SBRK);
    uint32_t high = low;
    uint32_t old;

    while (memory_grow(STEP, &old) == TOCK_OK)
        high = old + STEP;
    printf("swing: %lu bytes to and fro\n", high - low);
    for (;;) {
        syscall_memop(TOCK_MEMOP_BRK, low);
        syscall_memop(TOCK_MEMOP_BRK, high);
    }
}
