/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Says that all of its memory is its stack, which it never used, and faults:
 * whoever looks for the end of that stack looks for long.
 */
#include "tock/alarm.h"
#include "tock/memory.h"
#include "tock/printf.h"
#include "tock/syscall.h"

#define STEP 4096

#ifdef __arm__
#define SET_STACK "mov sp, %0"
#else
#define SET_STACK "mv sp, %0"
#endif

/* With the stack at the very top nothing below is anything but zero; from
 * there on all is in registers. */
_Noreturn static void wipe_and_fault(uint32_t start, uint32_t end)
{
    __asm__ volatile(SET_STACK : : "r"(end & ~15u));
    for (; start < end; start += 4)
        *(volatile uint32_t *)start = 0;
    *(volatile uint32_t *)8 = 0;
    __builtin_unreachable();
}

int main(void)
{
    uint32_t end = memory_addr(TOCK_MEMOP_SBRK);
    uint32_t old;

    while (memory_grow(STEP, &old) == TOCK_OK)
        end = old + STEP;
    printf("dumped: %lu bytes of stack\n",
           end - memory_addr(TOCK_MEMOP_RAM_START));
    alarm_delay_ms(500);
    syscall_memop(TOCK_MEMOP_STACK_TOP, end - 4);
    wipe_and_fault(memory_addr(TOCK_MEMOP_RAM_START), end & ~3u);
}
