/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/change.h"

#include "base/attr.h"
#include "tests/unit/lib/image.h"

enum { START = 56, BINARY = 100, END = START + BINARY };

static const struct object_keys no_keys;
static const struct object_policy careful = {&no_keys, false, false};
static const struct object_policy dropping = {&no_keys, true, false};
static const struct object_policy growing = {&no_keys, false, true};

/* A file with one app of this size: Program, kernel version, name "app". */
static struct object_file file_of(uint32_t total)
{
    struct image i = image_begin();
    struct object_file file = {.path = "x.tbf"};

    image_program(&i, 8, 0, 4096, END, 1);
    image_kernel_version(&i, 2, 1);
    image_entry(&i, 3, "app", 3);
    image_finish(&i, total);
    memset(i.bytes + START, 0x5a, BINARY);
    tbf_build_reserved(i.bytes + END, total - END);
    file.tab.members = calloc(1, sizeof(struct tab_member));
    file.tab.count = 1;
    file.tab.members[0] = (struct tab_member){strdup(""), 0, i.bytes, i.len};
    return file;
}

static struct tbf_header header_of(const struct object_file *file)
{
    struct tbf_header h;
    struct err e = {0};

    cr_assert(zero(int, object_check(file, 0, &h, &e)), "%s", e.text);
    return h;
}

/* Number of footers of a format, and how many of all are right or wrong. */
static struct object_verify verdicts(const struct object_file *file,
                                     uint32_t format, unsigned *count)
{
    struct tbf_header h = header_of(file);
    struct object_verify v =
        object_verify_start(&h, file->tab.members[0].bytes);
    struct sign_finding finding;
    struct tbf_footer footer;

    *count = 0;
    while (object_verify_next(&v, &no_keys, &footer, &finding))
        *count += footer.format == format;
    return v;
}

static int add(struct object_file *file, const struct object_policy *policy,
               const struct object_credential *credentials, size_t count,
               bool keep_old, struct err *e)
{
    struct object_change change;
    struct object_report report;
    int result = object_change_begin(&change, file, 0, policy, e);

    if (result == 0)
        result = object_change_add_credentials(&change, credentials, count,
                                               keep_old, e);
    if (result == 0)
        result = object_change_end(&change, &report, e);
    object_change_free(&change);
    return result;
}

static const struct object_credential sha256 = {.format = 3};
static const struct object_credential sha512 = {.format = 5};

static int set_version(struct object_file *file,
                       const struct object_policy *policy,
                       struct object_report *report, struct err *e)
{
    struct object_change change;
    int result = object_change_begin(&change, file, 0, policy, e);

    if (result == 0)
        result =
            object_change_field(&change, TBF_TYPE_PROGRAM, "app_version", 9, e);
    if (result == 0)
        result = object_change_end(&change, report, e);
    object_change_free(&change);
    return result;
}

Test(object_change, a_digest_follows_the_change)
{
    struct object_file file = file_of(512);
    struct object_report report;
    struct err e = {0};
    unsigned count;

    cr_assert(zero(int, add(&file, &careful, &sha256, 1, false, &e)));
    cr_assert(zero(int, set_version(&file, &careful, &report, &e)));
    cr_expect(eq(u32, header_of(&file).version, 9));
    cr_expect(eq(u32, report.remade, 1));
    cr_expect(report.is_changed);
    struct object_verify v = verdicts(&file, 3, &count);
    cr_expect(all(eq(u32, count, 1), eq(u32, v.good, 1), zero(u32, v.bad)));
    object_file_free(&file);
}

Test(object_change, a_change_to_what_is_there_changes_nothing)
{
    struct object_file file = file_of(512);
    struct object_report report;
    struct err e = {0};

    cr_assert(zero(int, add(&file, &careful, &sha256, 1, false, &e)));
    cr_assert(zero(int, set_version(&file, &careful, &report, &e)));
    cr_assert(zero(int, set_version(&file, &careful, &report, &e)));
    cr_expect(not(report.is_changed));
    cr_expect(zero(u32, report.remade));
    object_file_free(&file);
}

