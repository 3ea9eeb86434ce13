/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "lib/tickv/format.h"
#include "tickv/siphash.h"
#include "tickv_nor.h"

#include "base/attr.h"

TestSuite(siphash, .timeout = 5);
TestSuite(tickv, .timeout = 60);

static struct tickv_nor nor;
static struct tickv store;

static struct span text(const char *string)
{
    return (struct span){(uint8_t *)string, (uint32_t)strlen(string)};
}

/* --- the hash ------------------------------------------------------------- */

/* The vectors of the reference implementation: key and texts 0, 1, 2 ... */
Test(siphash, hashes_are_those_of_the_reference)
{
    static const struct {
        uint32_t len;
        uint64_t hash;
    } vectors[] = {
        {0, 0x726fdb47dd0e0e31u},  {1, 0x74f839c593dc67fdu},
        {2, 0x0d6c8009d9a94f5au},  {3, 0x85676696d7fb7e2du},
        {4, 0xcf2794e0277187b7u},  {7, 0xab0200f58b01d137u},
        {8, 0x93f5f5799a932462u},  {15, 0xa129ca6149be45e5u},
        {63, 0x958a324ceb064572u},
    };
    struct siphash_key key = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
    uint8_t bytes[64];

    for (uint8_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = i;
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++)
        cr_expect(eq(u64, siphash_24(key, (struct span){bytes, vectors[i].len}),
                     vectors[i].hash),
                  "%u bytes", (unsigned)vectors[i].len);
}

Test(tickv, a_key_hashes_as_for_the_loader_that_apps_know)
{
    cr_expect(eq(u64, tickv_hash(text("mykey")), 0x219e0c9528eb4392u));
}

/* --- operations ----------------------------------------------------------- */

static enum tickv_status run(void)
{
    cr_assert(tickv_run(&store, &nor));
    return store.status;
}

static enum tickv_status mount(void)
{
    tickv_init(&store, &nor.flash);
    tickv_mount(&store);
    return run();
}

static enum tickv_status set_hash(uint64_t key, struct span value)
{
    tickv_set(&store, key, value);
    return run();
}

static enum tickv_status set(const char *key, const char *value)
{
    return set_hash(tickv_hash(text(key)), text(value));
}

static enum tickv_status append(const char *key, const char *value)
{
    tickv_append(&store, tickv_hash(text(key)), text(value));
    return run();
}

static enum tickv_status invalidate(const char *key)
{
    tickv_invalidate(&store, tickv_hash(text(key)));
    return run();
}

static enum tickv_status collect(void)
{
    tickv_collect(&store);
    return run();
}

static void expect_value(const char *key, const char *value)
{
    uint8_t found[512];
    uint32_t len = (uint32_t)strlen(value);

    tickv_get(&store, tickv_hash(text(key)));
    cr_assert(eq(int, run(), TICKV_OK), "%s", key);
    cr_assert(eq(u32, tickv_value_len(&store), len));
    cr_assert(tickv_value_read(&store, 0, (struct span){found, len}));
    cr_expect(zero(int, memcmp(found, value, len)));
}

static void expect_none(const char *key)
{
    tickv_get(&store, tickv_hash(text(key)));
    cr_expect(eq(int, run(), TICKV_NOT_FOUND), "%s", key);
}

static void begin(uint32_t regions, uint32_t region_size, uint32_t unit)
{
    tickv_nor_init(&nor, regions, region_size, unit);
    cr_assert(eq(int, mount(), TICKV_OK));
}

Test(tickv, values_are_set_changed_and_deleted)
{
    begin(4, 256, 1);
    expect_none("a");
    cr_expect(eq(int, set("a", "first"), TICKV_OK));
    cr_expect(eq(int, set("b", ""), TICKV_OK));
    expect_value("a", "first");
    expect_value("b", "");
    cr_expect(eq(int, set("a", "second"), TICKV_OK));
    expect_value("a", "second");
    cr_expect(eq(int, append("a", "third"), TICKV_PRESENT));
    cr_expect(eq(int, append("c", "third"), TICKV_OK));
    cr_expect(eq(int, invalidate("a"), TICKV_OK));
    cr_expect(eq(int, invalidate("a"), TICKV_NOT_FOUND));
    cr_expect(eq(int, mount(), TICKV_OK));
    expect_none("a");
    expect_value("b", "");
    expect_value("c", "third");
}

