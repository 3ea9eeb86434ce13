/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Power cuts in a tickv store, at every primitive of the flash and torn in
 * many ways, for random sequences of operations in so little flash that
 * regions are emptied all the time. After each cut, and after a second one
 * while the first is repaired: every key has its value, the one that was being
 * changed its old or new one, and that stays so until it is changed.
 *
 * TICKV_CUT_SEED chooses the sequences, TICKV_CUT_ROUNDS how many; without
 * them it is a fixed few. `make soak` sets both.
 */
#include "tickv_nor.h"

#include "lib/tickv/format.h"

#include <stdio.h>
#include <stdlib.h>

TestSuite(tickv_cut, .timeout = 1200);

/* So few and short that a region always has room for three more. */
enum { KEYS = 6, MAX_VALUE = 54, OPERATIONS = 120, CUT_ONE_IN = 3 };
enum kind { SET, APPEND, INVALIDATE, COLLECT, KINDS };

struct value {
    uint32_t len; /* NONE: the key has no value */
    uint8_t bytes[MAX_VALUE];
};

#define NONE UINT32_MAX

struct operation {
    enum kind kind;
    uint32_t key;
    struct value value;
};

static struct tickv_nor nor;
static struct tickv_nor before;
static struct tickv_nor torn;
static struct tickv store;
static struct value expected[KEYS];
static uint32_t cuts;

/* Keys whose first regions are all over the flash. */
static uint64_t key_of(uint32_t number)
{
    uint8_t text[] = {'k', (uint8_t)('0' + number)};

    return tickv_hash((struct span){text, sizeof(text)});
}

/* Objects of another key, one behind the other: whoever takes a value for a
 * row of objects finds some. */
static void forge(struct value *value, uint64_t *random)
{
    static const uint8_t nothing[1];
    uint8_t object[TICKV_OVERHEAD];
    uint32_t key = (uint32_t)(tickv_random(random) % KEYS);

    format_object(key_of(key), (struct span){(uint8_t *)nothing, 0}, object,
                  object + HEADER_LEN);
    for (uint32_t i = 0; i < value->len; i++)
        value->bytes[i] = object[i % sizeof(object)];
}

static struct operation make_operation(uint64_t *random)
{
    struct operation made = {
        .kind = (enum kind)(tickv_random(random) % 8),
        .key = (uint32_t)(tickv_random(random) % KEYS),
        .value.len = (uint32_t)(tickv_random(random) % MAX_VALUE),
    };

    if (made.kind >= KINDS)
        made.kind = SET;
    for (uint32_t i = 0; i < made.value.len; i++)
        made.value.bytes[i] = (uint8_t)tickv_random(random);
    if (tickv_random(random) % 2 != 0)
        forge(&made.value, random);
    return made;
}

static void begin(struct operation *operation)
{
    struct span value = {operation->value.bytes, operation->value.len};
    uint64_t key = key_of(operation->key);

    if (operation->kind == SET)
        tickv_set(&store, key, value);
    else if (operation->kind == APPEND)
        tickv_append(&store, key, value);
    else if (operation->kind == INVALIDATE)
        tickv_invalidate(&store, key);
    else
        tickv_collect(&store);
}

/* What the operation makes of the key's value. */
static struct value after(const struct operation *operation)
{
    struct value old = expected[operation->key];

    if (operation->kind == SET ||
        (operation->kind == APPEND && old.len == NONE))
        return operation->value;
    if (operation->kind == INVALIDATE)
        return (struct value){.len = NONE};
    return old;
}

static bool mount(void)
{
    tickv_init(&store, &nor.flash);
    tickv_mount(&store);
    return tickv_run(&store, &nor);
}

static struct value value_of(uint32_t key)
{
    struct value value = {.len = NONE};

    tickv_get(&store, key_of(key));
    cr_assert(tickv_run(&store, &nor));
    if (store.status == TICKV_NOT_FOUND)
        return value;
    cr_assert(store.status == TICKV_OK);
    value.len = tickv_value_len(&store);
    cr_assert(value.len <= MAX_VALUE);
    cr_assert(
        tickv_value_read(&store, 0, (struct span){value.bytes, value.len}));
    return value;
}

static bool is_same(const struct value *a, const struct value *b)
{
    return a->len == b->len &&
           (a->len == NONE || memcmp(a->bytes, b->bytes, a->len) == 0);
}

/* All keys but `changed` have their values; it has one of two. */
static void check(uint32_t changed, const struct value *other)
{
    for (uint32_t key = 0; key < KEYS; key++) {
        struct value value = value_of(key);

        if (is_same(&value, &expected[key]))
            continue;
        cr_assert(key == changed && is_same(&value, other),
                  "key %u has another value (%d bytes, should be %d)", key,
                  (int)value.len, (int)expected[key].len);
        expected[key] = value; /* from now on it is this one */
    }
}

/* The store goes on working: also room can be made as before. */
static void go_on(uint64_t random)
{
    for (int i = 0; i < 6; i++) {
        struct operation next = make_operation(&random);

        begin(&next);
        cr_assert(tickv_run(&store, &nor));
        cr_assert(store.status != TICKV_FULL, "a cut made it full");
        cr_assert(store.status != TICKV_FLASH);
        expected[next.key] = after(&next);
    }
    check(NONE, NULL);
    cr_assert(mount());
    check(NONE, NULL);
}

