/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Counts its runs in its own flash, in a part that its header names writeable.
 *
 * Expect on the console, at the third boot of the same flash:
 *   counter: run 3
 */
#include "tock/printf.h"
#include "tock/storage.h"

#define MAGIC 0x636f756eu

struct state {
    uint32_t magic;
    uint32_t runs;
};

/* As it is installed; the app finds it by memop 8. */
__attribute__((section(".wfr.state"),
               used)) static const struct state installed = {MAGIC, 0};

int main(void)
{
    uint32_t regions = syscall_memop(TOCK_MEMOP_REGION_COUNT, 0).value[0];
    uint32_t address = syscall_memop(TOCK_MEMOP_REGION_START, 0).value[0];
    struct state state;

    if (regions == 0) {
        printf("counter: no writeable region\n");
        return TOCK_NOMEM;
    }
    state = *(const volatile struct state *)address;
    if (state.magic != MAGIC) {
        printf("counter: damaged\n");
        return TOCK_FAIL;
    }
    state.runs++;
    if (app_flash_write(address, &state, sizeof(state)) != TOCK_OK) {
        printf("counter: cannot write\n");
        return TOCK_FAIL;
    }
    printf("counter: run %lu\n", state.runs);
    return TOCK_OK;
}
