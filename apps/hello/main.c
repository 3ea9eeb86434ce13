/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The smallest useful app: says hello and ends.
 *
 * Shows that one Cortex-M binary runs wherever it was installed: the second
 * line tells where code and RAM are. The build makes it twice, as hello and
 * as hello-v2, which is its update (same package name, version 2).
 *
 * Expect:
 *   Hello World!
 *   hello: version 1, code at 0x<address>, ram at 0x<address>
 */
#include "tock/memory.h"
#include "tock/printf.h"

int main(void)
{
    printf("Hello World!\n");
    printf("hello: version %d, code at 0x%08lx, ram at 0x%08lx\n", APP_VERSION,
           memory_addr(TOCK_MEMOP_FLASH_START),
           memory_addr(TOCK_MEMOP_RAM_START));
    return 0;
}
