/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What lib/tbf writes it reads back: a spec with random contents is built
 * into a buffer of exactly its size and parsed; every field must return.
 */
#include "tbf/build.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_COUNT = 12, MAX_NAME = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t len;
};

struct lists {
    char name[MAX_NAME];
    struct tbf_region_spec regions[MAX_COUNT];
    struct tbf_permission_spec permissions[MAX_COUNT];
    uint32_t read_ids[MAX_COUNT];
    uint32_t modify_ids[MAX_COUNT];
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Zero when the input is used up. */
static uint32_t take(struct input *in, uint32_t len)
{
    uint32_t value = 0;

    for (; len > 0 && in->len > 0; len--, in->len--)
        value = value << 8 | *in->data++;
    return value;
}

static void take_lists(struct input *in, struct tbf_spec *spec,
                       struct lists *lists)
{
    spec->name_len = (uint16_t)(take(in, 1) % MAX_NAME);
    for (uint32_t i = 0; i < spec->name_len; i++)
        lists->name[i] = (char)(take(in, 1) & 0x7f);
    spec->name = take(in, 1) % 2 != 0 ? lists->name : NULL;
    spec->region_count = take(in, 1) % MAX_COUNT;
    spec->regions = lists->regions;
    spec->permission_count = take(in, 1) % MAX_COUNT;
    for (uint32_t i = 0; i < spec->permission_count; i++)
        lists->permissions[i] = (struct tbf_permission_spec){
            take(in, 1), take(in, 1), (uint64_t)take(in, 4) << 32};
    spec->permissions = lists->permissions;
    spec->has_storage = take(in, 1) % 2 != 0;
    spec->read_count = take(in, 1) % MAX_COUNT;
    spec->modify_count = take(in, 1) % MAX_COUNT;
    for (uint32_t i = 0; i < MAX_COUNT; i++) {
        lists->read_ids[i] = take(in, 4);
        lists->modify_ids[i] = take(in, 4);
    }
    spec->read_ids = lists->read_ids;
    spec->modify_ids = lists->modify_ids;
}

/* Offsets come after the header's size is known. */
static void take_layout(struct input *in, struct tbf_spec *spec,
                        struct lists *lists)
{
    uint32_t size = tbf_header_size(spec);

    spec->protected_size = size + take(in, 1);
    spec->init_offset = spec->protected_size + take(in, 1);
    spec->binary_end = spec->init_offset + 1 + take(in, 2);
    spec->total_size = (spec->binary_end + take(in, 2) + 3) / 4 * 4;
    for (uint32_t i = 0; i < spec->region_count; i++) {
        uint32_t room = spec->binary_end - spec->protected_size;

        lists->regions[i].offset = spec->protected_size + take(in, 2) % room;
        lists->regions[i].size =
            take(in, 2) % (spec->binary_end - lists->regions[i].offset);
    }
}

static void take_numbers(struct input *in, struct tbf_spec *spec)
{
    spec->flags = take(in, 4);
    spec->minimum_ram = take(in, 4);
    spec->version = take(in, 4);
    spec->has_fixed_addresses = take(in, 1) % 2 != 0;
    spec->fixed_ram = take(in, 4);
    spec->fixed_flash = take(in, 4);
    spec->has_kernel_version = take(in, 1) % 2 != 0;
    spec->kernel_major = (uint16_t)take(in, 2);
    spec->kernel_minor = (uint16_t)take(in, 2);
    spec->has_short_id = take(in, 1) % 2 != 0;
    spec->short_id = take(in, 4);
    spec->write_id = take(in, 4);
}

static void compare_lists(const struct tbf_spec *spec,
                          const struct tbf_header *h)
{
    struct tbf_storage storage;

    must(tbf_region_count(h) == spec->region_count);
    for (uint32_t i = 0; i < spec->region_count; i++) {
        uint32_t offset;
        uint32_t size;

        must(tbf_region(h, i, &offset, &size));
        must(offset == spec->regions[i].offset &&
             size == spec->regions[i].size);
    }
    must(tbf_permission_count(h) == spec->permission_count);
    for (uint32_t i = 0; i < spec->permission_count; i++) {
        struct tbf_permission_spec p;

        must(tbf_permission_at(h, i, &p.driver, &p.offset, &p.mask));
        must(p.driver == spec->permissions[i].driver &&
             p.offset == spec->permissions[i].offset &&
             p.mask == spec->permissions[i].mask);
    }
    must(tbf_storage(h, &storage) ==
         (spec->has_storage && spec->read_count <= TBF_MAX_STORAGE_IDS &&
          spec->modify_count <= TBF_MAX_STORAGE_IDS));
    for (uint32_t i = 0; i < storage.read_count; i++)
        must(storage.read_ids[i] == spec->read_ids[i]);
    for (uint32_t i = 0; i < storage.modify_count; i++)
        must(storage.modify_ids[i] == spec->modify_ids[i]);
}

static void compare(const struct tbf_spec *spec, const struct tbf_header *h)
{
    must(h->flags == spec->flags && h->total_size == spec->total_size);
    must(h->init_offset == spec->init_offset);
    must(h->protected_size == spec->protected_size);
    must(h->minimum_ram == spec->minimum_ram);
    must(h->binary_end == spec->binary_end && h->version == spec->version);
    must((h->name != NULL) == (spec->name != NULL));
    if (spec->name != NULL)
        must(h->name_len == spec->name_len &&
             memcmp(h->name, spec->name, h->name_len) == 0);
    if (spec->has_fixed_addresses)
        must(h->fixed_ram == spec->fixed_ram &&
             h->fixed_flash == spec->fixed_flash);
    must(h->has_kernel_version == spec->has_kernel_version);
    if (spec->has_kernel_version)
        must(h->kernel_major == spec->kernel_major &&
             h->kernel_minor == spec->kernel_minor);
    must(h->short_id == (spec->has_short_id ? spec->short_id : 0));
    compare_lists(spec, h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct tbf_spec spec = {0};
    struct lists lists = {0};
    struct tbf_header h;
    uint32_t len;
    uint8_t *buf;

    take_lists(&in, &spec, &lists);
    take_numbers(&in, &spec);
    take_layout(&in, &spec, &lists);
    len = tbf_header_size(&spec);
    buf = malloc(len);
    must(!tbf_build_header(&spec, buf, len - 1));
    must(tbf_build_header(&spec, buf, len));
    must(tbf_parse_part(buf, len, spec.total_size, &h) == TBF_OK);
    must(h.header_size == len);
    compare(&spec, &h);
    tbf_set_flags(buf, ~spec.flags);
    must(tbf_parse_part(buf, len, spec.total_size, &h) == TBF_OK);
    must(h.flags == ~spec.flags);
    free(buf);
    return 0;
}
