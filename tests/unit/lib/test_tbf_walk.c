/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h"

#include "base/attr.h"
#include "tests/unit/lib/image.h"

#include <stdio.h>

#define SEED 20261125u

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Appends object to region and frees it. */
static void append(struct image *region, struct image *object)
{
    uint32_t at = region->len;

    image_resize(region, at + object->len);
    memcpy(region->bytes + at, object->bytes, object->len);
    image_free(object);
}

static struct image region_of(struct image *objects, size_t count)
{
    struct image region = {calloc(1, 1), 0, 0};

    for (size_t n = 0; n < count; n++)
        append(&region, &objects[n]);
    return region;
}

static struct image padding(uint32_t total)
{
    struct image i = image_begin();

    image_finish(&i, total);
    return i;
}

static struct image damaged(uint32_t total)
{
    struct image i = image_app("damaged", total);

    i.bytes[20] ^= 0x10;
    return i;
}

static struct image with_binary_end(uint32_t binary_end, uint32_t total)
{
    struct image i = image_begin();

    image_program(&i, 0, 0, 0, binary_end, 0);
    image_finish(&i, total);
    return i;
}

/* A header size that is none; the checksum is right for 16 bytes. */
static struct image with_header_size(uint32_t size, uint32_t total)
{
    struct image i = padding(total);

    image_put(&i, 2, size, 2);
    image_checksum(&i);
    return i;
}

Test(tbf_walk, objects_come_in_order_and_bad_ones_hide_nothing)
{
    struct image objects[] = {
        image_app("first", 128),
        damaged(64),
        padding(32),
        with_binary_end(65, 64),
        with_header_size(0, 16),
        with_header_size(15, 20),
        with_header_size(68, 64),
        with_binary_end(0, 64),
        image_app("second", 4096),
    };
    static const struct {
        uint32_t size;
        enum tbf_status status;
    } wants[] = {
        {128, TBF_OK},
        {64, TBF_BAD_CHECKSUM},
        {32, TBF_OK},
        {64, TBF_BAD_BINARY_END},
        {16, TBF_BAD_HEADER_SIZE},
        {20, TBF_BAD_HEADER_SIZE},
        {64, TBF_BAD_HEADER_SIZE},
        {64, TBF_BAD_PROTECTED},
        {4096, TBF_OK},
    };
    struct image region = region_of(objects, ARRAY_COUNT(objects));
    struct tbf_walk walk = tbf_walk_start(region.bytes, region.len);
    struct tbf_object object;
    uint32_t offset = 0;

    for (size_t n = 0; n < ARRAY_COUNT(wants); n++) {
        cr_assert(tbf_walk_next(&walk, &object));
        cr_expect(eq(u32, object.offset, offset));
        cr_expect(eq(u32, object.size, wants[n].size));
        cr_expect(eq(int, object.status, wants[n].status), "object %zu", n);
        cr_expect(eq(ptr, (void *)object.header.bytes, region.bytes + offset));
        offset += wants[n].size;
    }
    cr_expect(not(tbf_walk_next(&walk, &object)));
    cr_expect(eq(int, walk.end, TBF_END));
    cr_expect(eq(u32, walk.offset, region.len));
    image_free(&region);
}

/* Walks over an app and then these bytes; returns how it ended. */
static enum tbf_status end_of(const uint8_t *tail, uint32_t len)
{
    struct image region = image_app("app", 64);
    struct tbf_walk walk;
    struct tbf_object object;

    image_resize(&region, 64 + len);
    memcpy(region.bytes + 64, tail, len);
    walk = tbf_walk_start(region.bytes, region.len);
    cr_assert(tbf_walk_next(&walk, &object));
    cr_expect(not(tbf_walk_next(&walk, &object)));
    cr_expect(eq(int, object.status, walk.end));
    cr_expect(eq(u32, object.offset, 64));
    cr_expect(not(tbf_walk_next(&walk, &object)));
    cr_expect(eq(u32, walk.offset, 64));
    image_free(&region);
    return walk.end;
}

