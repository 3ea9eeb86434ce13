/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A key-value store over flash with any content. It must end, stay inside the
 * flash, program no 1 over a 0; and once it is mounted, a value that is set is
 * there, and no other key's value has changed, however often it is mounted.
 */
#include "lib/tickv/format.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REGIONS = 4, REGION = 128, SIZE = REGIONS * REGION, UNIT = 4 };
enum { KEYS = 8, MAX_STEPS = 200000 };

static uint8_t bytes[SIZE];
static struct tickv store;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool read(struct tickv_flash *flash, uint32_t offset, struct span into)
{
    (void)flash;
    must(offset <= SIZE && into.len <= SIZE - offset);
    memcpy(into.ptr, bytes + offset, into.len);
    return true;
}

static struct tickv_flash flash = {read, REGION, REGIONS, UNIT};

static void program(struct tickv_order order)
{
    must(order.offset % UNIT == 0 && order.bytes.len % UNIT == 0);
    must(order.offset < SIZE && order.bytes.len != 0);
    must(order.offset % REGION + order.bytes.len <= REGION);
    for (uint32_t i = 0; i < order.bytes.len; i++) {
        must((~bytes[order.offset + i] & order.bytes.ptr[i]) == 0);
        bytes[order.offset + i] = order.bytes.ptr[i];
    }
}

static enum tickv_status run(void)
{
    enum tickv_turn turn;

    for (int steps = 0; (turn = tickv_step(&store)) != TICKV_DONE; steps++) {
        must(steps < MAX_STEPS);
        if (turn == TICKV_AGAIN)
            continue;
        if (turn == TICKV_PROGRAM)
            program(store.order);
        else
            memset(bytes + store.order.offset, 0xff, REGION);
        tickv_flash_done(&store, true);
    }
    return store.status;
}

static void mount(void)
{
    tickv_init(&store, &flash);
    tickv_mount(&store);
    must(run() != TICKV_FLASH);
}

struct value {
    enum tickv_status status;
    uint32_t len;
    uint8_t bytes[REGION];
};

static struct value get(uint64_t key)
{
    struct value value = {0};

    tickv_get(&store, key);
    value.status = run();
    if (value.status == TICKV_OK) {
        value.len = tickv_value_len(&store);
        must(value.len <= REGION);
        must(
            tickv_value_read(&store, 0, (struct span){value.bytes, value.len}));
    }
    return value;
}

/* Some of them keys of the flash's objects. Mounting sets the mark. */
static void choose_keys(uint64_t keys[KEYS])
{
    for (uint64_t i = 0; i < KEYS; i++) {
        const uint8_t *at = bytes + i % REGIONS * REGION + i / REGIONS * 40;

        keys[i] = 0;
        for (int b = 3; b < 11; b++)
            keys[i] = keys[i] << 8 | at[b];
        if (keys[i] == MARK_KEY)
            keys[i] = i;
    }
}

static void expect(const uint64_t keys[KEYS], const struct value values[KEYS])
{
    for (int i = 0; i < KEYS; i++) {
        struct value value = get(keys[i]);

        must(memcmp(&value, &values[i], sizeof(value)) == 0);
    }
}

static void change(const uint64_t keys[KEYS], struct value values[KEYS],
                   uint8_t what)
{
    uint8_t bytes_of_value[64];
    struct span value = {bytes_of_value, what % 60};
    uint64_t key = keys[what % KEYS];
    enum tickv_status status;

    memset(bytes_of_value, what, sizeof(bytes_of_value));
    if (what < 64)
        tickv_invalidate(&store, key);
    else if (what < 80)
        tickv_collect(&store);
    else if (what < 120)
        tickv_append(&store, key, value);
    else
        tickv_set(&store, key, value);
    status = run();
    must(status != TICKV_FLASH);
    if (status == TICKV_OK && what >= 80) {
        struct value now = get(key);

        must(now.status == TICKV_OK && now.len == value.len);
        must(memcmp(now.bytes, value.ptr, value.len) == 0);
    }
    for (int i = 0; i < KEYS; i++) {
        if (keys[i] == key)
            values[i] = get(key);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t keys[KEYS];
    struct value values[KEYS];
    size_t len = size < SIZE ? size : SIZE;

    memset(bytes, 0xff, SIZE);
    memcpy(bytes, data, len);
    choose_keys(keys);
    mount();
    for (int i = 0; i < KEYS; i++)
        values[i] = get(keys[i]);
    for (size_t i = len; i < size && i < len + 16; i++) {
        change(keys, values, data[i]);
        expect(keys, values);
    }
    mount();
    expect(keys, values);
    return 0;
}