Test(tickv, the_same_value_again_writes_nothing)
{
    begin(4, 256, 1);
    set("a", "value");
    tickv_nor_power_on(&nor);
    cr_expect(eq(int, set("a", "value"), TICKV_OK));
    cr_expect(zero(u32, nor.primitives));
    set("a", "valuE");
    cr_expect(gt(u32, nor.primitives, 0));
}

Test(tickv, a_value_is_read_in_parts_and_not_behind_its_end)
{
    uint8_t part[4] = {0};

    begin(4, 256, 1);
    set("a", "0123456789");
    expect_value("a", "0123456789");
    cr_expect(tickv_value_read(&store, 6, (struct span){part, 4}));
    cr_expect(zero(int, memcmp(part, "6789", 4)));
    cr_expect(not(tickv_value_read(&store, 7, (struct span){part, 4})));
    cr_expect(not(tickv_value_read(&store, 11, (struct span){part, 0})));
    cr_expect(
        not(tickv_value_read(&store, UINT32_MAX, (struct span){part, 4})));
}

Test(tickv, the_longest_value_fits_and_a_longer_one_is_refused)
{
    static uint8_t value[4096];

    begin(4, 256, 4);
    cr_expect(eq(u32, tickv_max_value(&nor.flash), 256 - 15 - 15 - 12));
    cr_expect(eq(int, set_hash(5, (struct span){value, 215}), TICKV_TOO_LONG));
    cr_expect(eq(int, set_hash(5, (struct span){value, 214}), TICKV_OK));
    value[0] = 1;
    cr_expect(eq(int, set_hash(5, (struct span){value, 214}), TICKV_OK));
    begin(2, 8192, 4);
    cr_expect(eq(u32, tickv_max_value(&nor.flash), 4079));
    cr_expect(eq(int, set_hash(5, (struct span){value, 4079}), TICKV_OK));
}

Test(tickv, the_mark_of_the_database_is_no_key)
{
    begin(4, 256, 1);
    cr_expect(eq(int, set_hash(MARK_KEY, text("x")), TICKV_RESERVED));
    tickv_append(&store, MARK_KEY, text("x"));
    cr_expect(eq(int, run(), TICKV_RESERVED));
    tickv_invalidate(&store, MARK_KEY);
    cr_expect(eq(int, run(), TICKV_RESERVED));
}

/* --- the bytes ------------------------------------------------------------ */

/* What the loader that apps know makes of an empty database of three regions
 * of 4096 bytes, of mykey with the value hello of owner 0, and of its end. */
static const uint8_t mark[] = {0x01, 0x80, 0x0f, 0x7b, 0xc9, 0xf7, 0xff, 0x4f,
                               0x76, 0xf2, 0x44, 0xbb, 0x32, 0x74, 0x1d};
static const uint8_t mykey[] = {0x01, 0x80, 0x1d, 0x21, 0x9e, 0x0c, 0x95, 0x28,
                                0xeb, 0x43, 0x92, 0x00, 0x05, 0x00, 0x00, 0x00,
                                0x00, 0x00, 0x00, 0x00, 0x68, 0x65, 0x6c, 0x6c,
                                0x6f, 0xe8, 0xec, 0xbc, 0x01};
static const uint8_t ended[] = {0x01, 0x00, 0x1d, 0x21, 0x9e, 0x0c, 0x95, 0x28,
                                0xeb, 0x43, 0x92, 0x00, 0x05, 0x00, 0x00, 0x00,
                                0x00, 0x00, 0x00, 0x00, 0x68, 0x65, 0x6c, 0x6c,
                                0x6f, 0x69, 0x48, 0x1a, 0xe5};
