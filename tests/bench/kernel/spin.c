/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* Never gives the processor back: tests/bench/kernel.py measures switches. */

#include "tock/syscall.h"

int main(void)
{
    for (;;)
        __asm__ volatile("");
}
