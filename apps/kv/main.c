/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Keeps values under keys. First what the driver promises:
 *
 *   kv: 14 of 14 checks            (each that fails has a line of its own)
 *
 * then, without end, the same number in four values of different length, one
 * after the other, and each eighth number when it is everywhere:
 *
 *   kv: found 39 39 38 38
 *   kv: 40
 *
 * "kv: ... is damaged" instead of the second means that bytes were lost. The
 * other app from this source has keys of its own; of the one key that both set
 * the second prints "kv: stranger".
 */
#include "base/mem.h"
#include "tock/kv.h"
#include "tock/printf.h"

#include <stdbool.h>

/* Of the keys of this app: the same source makes two. */
#define PREFIX   (APP_VERSION == 1 ? "kv-one-" : "kv-two-")

#define VALUES   4u
#define MAX      503u
#define REPORTED 8u

static uint8_t bytes[3000];
static uint32_t checks;
static uint32_t passed;

static struct kv_bytes text(const char *string)
{
    uint32_t len = 0;

    while (string[len] != '\0')
        len++;
    return (struct kv_bytes){string, len};
}

static void expect(const char *what, enum tock_error found,
                   enum tock_error expected)
{
    checks++;
    if (found == expected)
        passed++;
    else
        printf("kv: %s: error %u, expected %u\n", what, (unsigned)found,
               (unsigned)expected);
}

static void expect_value(struct kv_bytes key, struct kv_bytes value)
{
    uint32_t len = MAX;
    enum tock_error error = kv_get(key, bytes, &len);

    if (error == TOCK_OK &&
        (len != value.len || memcmp(bytes, value.ptr, len) != 0))
        error = TOCK_FAIL;
    expect("get", error, TOCK_OK);
}

static void check_operations(struct kv_bytes key)
{
    uint32_t len = 2;

    (void)kv_delete(key);
    expect("update of none", kv_update(key, text("a")), TOCK_NOSUPPORT);
    expect("add", kv_add(key, text("first")), TOCK_OK);
    expect("add again", kv_add(key, text("second")), TOCK_NOSUPPORT);
    expect_value(key, text("first"));
    expect("update", kv_update(key, text("third")), TOCK_OK);
    expect_value(key, text("third"));
    expect("set", kv_set(key, text("0123456789")), TOCK_OK);
    expect("short get", kv_get(key, bytes, &len), TOCK_SIZE);
    expect("its length", len == 10 ? TOCK_OK : TOCK_FAIL, TOCK_OK);
    expect("delete", kv_delete(key), TOCK_OK);
    expect("delete again", kv_delete(key), TOCK_NOSUPPORT);
}

static void check_limits(struct kv_bytes key)
{
    struct kv_bytes long_key = {bytes, 200};
    struct kv_bytes long_value = {bytes, sizeof(bytes)};

    expect("long key", kv_set(long_key, key), TOCK_SIZE);
    expect("long value", kv_set(key, long_value), TOCK_SIZE);
    expect("no key", kv_set((struct kv_bytes){NULL, 0}, key), TOCK_RESERVE);
}

/* The values' lengths and bytes tell what they belong to. */
static uint32_t length_of(uint32_t index)
{
    return 5 + index * 166;
}

static struct kv_bytes key_of(char key[8], uint32_t index)
{
    memcpy(key, PREFIX, 7);
    key[7] = (char)('0' + index);
    return (struct kv_bytes){key, 8};
}

static bool find(uint32_t index, uint32_t *number)
{
    char key[8];
    uint32_t len = MAX;
    enum tock_error error = kv_get(key_of(key, index), bytes, &len);

    *number = 0;
    if (error == TOCK_NOSUPPORT)
        return true;
    if (error != TOCK_OK || len != length_of(index)) {
        printf("kv: %lu is damaged: error %u, %lu bytes\n", index,
               (unsigned)error, len);
        return false;
    }
    memcpy(number, bytes, 4);
    for (uint32_t i = 4; i < len; i++) {
        if (bytes[i] != (uint8_t)(*number + i)) {
            printf("kv: %lu is damaged at %lu\n", index, i);
            return false;
        }
    }
    return true;
}

static enum tock_error keep(uint32_t index, uint32_t number)
{
    char key[8];

    memcpy(bytes, &number, 4);
    for (uint32_t i = 4; i < length_of(index); i++)
        bytes[i] = (uint8_t)(number + i);
    return kv_set(key_of(key, index),
                  (struct kv_bytes){bytes, length_of(index)});
}

int main(void)
{
    uint32_t found[VALUES];
    enum tock_error error;

    for (uint32_t i = 0; i < VALUES; i++) {
        if (!find(i, &found[i]))
            return TOCK_FAIL;
    }
    printf("kv: found %lu %lu %lu %lu\n", found[0], found[1], found[2],
           found[3]);
    check_operations(text(PREFIX));
    check_limits(text(PREFIX));
    printf("kv: %lu of %lu checks\n", passed, checks);
    if (kv_set(text("kv-shared"), text(PREFIX)) == TOCK_NOSUPPORT)
        printf("kv: stranger\n");
    for (uint32_t number = found[0] + 1;; number++) {
        for (uint32_t i = 0; i < VALUES; i++) {
            error = keep(i, number);
            if (error != TOCK_OK) {
                printf("kv: error %u\n", (unsigned)error);
                return TOCK_FAIL;
            }
        }
        if (number % REPORTED == 0)
            printf("kv: %lu\n", number);
    }
}
