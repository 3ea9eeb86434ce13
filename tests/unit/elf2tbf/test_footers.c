/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "elf2tbf/footers.h"
#include "tbf/build.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(footers, .timeout = 60);

#define KEYS "tests/golden/tbf/keys/"

static const struct cmdline all = {
    .sha256 = true,
    .sha384 = true,
    .sha512 = true,
    .rsa4096 = KEYS "rsa4096_A.pk8",
    .ecdsa_p256 = KEYS "p256_A.pk8",
};

static struct footers open(const struct cmdline *c)
{
    struct footers f;
    struct notes notes = {0};
    struct err e = {0};

    cr_assert(zero(int, footers_open(c, &f, &notes, &e)), "%s", e.text);
    notes_free(&notes);
    return f;
}

static enum err_kind failure(const struct cmdline *c, struct err *e)
{
    struct footers f;
    struct notes notes = {0};

    *e = (struct err){0};
    cr_assert(not(zero(int, footers_open(c, &f, &notes, e))));
    cr_expect(zero(sz, f.count));
    footers_close(&f);
    notes_free(&notes);
    return e->kind;
}

Test(footers, stand_in_the_order_that_kernels_expect)
{
    static const uint32_t expected[] = {
        TBF_CREDENTIAL_SHA256, TBF_CREDENTIAL_SHA384, TBF_CREDENTIAL_SHA512,
        TBF_CREDENTIAL_RSA4096, TBF_CREDENTIAL_ECDSA_P256};
    struct footers f = open(&all);

    cr_assert(eq(sz, f.count, ARRAY_COUNT(expected)));
    for (size_t i = 0; i < f.count; i++)
        cr_expect(eq(u32, f.list[i].format, expected[i]));
    footers_close(&f);
}

/* Also that of a command, which is read last. */
Test(footers, a_command_signs_in_the_place_of_its_format)
{
    struct cmdline c = {.sign_command = "true",
                        .public_key = KEYS "rsa4096_A.pub.pem",
                        .ecdsa_p256 = KEYS "p256_A.pem",
                        .sha512 = true};
    struct footers f = open(&c);

    cr_assert(eq(sz, f.count, 3));
    cr_expect(eq(u32, f.list[0].format, TBF_CREDENTIAL_SHA512));
    cr_expect(eq(u32, f.list[1].format, TBF_CREDENTIAL_RSA4096));
    cr_expect(eq(u32, f.list[2].format, TBF_CREDENTIAL_ECDSA_P256));
    footers_close(&f);

    c.public_key = KEYS "rsa2048_A.pub.pem";
    f = open(&c);
    cr_expect(eq(u32, f.list[2].format, TBF_CREDENTIAL_RSA2048));
    footers_close(&f);
}

Test(footers, a_format_that_no_kernel_checks_is_noted)
{
    static const struct {
        const char *key;
        size_t notes;
    } rows[] = {
        {KEYS "rsa4096_A.pub.pem", 0},
        {KEYS "p256_A.pub.pem", 0},
        {KEYS "rsa3072_A.pub.pem", 1},
        {KEYS "rsa2048_A.pub.pem", 1},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct cmdline c = {.sign_command = "true", .public_key = rows[i].key};
        struct footers f;
        struct notes notes = {0};
        struct err e = {0};

        cr_assert(zero(int, footers_open(&c, &f, &notes, &e)));
        cr_expect(eq(sz, notes.count, rows[i].notes), "%s", rows[i].key);
        footers_close(&f);
        notes_free(&notes);
    }
}

Test(footers, two_keys_for_one_format_are_refused)
{
    struct cmdline c = {.rsa4096 = KEYS "rsa4096_A.pk8",
                        .sign_command = "true",
                        .public_key = KEYS "rsa4096_A.pub.pem"};
    struct err e;

    cr_expect(eq(int, failure(&c, &e), ERR_USAGE));
    cr_expect(eq(str, e.text,
                 "two keys are given for a credential RSA-4096: '" KEYS
                 "rsa4096_A.pk8' and '" KEYS "rsa4096_A.pub.pem'"));
}

Test(footers, keys_that_do_not_fit_are_refused)
{
    struct cmdline rsa = {.rsa4096 = KEYS "p256_A.pk8"};
    struct cmdline ecdsa = {.ecdsa_p256 = KEYS "rsa4096_A.pk8"};
    struct cmdline half = {.sha256 = true, .ecdsa_p256 = KEYS "p256_A.pub.pem"};
    struct cmdline command = {.sign_command = "true",
                              .public_key = KEYS "ed25519.pem"};
    struct err e;

    cr_expect(eq(int, failure(&rsa, &e), ERR_INPUT));
    cr_expect(eq(int, failure(&ecdsa, &e), ERR_INPUT));
    cr_expect(eq(int, failure(&half, &e), ERR_INPUT));
    cr_expect(eq(int, failure(&command, &e), ERR_INPUT));
}