static void repair_and_check(uint32_t changed, const struct value *other)
{
    struct value saved[KEYS];

    memcpy(saved, expected, sizeof(saved));
    cuts++;
    tickv_nor_power_on(&nor);
    cr_assert(mount() && store.status == TICKV_OK);
    check(changed, other);
    cr_assert(mount() && store.status == TICKV_OK);
    check(NONE, NULL);
    go_on(nor.random);
    memcpy(expected, saved, sizeof(saved));
}

/* The repair of what is in torn is cut in its turn. */
static void cut_repair(uint32_t changed, const struct value *other,
                       uint32_t stride)
{
    for (uint32_t at = 0;; at += stride) {
        tickv_nor_copy(&nor, &torn);
        tickv_nor_power_on(&nor);
        nor.cut_at = at;
        nor.variant = (uint32_t)(tickv_random(&nor.random) % TICKV_TEAR_ALL);
        if (mount())
            break;
        repair_and_check(changed, other);
    }
}

/* After the repair of what is in torn, another change of the same key is cut:
 * then there may be three objects of it. */
static void cut_next(uint32_t changed, const struct value *other,
                     uint32_t stride)
{
    struct value saved[KEYS];
    uint64_t random = torn.random;
    struct operation next = make_operation(&random);

    memcpy(saved, expected, sizeof(saved));
    next.kind = stride % 3 == 0 ? INVALIDATE : SET;
    next.key = changed;
    for (uint32_t at = 0;; at += stride) {
        bool is_done;
        struct value value;

        tickv_nor_copy(&nor, &torn);
        tickv_nor_power_on(&nor);
        cr_assert(mount());
        check(changed, other);
        value = after(&next);
        tickv_nor_power_on(&nor);
        nor.cut_at = at;
        nor.variant = at % TICKV_TEAR_ALL;
        begin(&next);
        is_done = tickv_run(&store, &nor);
        if (!is_done)
            repair_and_check(changed, &value);
        memcpy(expected, saved, sizeof(saved));
        if (is_done)
            break;
    }
}

/* Tries the operation with a cut at this primitive. False: it has not that
 * many. */
static bool cut(struct operation *operation, uint32_t at, uint32_t variant,
                bool is_repair_cut)
{
    struct value other = after(operation);

    tickv_nor_copy(&nor, &before);
    tickv_nor_power_on(&nor);
    nor.cut_at = at;
    nor.variant = variant;
    nor.random = at * 64 + variant;
    begin(operation);
    if (tickv_run(&store, &nor))
        return false;
    tickv_nor_copy(&torn, &nor);
    repair_and_check(operation->key, &other);
    if (is_repair_cut) {
        cut_repair(operation->key, &other, 1 + variant % 7 * 3);
        cut_next(operation->key, &other, 1 + variant % 3);
    }
    return true;
}

static void cut_everywhere(struct operation *operation, uint64_t *random)
{
    uint32_t stride = nor.flash.unit == 1 ? 3 : 1;

    for (uint32_t at = 0;; at += 1 + (uint32_t)tickv_random(random) % stride) {
        uint32_t step = 1 + (uint32_t)(tickv_random(random) % 7);
        bool is_repair_cut = tickv_random(random) % 16 == 0;

        for (uint32_t variant = (uint32_t)(tickv_random(random) % step);
             variant < TICKV_TEAR_ALL; variant += step) {
            tickv_nor_copy(&nor, &before);
            cr_assert(mount());
            if (!cut(operation, at, variant, is_repair_cut))
                return;
        }
    }
}

static void run_sequence(uint64_t seed, uint32_t regions, uint32_t region_size,
                         uint32_t unit)
{
    uint64_t random = seed;

    tickv_nor_init(&nor, regions, region_size, unit);
    cr_assert(mount() && store.status == TICKV_OK);
    for (int key = 0; key < KEYS; key++)
        expected[key].len = NONE;
    for (int i = 0; i < OPERATIONS; i++) {
        struct operation operation = make_operation(&random);

        tickv_nor_copy(&before, &nor);
        if (i % CUT_ONE_IN == 0)
            cut_everywhere(&operation, &random);
        tickv_nor_copy(&nor, &before);
        cr_assert(mount());
        begin(&operation);
        cr_assert(tickv_run(&store, &nor));
        cr_assert(store.status != TICKV_FULL);
        expected[operation.key] = after(&operation);
        check(NONE, NULL);
    }
    cr_assert(nor.erasures != 0, "no region was emptied");
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text == NULL ? otherwise : strtoull(text, NULL, 0);
}

static void run_sequences(uint32_t regions, uint32_t region_size, uint32_t unit)
{
    uint64_t seed = number_of("TICKV_CUT_SEED", 1);
    uint64_t rounds = number_of("TICKV_CUT_ROUNDS", 1);

    for (uint64_t i = 0; i < rounds; i++) {
        fprintf(stderr, "# seed %llu, %u regions of %u, unit %u\n",
                (unsigned long long)(seed + i), regions, region_size, unit);
        run_sequence(seed + i, regions, region_size, unit);
        fprintf(stderr, "# %u cuts, %u regions erased\n", cuts, nor.erasures);
    }
}

Test(tickv_cut, in_four_regions_byte_by_byte)
{
    run_sequences(4, 256, 1);
}

Test(tickv_cut, in_five_regions_word_by_word)
{
    run_sequences(5, 256, 4);
}

Test(tickv_cut, in_eight_small_regions)
{
    run_sequences(8, 192, 8);
}