Test(object_change, a_signature_without_its_key_is_not_broken)
{
    static uint8_t data[1024] = {1};
    const struct object_credential rsa = {2, NULL, data, 1024};
    struct object_file file = file_of(2048);
    uint8_t before[2048];
    struct object_report report;
    struct err e = {0};
    unsigned count;

    cr_assert(zero(int, add(&file, &careful, &rsa, 1, false, &e)), "%s",
              e.text);
    memcpy(before, file.tab.members[0].bytes, 2048);
    cr_expect(eq(int, set_version(&file, &careful, &report, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    cr_expect(
        eq(str, e.text, "the change would break the RSA-4096 credential"));
    cr_expect(zero(int, memcmp(before, file.tab.members[0].bytes, 2048)));

    e = (struct err){0};
    cr_assert(zero(int, set_version(&file, &dropping, &report, &e)));
    cr_expect(eq(u32, report.removed, 1));
    verdicts(&file, 2, &count);
    cr_expect(zero(u32, count));
    cr_expect(eq(u32, header_of(&file).version, 9));
    object_file_free(&file);
}

Test(object_change, damaged_bytes_get_no_new_digest)
{
    struct object_file file = file_of(512);
    struct object_report report;
    struct err e = {0};
    unsigned count;

    cr_assert(zero(int, add(&file, &careful, &sha256, 1, false, &e)));
    file.tab.members[0].bytes[START + 50] ^= 1;
    cr_expect(eq(int, set_version(&file, &careful, &report, &e), -1));
    cr_expect(eq(int, e.kind, ERR_VERIFY));
    cr_expect(zero(int, strncmp(e.text, "the object is damaged", 21)));
    struct object_verify v = verdicts(&file, 3, &count);
    cr_expect(eq(u32, v.bad, 1));
    object_file_free(&file);
}

Test(object_change, an_unknown_credential_might_be_a_signature)
{
    static uint8_t data[8];
    const struct object_credential unknown = {0x77, NULL, data, 8};
    const struct object_credential id = {0xf1, NULL, data, 8};
    struct object_file file = file_of(512);
    struct object_file other = file_of(512);
    struct object_report report;
    struct err e = {0};
    unsigned count;

    cr_assert(zero(int, add(&file, &careful, &unknown, 1, false, &e)));
    cr_expect(eq(int, set_version(&file, &careful, &report, &e), -1));
    object_file_free(&file);

    e = (struct err){0}; /* a number in clear text covers nothing */
    cr_assert(zero(int, add(&other, &careful, &id, 1, false, &e)));
    cr_assert(zero(int, set_version(&other, &careful, &report, &e)));
    verdicts(&other, 0xf1, &count);
    cr_expect(eq(u32, count, 1));
    object_file_free(&other);
}

Test(object_change, of_each_format_one_stays_unless_asked)
{
    struct object_file file = file_of(512);
    struct object_credential both[] = {{.format = 3}, {.format = 5}};
    struct err e = {0};
    unsigned count;

    cr_assert(zero(int, add(&file, &careful, both, 2, false, &e)));
    cr_assert(zero(int, add(&file, &careful, &sha256, 1, false, &e)));
    struct object_verify v = verdicts(&file, 3, &count);
    cr_expect(all(eq(u32, count, 1), eq(u32, v.good, 2)));
    cr_assert(zero(int, add(&file, &careful, &sha512, 1, true, &e)));
    v = verdicts(&file, 5, &count);
    cr_expect(all(eq(u32, count, 2), eq(u32, v.good, 3)));
    object_file_free(&file);
}

Test(object_change, an_object_grows_only_when_allowed)
{
    struct object_file file = file_of(END + 44);
    struct err e = {0};
    unsigned count;

    cr_assert(zero(int, add(&file, &careful, &sha256, 1, false, &e)));
    cr_expect(eq(int, add(&file, &careful, &sha512, 1, false, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    cr_expect(zero(int, strncmp(e.hint, "--grow", 6)));
    cr_expect(eq(u32, header_of(&file).total_size, END + 44));

    e = (struct err){0};
    cr_assert(zero(int, add(&file, &growing, &sha512, 1, false, &e)), "%s",
              e.text);
    cr_expect(eq(u32, header_of(&file).total_size, END + 40 + 72));
    cr_expect(eq(sz, file.tab.members[0].len, END + 40 + 72));
    struct object_verify v = verdicts(&file, 3, &count);
    cr_expect(all(eq(u32, v.good, 2), zero(u32, v.bad)));
    object_file_free(&file);
}

Test(object_change, an_entry_that_moves_the_binary_keeps_digests_right)
{
    struct object_file file = file_of(512);
    const struct tbf_spec spec = {.has_short_id = true, .short_id = 77};
    struct object_change change;
    struct object_report report;
    struct err e = {0};
    unsigned count;

    cr_assert(zero(int, add(&file, &careful, &sha256, 1, false, &e)));
    cr_assert(zero(int, object_change_begin(&change, &file, 0, &careful, &e)));
    cr_assert(
        zero(int, object_change_entry(&change, TBF_TYPE_SHORT_ID, &spec, &e)));
    cr_assert(zero(int, object_change_end(&change, &report, &e)));
    struct object_verify v = verdicts(&file, 3, &count);
    cr_expect(all(eq(u32, v.good, 1), eq(u32, header_of(&file).short_id, 77)));
    cr_expect(eq(u32, header_of(&file).protected_size, START + 8));
    object_file_free(&file);
}

Test(object_change, credentials_are_removed_by_format)
{
    struct object_file file = file_of(512);
    struct object_change change;
    struct object_report report;
    struct err e = {0};
    unsigned count;

    cr_assert(zero(int, add(&file, &careful, &sha256, 1, false, &e)));
    cr_assert(zero(int, object_change_begin(&change, &file, 0, &careful, &e)));
    cr_expect(eq(int, object_change_remove_credentials(&change, 5, &e), -1));
    cr_expect(eq(int, e.kind, ERR_STATE));
    cr_assert(zero(int, object_change_remove_credentials(&change, 3, &e)));
    cr_assert(zero(int, object_change_end(&change, &report, &e)));
    cr_expect(eq(u32, report.removed, 1));
    verdicts(&file, 3, &count);
    cr_expect(zero(u32, count));
    object_file_free(&file);
}

Test(object_change, what_kernels_refuse_is_refused)
{
    struct object_file file = file_of(512);
    const struct tbf_spec bad = {.name = "\xff", .name_len = 1};
    struct object_change change;
    struct err e = {0};

    cr_assert(zero(int, object_change_begin(&change, &file, 0, &careful, &e)));
    cr_expect(
        eq(int, object_change_entry(&change, TBF_TYPE_NAME, &bad, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    e = (struct err){0};
    object_change_free(&change);
    cr_assert(zero(int, object_change_begin(&change, &file, 0, &careful, &e)));
    cr_expect(eq(int, object_change_field(&change, 9, "nonsense", 1, &e), -1));
    cr_expect(eq(str, e.text, "the entry has no field 'nonsense'"));
    object_change_free(&change);

    file.tab.members[0].bytes[12] ^= 1;
    e = (struct err){0};
    cr_expect(
        eq(int, object_change_begin(&change, &file, 0, &careful, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    object_change_free(&change);
    object_file_free(&file);
}

Test(object_change, padding_is_not_changed)
{
    struct object_file file = file_of(512);
    struct object_change change;
    struct err e = {0};

    tbf_build_padding(file.tab.members[0].bytes, 512);
    cr_expect(
        eq(int, object_change_begin(&change, &file, 0, &careful, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    object_change_free(&change);
    object_file_free(&file);
}

Test(object_change, an_object_full_of_credentials_is_refused)
{
    struct object_file file = file_of(END + 16 * 70);
    struct object_change change;
    struct err e = {0};
    uint8_t *at = file.tab.members[0].bytes + END;

    for (int i = 0; i < 64; i++, at += 16)
        cr_assert(tbf_build_footer(at, 16, 0xf1, (uint8_t[8]){0}, 8));
    tbf_build_reserved(at, 16 * 6);
    cr_assert(zero(int, object_change_begin(&change, &file, 0, &careful, &e)));
    object_change_free(&change);
    cr_assert(tbf_build_footer(at, 16, 0xf1, (uint8_t[8]){0}, 8));
    tbf_build_reserved(at + 16, 16 * 5);
    cr_expect(
        eq(int, object_change_begin(&change, &file, 0, &careful, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    object_change_free(&change);
    object_file_free(&file);
}

/* Seconds would tell a walk that starts anew for each footer. */
Test(object_change, many_reserved_footers_take_no_time, .timeout = 10)
{
    const uint32_t total = 1 << 21;
    struct object_file file = file_of(total);
    struct object_report report;
    struct err e = {0};
    uint8_t *bytes = file.tab.members[0].bytes;

    for (uint32_t at = END; at + 8 <= total; at += 8)
        cr_assert(tbf_build_footer(bytes + at, 8, 0, NULL, 0));
    cr_assert(zero(int, add(&file, &careful, &sha256, 1, false, &e)));
    cr_assert(zero(int, set_version(&file, &careful, &report, &e)));
    cr_expect(eq(u32, report.remade, 1));
    object_file_free(&file);
}