static const uint8_t other[] = {0x01, 0x80, 0x1a, 0x0e, 0xb1, 0xff, 0xc2,
                                0x3f, 0x33, 0x6b, 0x3b, 0x00, 0x02, 0x00,
                                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x76,
                                0x32, 0x4f, 0xc4, 0xf7, 0x38};

static void put(uint8_t *image, uint32_t offset, const uint8_t *bytes,
                uint32_t len)
{
    memcpy(image + offset, bytes, len);
}

static void expect_image(const uint8_t *image)
{
    for (uint32_t i = 0; i < tickv_nor_size(&nor); i++)
        cr_assert(eq(u8, nor.bytes[i], image[i]), "at %u", (unsigned)i);
}

Test(tickv, the_bytes_are_those_of_other_implementations)
{
    static uint8_t image[3 * 4096];
    struct span hello = {(uint8_t *)mykey + HEADER_LEN, 14};

    memset(image, 0xff, sizeof(image));
    begin(3, 4096, 4);
    put(image, 4096, mark, sizeof(mark));
    expect_image(image);
    set_hash(tickv_hash(text("mykey")), hello);
    put(image, 0, mykey, sizeof(mykey));
    expect_image(image);
    invalidate("mykey");
    image[1] &= 0x7f; /* nobody looks at the checksum then */
    expect_image(image);
}

Test(tickv, databases_of_other_implementations_are_read)
{
    uint8_t found[14];

    tickv_nor_init(&nor, 3, 4096, 1);
    put(nor.bytes, 0, ended, sizeof(ended));
    put(nor.bytes, sizeof(ended), mykey, sizeof(mykey));
    put(nor.bytes, 4096, mark, sizeof(mark));
    put(nor.bytes, 4096 + sizeof(mark), other, sizeof(other));
    cr_assert(eq(int, mount(), TICKV_OK));
    cr_expect(zero(u32, nor.primitives), "nothing to repair");
    tickv_get(&store, tickv_hash(text("mykey")));
    cr_assert(eq(int, run(), TICKV_OK));
    cr_assert(tickv_value_read(&store, 0, (struct span){found, 14}));
    cr_expect(zero(int, memcmp(found, mykey + HEADER_LEN, 14)));
    tickv_get(&store, 0x0eb1ffc23f336b3bu);
    cr_expect(eq(int, run(), TICKV_OK));
}

Test(tickv, regions_are_tried_around_the_one_of_the_key)
{
    static const uint8_t orders[][6] = {
        {0, 1, 2, 3, 4, 5}, {1, 2, 0, 3, 4, 5}, {2, 3, 1, 4, 0, 5},
        {3, 4, 2, 5, 1, 0}, {4, 5, 3, 2, 1, 0}, {5, 4, 3, 2, 1, 0},
    };

    begin(6, 256, 1);
    for (uint32_t key = 0; key < 6; key++) {
        for (uint32_t i = 0; i < 6; i++)
            cr_expect(eq(u32, region_in_order(&store, 0xffff0000u + key, i),
                         orders[key][i]));
    }
    begin(5, 256, 1);
    cr_expect(eq(u32, region_in_order(&store, 2, 4), 0));
    begin(1, 256, 1);
    cr_expect(eq(u32, region_in_order(&store, 0xffff, 0), 0));
}

/* --- other readers -------------------------------------------------------- */

/* Look-up as the loader does it: all regions from the key's own on, first
 * valid object. */
static bool loader_finds(uint64_t key, uint32_t *at)
{
    uint32_t size = nor.flash.region_size;
    uint32_t home = (uint32_t)(key & 0xffff) % nor.flash.regions;

    for (uint32_t i = 0; i < nor.flash.regions; i++) {
        uint32_t region = (home + i) % nor.flash.regions;
        const uint8_t *o = nor.bytes + region * size;
        const uint8_t *end = o + size;

        while (end - o >= 15 && o[0] == 1) {
            uint64_t found = 0;

            for (int b = 0; b < 8; b++)
                found = found << 8 | o[3 + b];
            if ((o[1] & 0x80) != 0 && found == key) {
                *at = (uint32_t)(o - nor.bytes);
                return true;
            }
            o += (o[1] & 0x0f) << 8 | o[2];
        }
    }
    return false;
}

