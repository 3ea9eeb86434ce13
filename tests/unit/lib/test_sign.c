/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sign_keys.h"

#include "host/file.h"
#include "lib/sign/crypto.h"

#include <stdlib.h>
#include <string.h>

TestSuite(sign, .timeout = 60);

static const uint8_t abc[] = {'a', 'b', 'c'};

/* From FIPS 180-2 and, for the MAC, RFC 4231 (test case 2). */
Test(sign, digests_are_those_of_the_standard)
{
    static const struct {
        uint32_t format;
        uint8_t start[8];
    } rows[] = {
        {TBF_CREDENTIAL_SHA256,
         {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea}},
        {TBF_CREDENTIAL_SHA384,
         {0xcb, 0x00, 0x75, 0x3f, 0x45, 0xa3, 0x5e, 0x8b}},
        {TBF_CREDENTIAL_SHA512,
         {0xdd, 0xaf, 0x35, 0xa1, 0x93, 0x61, 0x7a, 0xba}},
    };
    struct sign_cover cover = sign_cover(abc, sizeof abc);
    uint8_t data[SIGN_MAX_DATA];
    struct err e = {0};

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        cr_assert(zero(int, sign_make(rows[i].format, NULL, &cover, data, &e)));
        cr_expect(zero(int, memcmp(data, rows[i].start, 8)));
    }
}

/* One key of each kind: with which a credential is made and checked. */
static const struct row {
    uint32_t format;
    const char *private;
    const char *public;
    const char *other; /* of the same kind; null if there is none */
} rows[] = {
    {TBF_CREDENTIAL_RSA4096, KEYS "rsa4096_A.pk8", KEYS "rsa4096_A.pub.pem",
     KEYS "rsa4096_B.pk8"},
    {TBF_CREDENTIAL_RSA3072, KEYS "rsa3072_A.pk8", KEYS "rsa3072_A.pub.pem",
     NULL},
    {TBF_CREDENTIAL_RSA2048, KEYS "rsa2048_A.pk8", KEYS "rsa2048_A.pub.pem",
     NULL},
    {TBF_CREDENTIAL_ECDSA_P256, KEYS "p256_A.pk8", KEYS "p256_A.pub.pem",
     KEYS "p256_B.pem"},
    {TBF_CREDENTIAL_HMAC_SHA256, KEYS "p256_A.pk8", KEYS "p256_A.pk8",
     KEYS "p256_B.pem"},
    {TBF_CREDENTIAL_SHA256, NULL, NULL, NULL},
    {TBF_CREDENTIAL_SHA384, NULL, NULL, NULL},
    {TBF_CREDENTIAL_SHA512, NULL, NULL, NULL},
};

enum { OBJECT_LEN = 1000 };

struct made {
    uint8_t object[OBJECT_LEN];
    uint8_t data[SIGN_MAX_DATA];
    uint32_t len;
    struct sign_key *private;
    struct sign_key *public;
};

static struct made make(const struct row *row)
{
    struct made m = {0};
    struct err e = {0};

    for (size_t i = 0; i < OBJECT_LEN; i++)
        m.object[i] = (uint8_t)(i * i);
    if (row->private != NULL) {
        m.private = key_from(row->private, row->format);
        m.public = key_from(row->public, row->format);
    }
    struct sign_cover cover = sign_cover(m.object, OBJECT_LEN);

    cr_assert(tbf_credential_len(row->format, &m.len));
    cr_assert(zero(int, sign_make(row->format, m.private, &cover, m.data, &e)),
              "%s", e.text);
    return m;
}

static void discard(struct made *m)
{
    sign_key_free(m->private);
    sign_key_free(m->public);
}

static enum sign_verdict check(const struct row *row, const struct made *m)
{
    return verdict_of(row->format, m->data, m->len, m->object, OBJECT_LEN,
                      &m->public, m->public != NULL);
}

Test(sign, what_was_made_is_good_with_the_public_half)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct made m = make(&rows[i]);

        cr_expect(eq(int, check(&rows[i], &m), SIGN_GOOD), "row %zu", i);
        discard(&m);
    }
}

