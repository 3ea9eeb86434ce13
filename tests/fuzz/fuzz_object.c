/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * lib/object over hostile objects: random bytes are described, and if the
 * kernel's parser takes them, changed in random ways. Whatever a change makes,
 * tbf_parse must accept; whatever it refuses must be left alone.
 *
 * The first bytes of the input choose the changes, the rest is the object,
 * whose checksum is put right.
 */
#include "object/change.h"
#include "object/describe.h"

#include "base/le.h"

#include <stdlib.h>
#include <string.h>

enum { CHOICES = 12, MAX_OBJECT = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static struct object_file file_of(const uint8_t *bytes, size_t len)
{
    struct object_file file = {.path = "fuzz.tbf"};
    uint8_t *copy = malloc(len + (len == 0));

    memcpy(copy, bytes, len);
    if (len >= TBF_BASE_SIZE && le16_load(copy + 2) <= len)
        le32_store(copy + 12, tbf_checksum(copy, le16_load(copy + 2)));
    file.tab.members = calloc(1, sizeof *file.tab.members);
    file.tab.members[0] =
        (struct tab_member){.name = strdup(""), .bytes = copy, .len = len};
    file.tab.count = 1;
    return file;
}

static void describe(const struct object_file *file)
{
    static const struct object_keys none;
    static FILE *to;

    if (to == NULL)
        to = fopen("/dev/null", "w");
    object_describe_text(file, &none, to);
}

/* One change, chosen by two bytes. */
static int change_once(struct object_change *change, uint8_t what,
                       uint8_t value, struct err *e)
{
    static char text[600];
    static const uint8_t data[32];
    struct object_credential credential = {
        .format = value % 8, .data = data, .len = 32};
    struct tbf_region_spec region = {value * 8u, value};
    struct tbf_spec spec = {
        .name = text,
        .name_len = (uint16_t)(value * 2),
        .regions = &region,
        .region_count = 1,
        .has_fixed_addresses = true,
        .fixed_flash = value % 2 == 0 ? TBF_NOT_FIXED : value,
        .has_kernel_version = true,
        .has_short_id = true,
    };
    static const enum tbf_type types[] = {
        TBF_TYPE_NAME, TBF_TYPE_WRITEABLE_REGIONS, TBF_TYPE_FIXED_ADDRESSES,
        TBF_TYPE_KERNEL_VERSION, TBF_TYPE_SHORT_ID};

    switch (what % 6) {
    case 0:
        return object_change_entry(change, types[value % 5], &spec, e);
    case 1:
        return object_change_remove_entries(change, value % 12, e);
    case 2:
        return object_change_field(change, TBF_TYPE_PROGRAM, "app_version",
                                   value, e);
    case 3:
        return object_change_field(change, TBF_BASE_HEADER, "header_size",
                                   value, e);
    case 4:
        if (value % 8 == 2 || value % 8 == 1)
            credential.format = 0x55; /* 32 bytes are too few for RSA */
        return object_change_add_credentials(change, &credential, 1,
                                             value > 127, e);
    default:
        return object_change_remove_credentials(change, value % 8, e);
    }
}

static void change_all(struct object_file *file, const uint8_t *choices)
{
    static const struct object_keys none;
    const struct object_policy policy = {&none, (choices[0] & 1) != 0,
                                         (choices[0] & 2) != 0};
    struct object_change change;
    struct object_report report;
    struct tbf_header h;
    struct err e = {0};
    size_t old_len = file->tab.members[0].len;
    uint8_t *old = malloc(old_len + 1);
    int result = object_change_begin(&change, file, 0, &policy, &e);

    memcpy(old, file->tab.members[0].bytes, old_len);
    for (size_t i = 2; i + 1 < CHOICES && result == 0; i += 2) {
        result = change_once(&change, choices[i], choices[i + 1], &e);
        if (result == 0)
            must(tbf_parse(change.bytes, change.len, &h) == TBF_OK &&
                 h.total_size == change.len && !h.is_padding);
    }
    if (result == 0)
        result = object_change_end(&change, &report, &e);
    object_change_free(&change);
    must(result == 0 || e.kind != ERR_NONE);
    if (result == 0) {
        must(object_check(file, 0, &h, &e) == 0);
    } else {
        must(file->tab.members[0].len == old_len);
        must(memcmp(old, file->tab.members[0].bytes, old_len) == 0);
    }
    free(old);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct object_file file;

    if (size < CHOICES || size > MAX_OBJECT)
        return 0;
    file = file_of(data + CHOICES, size - CHOICES);
    describe(&file);
    change_all(&file, data);
    describe(&file);
    object_file_free(&file);
    return 0;
}
