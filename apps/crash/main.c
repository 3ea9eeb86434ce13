/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Writes to the kernel's memory, one second after its start.
 *
 * Shows that only the culprit is stopped. The address is the start of the
 * 2 MiB in which the app's own RAM lies; the kernel's RAM is there on every
 * board of ours.
 *
 * Expect, and then the kernel's report of a fault at that address:
 *   crash: writing to kernel memory at 0x<address>
 * It must not say `crash: still alive`.
 */
#include "tock/alarm.h"
#include "tock/memory.h"
#include "tock/printf.h"

#define RAM_AREA 0x200000u

int main(void)
{
    uint32_t addr = memory_addr(TOCK_MEMOP_RAM_START) & ~(RAM_AREA - 1);

    (void)alarm_delay_ms(1000);
    printf("crash: writing to kernel memory at 0x%08lx\n", addr);
    *(volatile uint32_t *)addr = 0;
    printf("crash: still alive\n");
    return TOCK_FAIL;
}
