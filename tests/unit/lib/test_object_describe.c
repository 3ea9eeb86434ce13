/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/describe.h"

#include "base/attr.h"
#include "tbf/build.h"
#include "tests/unit/lib/image.h"

#include <stdio.h>

static const struct object_keys no_keys;

/* A file that owns the image's bytes. */
static struct object_file file_of(struct image *i)
{
    struct object_file file = {.path = "x.tbf"};

    file.tab.members = calloc(1, sizeof(struct tab_member));
    file.tab.count = 1;
    file.tab.members[0] = (struct tab_member){strdup(""), 0, i->bytes, i->len};
    return file;
}

static char *text_of(const struct object_file *file)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    object_describe_text(file, &no_keys, to);
    fclose(to);
    return text;
}

static void expect_line(const char *text, const char *line)
{
    cr_expect(ne(ptr, strstr(text, line), NULL), "no '%s' in\n%s", line, text);
}

Test(object_describe, every_entry_is_told_with_its_offset)
{
    struct image i = image_begin();
    const uint8_t permissions[] = {1, 0, 2, 0, 0, 0, 1, 0, 0,
                                   0, 3, 0, 0, 0, 0, 0, 0, 0};
    const uint8_t storage[] = {0, 0, 0, 0, 1, 0, 5, 0, 0, 0, 0, 0};

    image_program(&i, 13, 4, 4096, 190, 7);
    image_entry(&i, 3, "na\033me", 5);
    image_entry(&i, 6, permissions, sizeof(permissions));
    image_entry(&i, 7, storage, sizeof(storage));
    image_words(&i, 5, (uint32_t[]){0xffffffff, 0x40080}, 2);
    image_words(&i, 2, (uint32_t[]){150, 8}, 2);
    image_entry(&i, 0x8001, "\1\2\3", 3);
    image_words(&i, 10, (uint32_t[]){0x1234}, 1);
    image_finish(&i, 240);
    tbf_build_reserved(i.bytes + 190, 50);

    struct object_file file = file_of(&i);
    char *text = text_of(&file);
    struct err e = {0};

    cr_expect(zero(int, object_describe_check(&file, &e)), "%s", e.text);
    expect_line(text, "x.tbf: 240 bytes\n");
    expect_line(text, "  0x000010  Program (9), 20 bytes\n");
    expect_line(text, "init_fn_offset      13          entry point 0x91\n");
    expect_line(text, "package_name        na\\x1bme\n");
    expect_line(text, "driver              0x00000002  commands 64 65\n");
    expect_line(text, "write_id            0x00000000  may not write\n");
    expect_line(text, "read_id             0x00000005\n");
    expect_line(text, "fixed_address_ram   0xffffffff  not fixed\n");
    expect_line(text, "region              0x00000096, 8 bytes\n");
    expect_line(text, "unknown (32769), 3 bytes\n");
    expect_line(text, "data                01 02 03\n");
    expect_line(text, "short_id            0x00001234\n");
    expect_line(text, "Reserved (0), 42 bytes\n");
    free(text);
    object_file_free(&file);
}

Test(object_describe, sizes_add_up)
{
    struct image i = image_app("app", 512);
    uint8_t digest[32] = {0};
    struct tbf_header h;
    struct err e = {0};

    image_put(&i, 20 + 12, 200, 4);
    image_checksum(&i);
    cr_assert(tbf_build_footer(i.bytes + 200, 312, 3, digest, 32));
    struct object_file file = file_of(&i);
    cr_assert(zero(int, object_check(&file, 0, &h, &e)), "%s", e.text);
    struct object_sizes s = object_sizes(&h, i.bytes);
    cr_expect(eq(u32, s.credentials, 40));
    cr_expect(eq(u32, s.reserve, 272));
    cr_expect(eq(u32, s.header + s.trailer + s.binary, 200));
    object_file_free(&file);
}

Test(object_describe, a_malformed_object_is_told_as_far_as_it_goes)
{
    struct image i = image_app("app", 128);
    struct err e = {0};

    image_put(&i, 16 + 24 + 2, 500, 2); /* the second entry is too long */
    image_checksum(&i);
    struct object_file file = file_of(&i);
    char *text = text_of(&file);

    expect_line(text, "malformed: header entry passes the end of the header\n");
    expect_line(text, "  0x000010  Program (9), 20 bytes\n");
    expect_line(text, "  0x000028  no entry, 16 bytes\n");
    cr_expect(eq(int, object_describe_check(&file, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    free(text);
    object_file_free(&file);
}

Test(object_describe, a_wrong_checksum_is_told_with_the_right_one)
{
    struct image i = image_app("app", 128);
    uint32_t right = image_get32(&i, 12);
    char expected[64];

    image_put(&i, 12, right ^ 0x80, 4);
    struct object_file file = file_of(&i);
    char *text = text_of(&file);

    snprintf(expected, sizeof(expected), "wrong: expected 0x%08x\n", right);
    expect_line(text, expected);
    expect_line(text, "malformed: header checksum does not match\n");
    free(text);
    object_file_free(&file);
}

Test(object_describe, every_length_of_a_file_has_a_description)
{
    for (uint32_t len = 0; len <= 130; len++) {
        struct image i = image_app("app", 128);
        struct err e = {0};

        image_resize(&i, len);
        struct object_file file = file_of(&i);
        char *text = text_of(&file);

        cr_expect(
            eq(int, object_describe_check(&file, &e), len == 128 ? 0 : -1),
            "%u", len);
        cr_expect(eq(ptr, strchr(text, '\033'), NULL));
        free(text);
        object_file_free(&file);
    }
}

Test(object_describe, padding_is_no_defect)
{
    struct image i = image_begin();
    struct err e = {0};

    image_resize(&i, 64);
    tbf_build_padding(i.bytes, 64);
    struct object_file file = file_of(&i);
    char *text = text_of(&file);

    expect_line(text, "  0x000010  padding, 48 bytes\n");
    cr_expect(zero(int, object_describe_check(&file, &e)));
    free(text);
    object_file_free(&file);
}

Test(object_describe, the_binary_is_told_although_the_entry_point_is_outside)
{
    struct image i = image_app("app", 128);

    image_put(&i, 20, 0xffff, 4);
    image_checksum(&i);
    struct object_file file = file_of(&i);
    char *text = text_of(&file);

    expect_line(text, "malformed: entry point lies outside the binary\n");
    expect_line(text, "  0x000038  app binary, 72 bytes\n");
    free(text);
    object_file_free(&file);
}