/* As the other kernel does it: around the key's own region, and not further
 * than a blank one, or one that is full to its last 11 bytes. */
static bool kernel_finds(uint64_t key, uint32_t *at)
{
    uint32_t size = nor.flash.region_size;
    uint32_t count = nor.flash.regions;
    uint32_t home = (uint32_t)(key & 0xffff) % count;

    for (uint32_t i = 0; i < 2 * count; i++) {
        uint32_t region = i % 2 != 0 ? home + (i + 1) / 2 : home - i / 2;
        uint32_t off = 0;

        if (region >= count)
            continue;
        for (;;) {
            const uint8_t *o = nor.bytes + region * size + off;
            uint64_t found = 0;

            if (off + 11 >= size)
                return false;
            if (o[0] == 0xff)
                break;
            if (o[0] != 1)
                return false;
            for (int b = 0; b < 8; b++)
                found = found << 8 | o[3 + b];
            if ((o[1] & 0x80) != 0 && found == key) {
                *at = region * size + off;
                return true;
            }
            off += (uint32_t)(o[1] & 0x0f) << 8 | o[2];
        }
        if (off == 0)
            return false;
    }
    return false;
}

static void expect_found_by_others(uint64_t key)
{
    uint32_t at = 0;
    bool is_there;

    tickv_get(&store, key);
    is_there = run() == TICKV_OK;
    cr_assert(eq(int, kernel_finds(key, &at), is_there), "by a kernel");
    if (is_there)
        cr_assert(eq(u32, at, store.found.offset));
    cr_assert(eq(int, loader_finds(key, &at), is_there), "by the loader");
    if (is_there)
        cr_assert(eq(u32, at, store.found.offset));
}

Test(tickv, others_find_every_key_also_after_much_making_of_room)
{
    uint64_t random = 7;

    begin(6, 256, 4);
    for (int i = 0; i < 3000; i++) {
        uint8_t value[60];
        uint64_t key = 3 + 1111 * (tickv_random(&random) % 9);
        uint32_t len = (uint32_t)(tickv_random(&random) % sizeof(value));

        memset(value, (int)tickv_random(&random), sizeof(value));
        cr_assert(eq(int, set_hash(key, (struct span){value, len}), TICKV_OK));
        for (uint64_t k = 0; k < 9; k++)
            expect_found_by_others(3 + 1111 * k);
        expect_found_by_others(MARK_KEY);
    }
    cr_expect(gt(u32, nor.erasures, 100));
}

/* --- room and wear -------------------------------------------------------- */

static uint32_t fill(uint32_t first)
{
    uint8_t value[40] = {0};
    uint32_t count = first;

    while (set_hash(count, (struct span){value, sizeof(value)}) == TICKV_OK)
        count++;
    cr_assert(eq(int, store.status, TICKV_FULL));
    return count;
}

Test(tickv, a_full_store_says_so_erases_nothing_and_keeps_everything)
{
    uint8_t value[40] = {1};
    uint32_t count;

    begin(4, 256, 4);
    count = fill(0);
    cr_expect(eq(u32, count, 3 * 4), "of four regions one is kept free");
    nor.erasures = 0;
    cr_expect(eq(int, set_hash(count, (struct span){value, 40}), TICKV_FULL));
    cr_expect(eq(int, set_hash(1, (struct span){value, 40}), TICKV_FULL));
    cr_expect(zero(u32, nor.erasures));
    for (uint32_t key = 0; key < count; key++) {
        tickv_get(&store, key);
        cr_assert(eq(int, run(), TICKV_OK));
    }
    tickv_invalidate(&store, 3);
    cr_expect(eq(int, run(), TICKV_OK));
    cr_expect(eq(int, set_hash(count, (struct span){value, 40}), TICKV_OK));
}