Test(tbf_walk, the_end_says_what_kind_it_is)
{
    static const uint8_t erased[16] = {0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t zeros[64];
    static const uint8_t total_0[] = {2, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t total_12[16] = {2, 0, 16, 0, 12, 0, 0, 0};
    static const uint8_t total_18[32] = {2, 0, 16, 0, 18, 0, 0, 0};
    static const uint8_t beyond[16] = {2, 0, 16, 0, 20, 0, 0, 0};

    cr_expect(eq(int, end_of(erased, 0), TBF_END));
    cr_expect(eq(int, end_of(erased, 16), TBF_END));
    cr_expect(eq(int, end_of(zeros, 64), TBF_END));
    cr_expect(eq(int, end_of(beyond, 7), TBF_END));
    cr_expect(eq(int, end_of(total_0, 8), TBF_END_BAD));
    cr_expect(eq(int, end_of(total_12, 16), TBF_END_BAD));
    cr_expect(eq(int, end_of(total_18, 32), TBF_END_BAD));
    cr_expect(eq(int, end_of(beyond, 8), TBF_BEYOND));
    cr_expect(eq(int, end_of(beyond, 16), TBF_BEYOND));
}

Test(tbf_walk, an_empty_region_is_at_its_end)
{
    struct tbf_walk walk = tbf_walk_start(NULL, 0);
    struct tbf_object object;

    cr_expect(not(tbf_walk_next(&walk, &object)));
    cr_expect(eq(int, walk.end, TBF_END));
}

/* No walk takes more steps than the region has 16-byte units. */
static void walk_to_the_end(const struct image *region)
{
    struct tbf_walk walk = tbf_walk_start(region->bytes, region->len);
    struct tbf_object object;
    uint32_t steps = 0;
    uint32_t last = 0;

    while (tbf_walk_next(&walk, &object)) {
        if (object.size < 16 || object.offset != last ||
            walk.offset > region->len || ++steps > region->len / 16)
            cr_fatal("step %u at %u of %u", steps, object.offset, object.size);
        last = walk.offset;
    }
}

Test(tbf_walk, walks_over_hostile_regions_end)
{
    uint32_t random = SEED;

    cr_log_info("2000 regions of 4 KiB, seed %u", SEED);
    for (uint32_t round = 0; round < 2000; round++) {
        struct image region = {calloc(1, 1), 0, 0};

        image_resize(&region, 4096);
        for (uint32_t at = 0; at < region.len; at++)
            region.bytes[at] = (uint8_t)next_random(&random);
        /* heads everywhere, so that the walk meets many */
        for (uint32_t at = 0; at + 8 <= region.len;
             at += 4 * (1 + next_random(&random) % 4)) {
            image_put(&region, at, 2, 2);
            image_put(&region, at + 2, next_random(&random) % 64, 2);
            image_put(&region, at + 4, 4 * (next_random(&random) % 16), 4);
        }
        walk_to_the_end(&region);
        image_free(&region);
    }
}

Test(tbf_walk, a_damaged_header_never_hides_the_healthy_app_behind_it)
{
    struct image pair[] = {image_app("victim", 128), image_app("healthy", 64)};
    struct image region = region_of(pair, 2);

    /* every bit of the header but those of version and total size, which
     * are the only things that say where the next object is */
    for (uint32_t bit = 0; bit < 8 * 80; bit++) {
        struct tbf_walk walk = tbf_walk_start(region.bytes, region.len);
        struct tbf_object object;

        if (bit < 16 || (bit >= 32 && bit < 64))
            continue;
        region.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_assert(tbf_walk_next(&walk, &object));
        cr_assert(tbf_walk_next(&walk, &object), "bit %u", bit);
        cr_assert(eq(int, object.status, TBF_OK));
        region.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    image_free(&region);
}
