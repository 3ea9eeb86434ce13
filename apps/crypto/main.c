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

static bool is_equal(const uint8_t *a, const uint8_t *b, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        if (a[i] != b[i])
            return false;
    }
    return true;
}

static void check_sha(void)
{
    static const uint8_t expected[] = {
        0x15, 0xe2, 0xb0, 0xd3, 0xc3, 0x38, 0x91, 0xeb, 0xb0, 0xf1, 0xef,
        0x60, 0x9e, 0xc4, 0x19, 0x42, 0x0c, 0x20, 0xe3, 0x20, 0xce, 0x94,
        0xc6, 0x5f, 0xbc, 0x8c, 0x33, 0x12, 0x44, 0x8e, 0xb2, 0x25};
    static uint8_t digest[sizeof(expected)];

    (void)syscall_allow_ro(TOCK_DRIVER_SHA, 0, digits, sizeof(digits) - 1);
    (void)syscall_allow_rw(TOCK_DRIVER_SHA, 0, digest, sizeof(digest));
    (void)syscall_command(TOCK_DRIVER_SHA, 1, 0, 0);
    report("sha-256", run(TOCK_DRIVER_SHA, 2, 0, 0).arg[0] == TOCK_OK &&
                          is_equal(digest, expected, sizeof(expected)));
}

/* RFC 4231, case 2 */
static void check_hmac(void)
{
    static const char key[] = "Jefe";
    static const char text[] = "what do ya want for nothing?";
    static const uint8_t expected[] = {
        0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24,
        0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27,
        0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
    static uint8_t code[sizeof(expected)];

    (void)syscall_allow_ro(TOCK_DRIVER_HMAC, 0, key, sizeof(key) - 1);
    (void)syscall_allow_ro(TOCK_DRIVER_HMAC, 1, text, sizeof(text) - 1);
    (void)syscall_allow_rw(TOCK_DRIVER_HMAC, 2, code, sizeof(code));
    (void)syscall_command(TOCK_DRIVER_HMAC, 0, 0, 0);
    report("hmac-sha-256", run(TOCK_DRIVER_HMAC, 1, 0, 0).arg[0] == TOCK_OK &&
                               is_equal(code, expected, sizeof(expected)));
}

/* NIST SP 800-38A, F.5.1, first block */
static void check_aes(void)
{
    static const uint8_t key[] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae,
                                  0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88,
                                  0x09, 0xcf, 0x4f, 0x3c};
    static const uint8_t counter[] = {0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5,
                                      0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb,
                                      0xfc, 0xfd, 0xfe, 0xff};
    static const uint8_t plain[] = {0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40,
                                    0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11,
                                    0x73, 0x93, 0x17, 0x2a};
    static const uint8_t expected[] = {0x87, 0x4d, 0x61, 0x91, 0xb6, 0x20,
                                       0xe3, 0x26, 0x1b, 0xef, 0x68, 0x64,
                                       0x99, 0x0d, 0xb6, 0xce};
    static uint8_t cipher[sizeof(expected)];

    (void)syscall_allow_ro(TOCK_DRIVER_AES, 0, key, sizeof(key));
    (void)syscall_allow_ro(TOCK_DRIVER_AES, 1, counter, sizeof(counter));
    (void)syscall_allow_ro(TOCK_DRIVER_AES, 2, plain, sizeof(plain));
    (void)syscall_allow_rw(TOCK_DRIVER_AES, 0, cipher, sizeof(cipher));
    (void)syscall_command(TOCK_DRIVER_AES, 1, 0, 1);
    report("aes-ctr", run(TOCK_DRIVER_AES, 2, 0, 0).arg[0] == TOCK_OK &&
                          is_equal(cipher, expected, sizeof(expected)));
}

int main(void)
{
    check_crc();
    check_sha();
    check_hmac();
    check_aes();
    printf("crypto: done\n");
    return TOCK_OK;
}