Test(tickv, regions_are_erased_only_for_want_of_room_and_all_of_them)
{
    uint32_t at[8] = {0};
    uint64_t random = 3;

    begin(8, 256, 4);
    for (int i = 0; i < 2000; i++) {
        uint8_t value[35] = {(uint8_t)i, (uint8_t)(i >> 8)};
        uint8_t firsts[8];
        uint64_t key = tickv_random(&random) % 8;

        for (int r = 0; r < 8; r++)
            firsts[r] = nor.bytes[r * 256 + 100];
        set_hash(key, (struct span){value, sizeof(value)});
        for (int r = 0; r < 8; r++)
            at[r] += firsts[r] != 0xff && nor.bytes[r * 256 + 100] == 0xff;
    }
    /* 50 bytes each, four of them to a region, some of which move. */
    cr_expect(lt(u32, nor.erasures, 2000 / 2));
    for (int r = 0; r < 8; r++)
        cr_expect(gt(u32, at[r], 0), "region %d is never erased", r);
}

Test(tickv, collecting_erases_what_holds_nothing_valid_and_nothing_else)
{
    begin(4, 256, 4);
    set("a", "value");
    set("b", "value");
    invalidate("a");
    nor.erasures = 0;
    cr_expect(eq(int, collect(), TICKV_OK));
    cr_expect(eq(u32, nor.erasures, 1), "of four, a's own");
    cr_expect(eq(int, collect(), TICKV_OK));
    cr_expect(eq(u32, nor.erasures, 1));
    expect_value("b", "value");
}

Test(tickv, what_was_deleted_is_overwritten_with_zeros_before_it_is_erased)
{
    enum tickv_turn turn;

    begin(4, 256, 1);
    set_hash(5, text("secret"));
    tickv_invalidate(&store, 5);
    run();
    tickv_collect(&store);
    while ((turn = tickv_step(&store)) != TICKV_ERASE) {
        cr_assert(ne(int, turn, TICKV_DONE));
        if (turn == TICKV_PROGRAM)
            tickv_flash_done(&store, tickv_nor_program(&nor, store.order));
    }
    for (uint32_t i = 0; i + 6 < tickv_nor_size(&nor); i++)
        cr_assert(ne(int, memcmp(nor.bytes + i, "secret", 6), 0));
}

Test(tickv, one_region_alone_works_until_it_is_full)
{
    begin(1, 256, 1);
    cr_expect(eq(int, set("a", "value"), TICKV_OK));
    cr_expect(eq(int, set("a", "other"), TICKV_OK));
    expect_value("a", "other");
    fill(0);
    expect_value("a", "other");
}

/* --- what the flash may hold ---------------------------------------------- */

Test(tickv, a_flash_without_a_database_becomes_one)
{
    tickv_nor_init(&nor, 4, 256, 4);
    memset(nor.bytes, 0x5a, 1024);
    cr_expect(eq(int, mount(), TICKV_OK));
    cr_expect(eq(u32, nor.erasures, 4));
    cr_expect(eq(int, set("a", "value"), TICKV_OK));
    expect_value("a", "value");
}

Test(tickv, a_lost_mark_costs_no_data)
{
    begin(3, 4096, 1);
    set("mykey", "value");
    nor.bytes[4096 + 12] ^= 1; /* its checksum */
    cr_expect(eq(int, mount(), TICKV_OK));
    cr_expect(zero(u32, nor.erasures));
    expect_value("mykey", "value");
    tickv_nor_power_on(&nor);
    cr_expect(eq(int, mount(), TICKV_OK));
    cr_expect(zero(u32, nor.primitives), "there is a new one");
}

