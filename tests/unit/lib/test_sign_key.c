/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sign_keys.h"

#include "host/alloc.h"
#include "host/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(sign_key, .timeout = 20);

/* Reads and frees; the result, with the error's text and hint in *e. */
static int read_key(const char *path, uint32_t format, enum sign_half half,
                    struct notes *notes, struct err *e)
{
    struct sign_key *key = NULL;

    *e = (struct err){0};
    int result = sign_key_read(path, format, half, &key, notes, e);

    cr_expect(eq(int, result == 0, key != NULL));
    if (key != NULL) {
        cr_expect(eq(str, (char *)sign_key_path(key), (char *)path));
        if (format != SIGN_ANY_FORMAT)
            cr_expect(eq(u32, sign_key_format(key), format), "%s", path);
    }
    sign_key_free(key);
    return result;
}

static int read_quietly(const char *path, uint32_t format, enum sign_half half,
                        struct err *e)
{
    struct notes notes = {0};
    int result = read_key(path, format, half, &notes, e);

    notes_free(&notes);
    return result;
}

struct row {
    const char *path;
    uint32_t format;
};

static const struct row private_keys[] = {
    {KEYS "p256_A.pk8", TBF_CREDENTIAL_ECDSA_P256},
    {KEYS "p256_A.pem", TBF_CREDENTIAL_ECDSA_P256},
    {KEYS "p256_A.sec1.der", TBF_CREDENTIAL_ECDSA_P256},
    {KEYS "p256_A.params.pem", TBF_CREDENTIAL_ECDSA_P256},
    {KEYS "rsa4096_A.pk8", TBF_CREDENTIAL_RSA4096},
    {KEYS "rsa4096_A.pem", TBF_CREDENTIAL_RSA4096},
    {KEYS "rsa4096_A.pkcs1.der", TBF_CREDENTIAL_RSA4096},
    {KEYS "rsa4096_A.pkcs1.pem", TBF_CREDENTIAL_RSA4096},
    {KEYS "rsa3072_A.pk8", TBF_CREDENTIAL_RSA3072},
    {KEYS "rsa2048_A.pk8", TBF_CREDENTIAL_RSA2048},
};

static const struct row public_keys[] = {
    {KEYS "p256_A.pub.pem", TBF_CREDENTIAL_ECDSA_P256},
    {KEYS "p256_A.pub.der", TBF_CREDENTIAL_ECDSA_P256},
    {KEYS "rsa4096_A.pub.pem", TBF_CREDENTIAL_RSA4096},
    {KEYS "rsa4096_A.pkcs1.pub.pem", TBF_CREDENTIAL_RSA4096},
    {KEYS "rsa3072_A.pub.pem", TBF_CREDENTIAL_RSA3072},
    {KEYS "rsa2048_A.pub.pem", TBF_CREDENTIAL_RSA2048},
};

Test(sign_key, private_keys_come_in_every_form)
{
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(private_keys); i++) {
        const struct row *r = &private_keys[i];

        cr_expect(zero(int, read_quietly(r->path, r->format, SIGN_PRIVATE, &e)),
                  "%s: %s", r->path, e.text);
        cr_expect(
            zero(int, read_quietly(r->path, SIGN_ANY_FORMAT, SIGN_PUBLIC, &e)),
            "%s: %s", r->path, e.text);
    }
}

Test(sign_key, public_keys_come_in_every_form_and_cannot_sign)
{
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(public_keys); i++) {
        const struct row *r = &public_keys[i];

        cr_expect(zero(int, read_quietly(r->path, r->format, SIGN_PUBLIC, &e)),
                  "%s: %s", r->path, e.text);
        cr_expect(
            not(zero(int, read_quietly(r->path, r->format, SIGN_PRIVATE, &e))));
        cr_expect(eq(int, e.kind, ERR_INPUT));
        cr_expect(not(zero(ptr, strstr(e.text, "only the public half"))));
    }
}

Test(sign_key, a_key_that_does_not_fit_is_named)
{
    static const struct {
        const char *path;
        uint32_t format;
        const char *text;
    } rows[] = {
        {KEYS "p384_A.pk8", TBF_CREDENTIAL_ECDSA_P256,
         "holds a key of the kind secp384r1, expected an EC key on the curve "
         "P-256 (prime256v1)"},
        {KEYS "secp256k1.pem", TBF_CREDENTIAL_ECDSA_P256,
         "holds a key of the kind secp256k1, expected an EC key"},
        {KEYS "rsa2048_A.pk8", TBF_CREDENTIAL_RSA4096,
         "holds an RSA key of 2048 bits, expected an RSA key of 4096 bits"},
        {KEYS "rsa4096_A.pem", TBF_CREDENTIAL_RSA3072,
         "holds an RSA key of 4096 bits, expected an RSA key of 3072 bits"},
        {KEYS "rsa4096_A.pem", TBF_CREDENTIAL_RSA2048,
         "holds an RSA key of 4096 bits, expected an RSA key of 2048 bits"},
        {KEYS "rsa4096_A.pk8", TBF_CREDENTIAL_ECDSA_P256,
         "holds an RSA key of 4096 bits, expected an EC key"},
        {KEYS "p256_A.pk8", TBF_CREDENTIAL_RSA4096,
         "holds a key of the kind prime256v1, expected an RSA key of 4096"},
        {KEYS "ed25519.pem", TBF_CREDENTIAL_ECDSA_P256,
         "holds a key of the kind ED25519, expected an EC key"},
        {KEYS "ed25519.pem", SIGN_ANY_FORMAT,
         "holds a key of the kind ED25519, expected an EC key on the curve "
         "P-256 or an RSA key of 2048, 3072 or 4096 bits"},
        {KEYS "rsa4096_e3.pem", TBF_CREDENTIAL_RSA4096,
         "has an unusual public exponent; credentials are checked with 65537"},
        {"tests/unit/lib/test_sign_key.c", TBF_CREDENTIAL_RSA4096,
         "holds no key, expected an RSA key of 4096 bits in PEM or DER"},
        {"/dev/null", TBF_CREDENTIAL_RSA4096, "holds no key"},
        {KEYS "none", TBF_CREDENTIAL_RSA4096, "No such file"},
        {KEYS, TBF_CREDENTIAL_RSA4096, "irectory"},
    };
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        cr_expect(not(zero(int, read_quietly(rows[i].path, rows[i].format,
                                             SIGN_PRIVATE, &e))),
                  "%s", rows[i].path);
        cr_expect(eq(int, e.kind, ERR_INPUT));
        cr_expect(not(zero(ptr, strstr(e.text, rows[i].text))), "%s: %s",
                  rows[i].path, e.text);
    }
}

