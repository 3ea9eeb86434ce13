/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Takes all heap memory it can get, gives it back, takes it again.
 *
 * Shows that memory given to an app is always zero, whatever it held before,
 * and that the kernel says no in the end.
 *
 * Expect:
 *   sbrk: taking all memory
 *   sbrk: <n> bytes, all zero
 *   sbrk: ok
 * or a line with `not zero` or `failed`, and an exit code.
 */
#include "base/mem.h"
#include "tock/memory.h"
#include "tock/printf.h"

#include <stdbool.h>

#define STEP 256

static bool all_zero(const uint8_t *bytes, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* Grows to the limit and leaves its mark everywhere; the sum goes to *total. */
static enum tock_error take_all(uint32_t *total)
{
    uint32_t old;

    for (*total = 0; memory_grow(STEP, &old) == TOCK_OK; *total += STEP) {
        if (!all_zero((const uint8_t *)old, STEP)) {
            printf("sbrk: not zero at %p\n", (void *)old);
            return TOCK_FAIL;
        }
        memset((void *)old, 0xa5, STEP);
    }
    return TOCK_OK;
}

int main(void)
{
    uint32_t first, second, old;

    /* The console's grant must be there before all memory is taken. */
    printf("sbrk: taking all memory\n");
    if (take_all(&first) != TOCK_OK)
        return TOCK_FAIL;
    if (first == 0 || memory_grow(-(int32_t)first, &old) != TOCK_OK) {
        printf("sbrk: failed with %lu bytes\n", first);
        return TOCK_FAIL;
    }
    if (take_all(&second) != TOCK_OK)
        return TOCK_FAIL;
    if (second != first) {
        printf("sbrk: failed, %lu bytes, then %lu\n", first, second);
        return TOCK_FAIL;
    }
    printf("sbrk: %lu bytes, all zero\nsbrk: ok\n", first);
    return 0;
}