Test(tickv, a_damaged_value_is_none_and_can_be_set_again)
{
    uint32_t at;

    begin(3, 4096, 1);
    set("mykey", "value");
    nor.bytes[HEADER_LEN] ^= 1;
    expect_none("mykey");
    cr_expect(eq(int, append("mykey", "again"), TICKV_OK));
    expect_value("mykey", "again");
    cr_assert(loader_finds(tickv_hash(text("mykey")), &at));
    cr_expect(eq(u32, at, 20), "and the damaged one is invalid");
}

Test(tickv, objects_longer_than_their_region_end_it)
{
    static const uint8_t lens[][2] = {
        {0x80, 0}, {0x80, 14}, {0x81, 1}, {0x8f, 0xff}};

    for (size_t i = 0; i < ARRAY_COUNT(lens); i++) {
        begin(4, 256, 1);
        set_hash(5, text("in another region"));
        memset(nor.bytes, 0, 16);
        nor.bytes[0] = VERSION;
        put(nor.bytes, 1, lens[i], 2);
        cr_expect(eq(int, mount(), TICKV_OK));
        cr_expect(eq(int, set_hash(4, text("value")), TICKV_OK));
        tickv_get(&store, 4);
        cr_expect(eq(int, run(), TICKV_OK));
        cr_expect(ge(u32, store.found.offset, 256));
    }
}

/* --- failures of the flash ------------------------------------------------ */

Test(tickv, any_failed_order_is_told_and_mounting_repairs_it)
{
    for (uint32_t at = 0;; at++) {
        begin(4, 256, 1);
        set("a", "value");
        set("b", "value");
        tickv_nor_power_on(&nor);
        nor.fail_at = at;
        if (set("a", "other") == TICKV_OK)
            break;
        cr_assert(eq(int, store.status, TICKV_FLASH));
        nor.fail_at = TICKV_NEVER;
        cr_assert(eq(int, mount(), TICKV_OK));
        expect_value("b", "value");
        cr_assert(eq(int, set("a", "third"), TICKV_OK));
        expect_value("a", "third");
        cr_assert(lt(u32, at, 100));
    }
}

Test(tickv, a_flash_that_cannot_be_read_is_not_erased)
{
    begin(4, 256, 1);
    set("a", "value");
    nor.is_unreadable = true;
    tickv_nor_power_on(&nor);
    nor.is_unreadable = true;
    cr_expect(eq(int, mount(), TICKV_FLASH));
    cr_expect(eq(int, collect(), TICKV_FLASH));
    cr_expect(eq(int, set("b", "value"), TICKV_FLASH));
    cr_expect(zero(u32, nor.primitives));
}

/* --- values that look like objects ---------------------------------------- */

/* A value that holds objects of the key "victim" all through. */
static struct span forged(uint8_t value[200], uint32_t len)
{
    uint8_t object[TICKV_OVERHEAD];

    format_object(tickv_hash(text("victim")), text(""), object,
                  object + HEADER_LEN);
    for (uint32_t i = 0; i < len; i++)
        value[i] = object[i % sizeof(object)];
    return (struct span){value, len};
}

static void expect_no_victim(void)
{
    tickv_nor_power_on(&nor);
    cr_assert(eq(int, mount(), TICKV_OK));
    expect_none("victim");
}

/* Each length, so that each torn one leads everywhere. */
Test(tickv, no_cut_makes_objects_of_the_bytes_of_a_value)
{
    uint8_t value[200];

    for (uint32_t len = 15; len < 120; len++) {
        for (uint32_t at = 0; at < 16; at++) {
            for (uint32_t v = 0; v < 20; v++) {
                begin(4, 256, 1);
                tickv_nor_power_on(&nor);
                nor.cut_at = at;
                nor.variant = v;
                tickv_set(&store, 5, forged(value, len));
                if (!tickv_run(&store, &nor))
                    expect_no_victim();
                begin(4, 256, 1);
                set_hash(5, forged(value, len));
                tickv_invalidate(&store, 5);
                run();
                tickv_nor_power_on(&nor);
                nor.cut_at = at;
                nor.variant = v;
                tickv_collect(&store);
                if (!tickv_run(&store, &nor))
                    expect_no_victim();
            }
        }
    }
}
