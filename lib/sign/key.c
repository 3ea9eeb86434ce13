/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "key.h"

#include "host/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Larger files are no keys. */
#define MAX_KEY_FILE ((size_t)64 << 10)

int key_open_crypto(struct err *e)
{
    if (crypto_open())
        return 0;
    err_set(e, ERR_INPUT, "cannot load libcrypto.so.3, which credentials need");
    return err_hint(e, "apt-get install libssl3");
}

static uint32_t format_of(const struct crypto_facts *facts)
{
    if (facts->kind == CRYPTO_P256)
        return TBF_CREDENTIAL_ECDSA_P256;
    if (facts->kind == CRYPTO_RSA && facts->bits == 4096)
        return TBF_CREDENTIAL_RSA4096;
    if (facts->kind == CRYPTO_RSA && facts->bits == 3072)
        return TBF_CREDENTIAL_RSA3072;
    if (facts->kind == CRYPTO_RSA && facts->bits == 2048)
        return TBF_CREDENTIAL_RSA2048;
    return SIGN_ANY_FORMAT;
}

static const char *expected_text(uint32_t format)
{
    switch (format) {
    case TBF_CREDENTIAL_ECDSA_P256:
        return "an EC key on the curve P-256 (prime256v1)";
    case TBF_CREDENTIAL_RSA4096:
        return "an RSA key of 4096 bits";
    case TBF_CREDENTIAL_RSA3072:
        return "an RSA key of 3072 bits";
    case TBF_CREDENTIAL_RSA2048:
        return "an RSA key of 2048 bits";
    default:
        return "an EC key on the curve P-256 or an RSA key of 2048, 3072 or "
               "4096 bits";
    }
}

/* A key for credentials of another format, or of none. */
static int wrong_key(const char *path, uint32_t format,
                     const struct crypto_facts *facts, struct err *e)
{
    char found[64];

    if (facts->kind == CRYPTO_RSA)
        snprintf(found, sizeof found, "an RSA key of %d bits", facts->bits);
    else
        snprintf(found, sizeof found, "a key of the kind %s", facts->name);
    return err_set(e, ERR_INPUT, "'%s' holds %s, expected %s", path, found,
                   expected_text(format));
}

static int no_key(const char *path, uint32_t format, enum crypto_result result,
                  struct err *e)
{
    if (result == CRYPTO_LOCKED) {
        err_set(e, ERR_INPUT, "the key in '%s' is locked by a passphrase",
                path);
        return err_hint(e, "unlock a copy: openssl pkey -in '%s' -out KEY",
                        path);
    }
    return err_set(e, ERR_INPUT, "'%s' holds no key, expected %s in PEM or DER",
                   path, expected_text(format));
}

static int check_facts(const char *path, uint32_t format, enum sign_half half,
                       const struct crypto_facts *facts, struct err *e)
{
    uint32_t own = format_of(facts);

    if (own == SIGN_ANY_FORMAT || (format != SIGN_ANY_FORMAT && format != own))
        return wrong_key(path, format, facts, e);
    if (facts->kind == CRYPTO_RSA && !facts->has_usual_exponent)
        return err_set(e, ERR_INPUT,
                       "the RSA key in '%s' has an unusual public exponent; "
                       "credentials are checked with 65537",
                       path);
    if (half == SIGN_PRIVATE && !facts->is_private)
        return err_set(e, ERR_INPUT,
                       "'%s' holds only the public half of a key, expected "
                       "the private one",
                       path);
    return 0;
}

static int read_pair(struct sign_key *key, uint32_t format, enum sign_half half,
                     const struct file_bytes *file, struct err *e)
{
    struct crypto_facts facts;
    enum crypto_result result =
        crypto_key_parse(file->bytes, file->len, &key->crypto);

    if (result != CRYPTO_OK)
        return no_key(key->path, format, result, e);
    crypto_key_facts(key->crypto, &facts);
    key->format = format_of(&facts);
    key->is_private = facts.is_private;
    return check_facts(key->path, format, half, &facts, e);
}

static void note_readable(const struct sign_key *key, struct notes *notes)
{
    struct stat status;

    if (key->is_private && stat(key->path, &status) == 0 &&
        S_ISREG(status.st_mode) && (status.st_mode & 077) != 0)
        notes_add(notes,
                  "other users can read the private key '%s'; chmod 600 '%s'",
                  key->path, key->path);
}

static void wipe(struct file_bytes *file)
{
    if (file->bytes != NULL)
        explicit_bzero(file->bytes, file->len);
    file_free(file);
}

static int read_key(struct sign_key *key, uint32_t format, enum sign_half half,
                    struct err *e)
{
    struct file_bytes file;

    if (key_open_crypto(e) != 0 ||
        file_read(key->path, MAX_KEY_FILE, &file, e) != 0)
        return -1;
    if (format == TBF_CREDENTIAL_HMAC_SHA256) {
        key->format = format;
        key->is_private = true;
        key->secret = file;
        return 0;
    }
    int result = read_pair(key, format, half, &file, e);

    wipe(&file);
    return result;
}

int sign_key_read(const char *path, uint32_t format, enum sign_half half,
                  struct sign_key **out, struct notes *notes, struct err *e)
{
    struct sign_key *key = alloc_zeroed(1, sizeof *key);

    key->path = alloc_string(path, strlen(path));
    if (read_key(key, format, half, e) != 0) {
        sign_key_free(key);
        *out = NULL;
        return -1;
    }
    note_readable(key, notes);
    *out = key;
    return 0;
}

void sign_key_use_command(struct sign_key *key, const char *command,
                          unsigned timeout_ms)
{
    key->command = command;
    key->timeout_ms = timeout_ms;
}

uint32_t sign_key_format(const struct sign_key *key)
{
    return key->format;
}

const char *sign_key_path(const struct sign_key *key)
{
    return key->path;
}

void sign_key_free(struct sign_key *key)
{
    if (key == NULL)
        return;
    wipe(&key->secret);
    crypto_key_free(key->crypto);
    free(key->path);
    free(key);
}
