/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Never gives up the processor.
 *
 * Shows preemption: every other app runs as if this one were not there.
 *
 * Expect:
 *   spin: spinning
 */
#include "tock/printf.h"

int main(void)
{
    printf("spin: spinning\n");
    for (;;)
        ;
}