/* Without the callback libcrypto would ask at the terminal. */
Test(sign_key, a_locked_key_fails_and_asks_nobody)
{
    static const char *const paths[] = {KEYS "p256_locked.pem",
                                        KEYS "p256_locked.pk8",
                                        KEYS "p256_locked.sec1.pem"};
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        cr_expect(not(zero(
            int, read_quietly(paths[i], SIGN_ANY_FORMAT, SIGN_PUBLIC, &e))));
        cr_expect(not(zero(ptr, strstr(e.text, "locked by a passphrase"))),
                  "%s: %s", paths[i], e.text);
        cr_expect(not(zero(ptr, strstr(e.hint, "openssl pkey -in"))));
    }
}

static char *temporary(const uint8_t *bytes, size_t len, mode_t mode)
{
    char *path = alloc_format("/tmp/test_sign_key.XXXXXX");
    int file = mkstemp(path);

    cr_assert(ge(int, file, 0));
    cr_assert(eq(sz, (size_t)write(file, bytes, len), len));
    cr_assert(zero(int, fchmod(file, mode)));
    close(file);
    return path;
}

static void discard(char *path)
{
    unlink(path);
    free(path);
}

Test(sign_key, a_private_key_that_others_can_read_is_noted)
{
    static const struct {
        const char *path;
        mode_t mode;
        size_t notes;
    } rows[] = {
        {KEYS "p256_A.pem", 0600, 0},     {KEYS "p256_A.pem", 0400, 0},
        {KEYS "p256_A.pem", 0640, 1},     {KEYS "p256_A.pem", 0604, 1},
        {KEYS "p256_A.pub.pem", 0644, 0},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct file_bytes file;
        struct notes notes = {0};
        struct err e = {0};

        cr_assert(zero(int, file_read(rows[i].path, 10000, &file, &e)));
        char *path = temporary(file.bytes, file.len, rows[i].mode);
        cr_expect(zero(
            int, read_key(path, SIGN_ANY_FORMAT, SIGN_PUBLIC, &notes, &e)));
        cr_expect(eq(sz, notes.count, rows[i].notes), "row %zu", i);
        if (notes.count != 0) {
            cr_expect(not(zero(ptr, strstr(notes.lines[0], "chmod 600"))));
            cr_expect(not(zero(ptr, strstr(notes.lines[0], path))));
        }
        notes_free(&notes);
        file_free(&file);
        discard(path);
    }
}

/* Cut and bent keys give an answer; sanitizers watch. */
Test(sign_key, damaged_keys_are_refused_or_read)
{
    static const char *const paths[] = {KEYS "p256_A.pk8",
                                        KEYS "rsa4096_A.pkcs1.der",
                                        KEYS "p256_A.params.pem"};
    struct err e;
    unsigned seed = 4;

    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        struct file_bytes file;

        cr_assert(zero(int, file_read(paths[i], 10000, &file, &e)));
        for (size_t len = 0; len < file.len; len += 1 + file.len / 40) {
            char *path = temporary(file.bytes, len, 0600);

            cr_expect(not(zero(int, read_quietly(path, SIGN_ANY_FORMAT,
                                                 SIGN_PRIVATE, &e))),
                      "%s cut to %zu", paths[i], len);
            discard(path);
        }
        for (int k = 0; k < 60; k++) {
            size_t bit = (size_t)rand_r(&seed) % (8 * file.len);

            file.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            char *path = temporary(file.bytes, file.len, 0600);
            if (read_quietly(path, SIGN_ANY_FORMAT, SIGN_PRIVATE, &e) != 0)
                cr_expect(eq(int, e.kind, ERR_INPUT));
            file.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            discard(path);
        }
        file_free(&file);
    }
}

Test(sign_key, a_secret_is_any_file)
{
    struct err e;
    char *path = temporary((const uint8_t *)"secret\n", 7, 0600);

    cr_expect(zero(
        int, read_quietly(path, TBF_CREDENTIAL_HMAC_SHA256, SIGN_PRIVATE, &e)));
    discard(path);
}