Test(sign, no_flipped_bit_of_the_object_is_good)
{
    unsigned seed = 7;

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct made m = make(&rows[i]);

        for (int k = 0; k < 1000; k++) {
            size_t bit = k == 0   ? 0
                         : k == 1 ? 8 * OBJECT_LEN - 1
                                  : (size_t)rand_r(&seed) % (8 * OBJECT_LEN);

            m.object[bit / 8] ^= (uint8_t)(1u << bit % 8);
            cr_expect(eq(int, check(&rows[i], &m), SIGN_BAD),
                      "row %zu, bit %zu", i, bit);
            m.object[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        discard(&m);
    }
}

Test(sign, no_flipped_bit_of_the_credential_is_good)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct made m = make(&rows[i]);

        for (size_t bit = 0; bit < 8 * m.len; bit += 1 + m.len / 13) {
            m.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
            cr_expect(ne(int, check(&rows[i], &m), SIGN_GOOD),
                      "row %zu, bit %zu", i, bit);
            m.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        cr_expect(eq(int, check(&rows[i], &m), SIGN_GOOD));
        discard(&m);
    }
}

Test(sign, another_key_is_told_apart_where_the_credential_names_its_key)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct row *r = &rows[i];

        if (r->other == NULL)
            continue;
        struct made m = make(r);
        struct sign_key *keys[] = {key_from(r->other, r->format), m.public};
        enum sign_verdict expected =
            r->format == TBF_CREDENTIAL_RSA4096 ? SIGN_OTHER_KEY : SIGN_BAD;

        cr_expect(eq(int,
                     verdict_of(r->format, m.data, m.len, m.object, OBJECT_LEN,
                                keys, 1),
                     expected),
                  "row %zu", i);
        cr_expect(eq(int,
                     verdict_of(r->format, m.data, m.len, m.object, OBJECT_LEN,
                                keys, 2),
                     SIGN_GOOD),
                  "row %zu", i);
        sign_key_free(keys[0]);
        discard(&m);
    }
}

/* The key's modulus with a signature over other bytes: bad, also when
 * another key is given as well. */
Test(sign, a_named_key_with_a_wrong_signature_is_bad)
{
    struct made m = make(&rows[0]);
    struct sign_key *keys[] = {
        key_from(KEYS "rsa4096_B.pk8", TBF_CREDENTIAL_RSA4096), m.public};

    m.data[600] ^= 1;
    for (int order = 0; order < 2; order++) {
        struct sign_key *given[] = {keys[order], keys[1 - order]};

        cr_expect(eq(int,
                     verdict_of(TBF_CREDENTIAL_RSA4096, m.data, m.len, m.object,
                                OBJECT_LEN, given, 2),
                     SIGN_BAD));
    }
    sign_key_free(keys[0]);
    discard(&m);
}

Test(sign, without_a_key_of_the_format_nothing_is_said)
{
    struct sign_key *wrong =
        key_from(KEYS "rsa2048_A.pub.pem", SIGN_ANY_FORMAT);

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct row *r = &rows[i];

        if (r->private == NULL || r->format == TBF_CREDENTIAL_RSA2048)
            continue;
        struct made m = make(r);
        cr_expect(eq(int,
                     verdict_of(r->format, m.data, m.len, m.object, OBJECT_LEN,
                                &wrong, 1),
                     SIGN_NO_KEY));
        cr_expect(eq(
            int,
            verdict_of(r->format, m.data, m.len, m.object, OBJECT_LEN, NULL, 0),
            SIGN_NO_KEY));
        discard(&m);
    }
    sign_key_free(wrong);
}

Test(sign, reserved_and_unknown_footers_have_nothing_to_check)
{
    static const uint32_t formats[] = {TBF_CREDENTIAL_RESERVED,
                                       TBF_CREDENTIAL_CLEARTEXT_ID, 99,
                                       SIGN_ANY_FORMAT};
    static const uint8_t data[8];

    for (size_t i = 0; i < ARRAY_COUNT(formats); i++)
        cr_expect(eq(int,
                     verdict_of(formats[i], data, 8, abc, sizeof abc, NULL, 0),
                     SIGN_NOTHING));
}

