/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Asks the drivers that compute for results that are known.
 *
 * Expect on the console `crypto: <name> ok` for each, then `crypto: done`.
 */
#include "tock/printf.h"
#include "tock/syscall.h"

#include <stdbool.h>

static void report(const char *name, bool is_right)
{
    printf("crypto: %s %s\n", name, is_right ? "ok" : "WRONG");
}

/* Starts a command and waits for upcall 0. */
static struct syscall_event run(uint32_t driver, uint32_t command,
                                uint32_t arg1, uint32_t arg2)
{
    enum tock_error error =
        syscall_error(syscall_command(driver, command, arg1, arg2));

    if (error != TOCK_OK)
        return (struct syscall_event){{error}};
    return syscall_yield_wait_for(driver, 0);
}

static const char digits[] = "123456789";

static void check_crc(void)
{
    static const struct {
        const char *name;
        uint32_t sum;
    } sums[] = {{"crc-32", 0xcbf43926},
                {"crc-32c", 0xe3069283},
                {"crc-16-ccitt", 0x89f6}};

    (void)syscall_allow_ro(TOCK_DRIVER_CRC, 0, digits, sizeof(digits) - 1);
    for (uint32_t i = 0; i < ARRAY_COUNT(sums); i++) {
        struct syscall_event event =
            run(TOCK_DRIVER_CRC, 1, i, sizeof(digits) - 1);

        report(sums[i].name,
               event.arg[0] == TOCK_OK && event.arg[1] == sums[i].sum);
    }
}

int main(void)
{
    check_crc();
    printf("crypto: done\n");
    return TOCK_OK;
}