Test(footers, room_counts_every_credential)
{
    static const struct {
        struct cmdline c;
        uint32_t minimum;
        uint64_t room;
    } rows[] = {
        {{0}, 0, 0},
        {{0}, 1, 8},
        {{0}, 8, 8},
        {{0}, 9, 12},
        {{0}, 0xffffffff, 0x100000000},
        {{.sha256 = true}, 0, 40},
        {{.sha256 = true}, 40, 40},
        {{.sha256 = true}, 41, 48},
        {{.sha256 = true}, 49, 52},
        {{.sha384 = true}, 0, 56},
        {{.sha512 = true}, 0, 72},
        {{.ecdsa_p256 = KEYS "p256_A.pk8"}, 0, 72},
        {{.ecdsa_p256 = KEYS "p256_A.pk8"}, 72, 72},
        {{.ecdsa_p256 = KEYS "p256_A.pk8"}, 76, 80},
        {{.rsa4096 = KEYS "rsa4096_A.pk8"}, 0, 1032},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct footers f = open(&rows[i].c);

        cr_expect(eq(u64, footers_room(&f, rows[i].minimum), rows[i].room),
                  "row %zu", i);
        footers_close(&f);
    }
}

/* A minimal object with all credentials and a Reserved footer. */
struct object {
    uint8_t *bytes;
    struct tbf_header header;
};

enum { HEADER = 56, CODE = 44, SPARE = 20 };

static struct object make(const struct footers *f)
{
    uint32_t size = footers_size(f);
    struct tbf_spec spec = {
        .flags = TBF_FLAG_ENABLED,
        .total_size = HEADER + CODE + size + SPARE,
        .init_offset = HEADER,
        .protected_size = HEADER,
        .binary_end = HEADER + CODE,
    };
    struct object o = {.bytes = calloc(spec.total_size, 1)};
    struct err e = {0};

    cr_assert(tbf_build_header(&spec, o.bytes, spec.total_size));
    for (size_t i = HEADER; i < HEADER + CODE; i++)
        o.bytes[i] = (uint8_t)i;
    cr_assert(zero(int, footers_write(f, o.bytes, spec.binary_end, &e)), "%s",
              e.text);
    tbf_build_reserved(o.bytes + spec.binary_end + size, SPARE);
    cr_assert(eq(int, tbf_parse(o.bytes, spec.total_size, &o.header), TBF_OK));
    return o;
}

Test(footers, are_found_again_and_good)
{
    struct footers f = open(&all);
    struct object o = make(&f);
    struct err e = {0};

    cr_expect(zero(int, footers_verify(&f, o.bytes, &o.header, &e)));
    free(o.bytes);
    footers_close(&f);
}

/* Any byte before the Reserved footer; what stands in that is free. */
Test(footers, no_changed_byte_goes_unnoticed)
{
    struct footers f = open(&all);
    struct object o = make(&f);

    for (uint32_t i = HEADER; i < o.header.total_size; i += 1 + i % 7) {
        bool matters = i < o.header.total_size - SPARE;
        struct err e = {0};

        o.bytes[i] ^= 0x10;
        cr_expect(
            eq(int, footers_verify(&f, o.bytes, &o.header, &e) != 0, matters),
            "byte %u", i);
        if (matters)
            cr_expect(eq(int, e.kind, ERR_VERIFY));
        o.bytes[i] ^= 0x10;
    }
    free(o.bytes);
    footers_close(&f);
}

Test(footers, a_missing_one_is_noticed)
{
    struct cmdline fewer = all;
    struct footers f = open(&all);

    fewer.ecdsa_p256 = NULL;
    struct footers g = open(&fewer);
    struct object o = make(&g);
    struct err e = {0};

    cr_expect(not(zero(int, footers_verify(&f, o.bytes, &o.header, &e))));
    cr_expect(eq(str, e.text,
                 "the credential ECDSA P-256 does not read back as it was "
                 "made"));
    free(o.bytes);
    footers_close(&f);
    footers_close(&g);
}

Test(footers, an_error_tells_which_credential_was_made)
{
    struct cmdline c = {.sha256 = true,
                        .sign_command = "exit 1",
                        .public_key = KEYS "p256_A.pub.pem"};
    struct footers f = open(&c);
    uint8_t object[HEADER + 40 + 72] = {0};
    struct err e = {0};

    cr_expect(not(zero(int, footers_write(&f, object, HEADER, &e))));
    cr_expect(eq(str, e.text, "the command 'exit 1' failed with status 1"));
    cr_expect(eq(str, e.where, "making the credential ECDSA P-256"));
    footers_close(&f);
}