Test(sign, a_longer_credential_counts_with_its_start_a_shorter_one_not)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct made m = make(&rows[i]);
        uint8_t longer[SIGN_MAX_DATA + 1];

        memcpy(longer, m.data, m.len);
        longer[m.len] = 0x55;
        cr_expect(eq(int,
                     verdict_of(rows[i].format, longer, m.len + 1, m.object,
                                OBJECT_LEN, &m.public, m.public != NULL),
                     SIGN_GOOD));
        m.len--;
        cr_expect(eq(int, check(&rows[i], &m), SIGN_BAD));
        discard(&m);
    }
}

/* r or s of 0 or not below the order, which DER could also hold. */
Test(sign, numbers_outside_the_curves_order_are_bad)
{
    struct made m = make(&rows[3]);
    uint8_t good[64];

    memcpy(good, m.data, sizeof good);
    for (size_t half = 0; half < 64; half += 32) {
        for (int fill = 0; fill <= 0xff; fill += 0xff) {
            memcpy(m.data, good, sizeof good);
            memset(m.data + half, fill, 32);
            cr_expect(eq(int, check(&rows[3], &m), SIGN_BAD));
        }
    }
    discard(&m);
}

/* Nobody says which one belongs to the format. */
Test(sign, rsa_3072_is_checked_with_each_hash)
{
    struct made m = make(&rows[1]);
    struct sign_cover cover = sign_cover(m.object, OBJECT_LEN);
    struct file_bytes file;
    struct crypto_key *key;
    struct err e = {0};

    cr_assert(zero(int, file_read(rows[1].private, 10000, &file, &e)));
    cr_assert(eq(int, crypto_key_parse(file.bytes, file.len, &key), CRYPTO_OK));
    for (enum sign_hash h = SIGN_SHA256; h < SIGN_HASH_COUNT; h++) {
        struct sign_digest *digest = &cover.digests[h];

        crypto_digest(h, m.object, OBJECT_LEN, digest);
        cr_assert(crypto_sign(key, h, digest, m.data + 384, 384));
        cr_expect(eq(int, check(&rows[1], &m), SIGN_GOOD));
        m.object[0] ^= 1;
        cr_expect(eq(int, check(&rows[1], &m), SIGN_BAD));
        m.object[0] ^= 1;
    }
    crypto_key_free(key);
    file_free(&file);
    discard(&m);
}

Test(sign, a_key_of_another_format_makes_nothing)
{
    struct sign_key *key = key_from(KEYS "p256_A.pk8", SIGN_ANY_FORMAT);
    struct sign_cover cover = sign_cover(abc, sizeof abc);
    uint8_t data[SIGN_MAX_DATA];
    struct err e = {0};

    cr_expect(not(
        zero(int, sign_make(TBF_CREDENTIAL_RSA4096, key, &cover, data, &e))));
    cr_expect(eq(int, e.kind, ERR_INTERNAL));
    sign_key_free(key);
}

Test(sign, a_public_key_makes_nothing)
{
    struct sign_cover cover = sign_cover(abc, sizeof abc);
    uint8_t data[SIGN_MAX_DATA];

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct err e = {0};

        if (rows[i].private == NULL ||
            rows[i].format == TBF_CREDENTIAL_HMAC_SHA256)
            continue;
        struct sign_key *key = key_from(rows[i].public, rows[i].format);

        cr_expect(
            not(zero(int, sign_make(rows[i].format, key, &cover, data, &e))));
        cr_expect(eq(int, e.kind, ERR_INPUT));
        sign_key_free(key);
    }
}

Test(sign, each_verdict_has_its_own_text)
{
    for (int a = SIGN_GOOD; a <= SIGN_NOTHING; a++)
        for (int b = SIGN_GOOD; b < a; b++)
            cr_expect(ne(str, (char *)sign_verdict_text(a),
                         (char *)sign_verdict_text(b)));
}
