/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sign/sign.h"

#include "command.h"
#include "tbf/text.h"

#include <string.h>

enum { P256_LEN = CRYPTO_P256_LEN, MAC_LEN = 32 };

struct sign_cover sign_cover(const uint8_t *bytes, size_t len)
{
    return (struct sign_cover){.bytes = bytes, .len = len};
}

static const struct sign_digest *digest(struct sign_cover *cover,
                                        enum sign_hash hash)
{
    struct sign_digest *out = &cover->digests[hash];

    if (out->len == 0)
        crypto_digest(hash, cover->bytes, cover->len, out);
    return out;
}

/* --- what the formats are made of ---------------------------------------- */

static enum sign_hash hash_of(uint32_t format)
{
    switch (format) {
    case TBF_CREDENTIAL_SHA384:
        return SIGN_SHA384;
    case TBF_CREDENTIAL_SHA512:
    case TBF_CREDENTIAL_RSA3072:
    case TBF_CREDENTIAL_RSA4096:
        return SIGN_SHA512;
    default:
        return SIGN_SHA256;
    }
}

bool sign_is_digest(uint32_t format)
{
    return format == TBF_CREDENTIAL_SHA256 || format == TBF_CREDENTIAL_SHA384 ||
           format == TBF_CREDENTIAL_SHA512;
}

static size_t signature_len(uint32_t format)
{
    switch (format) {
    case TBF_CREDENTIAL_RSA4096:
        return 512;
    case TBF_CREDENTIAL_RSA3072:
        return 384;
    case TBF_CREDENTIAL_RSA2048:
        return 256;
    default:
        return P256_LEN;
    }
}

/* The modulus stands before the signature in these. */
static size_t modulus_len(uint32_t format)
{
    return format == TBF_CREDENTIAL_RSA4096 || format == TBF_CREDENTIAL_RSA3072
               ? signature_len(format)
               : 0;
}

bool sign_names_key(uint32_t format)
{
    return modulus_len(format) != 0;
}

/* --- making -------------------------------------------------------------- */

/* r and s side by side are 64 bytes, which DER never is for a key in use. */
static int by_command(const struct sign_key *key, enum sign_hash hash,
                      const struct sign_digest *over, uint8_t *signature,
                      struct err *e)
{
    size_t expected = signature_len(key->format);
    bool is_ecdsa = key->format == TBF_CREDENTIAL_ECDSA_P256;
    uint8_t answer[SIGN_MAX_DATA];
    size_t len;

    if (command_run(key, hash, over, answer, sizeof answer, &len, e) != 0)
        return -1;
    if (len == expected)
        memcpy(signature, answer, len);
    else if (!is_ecdsa || !crypto_from_der(answer, len, signature))
        return err_set(e, ERR_INPUT,
                       "the command '%s' answers with %zu bytes, expected a "
                       "signature of %zu bytes%s",
                       key->command, len, expected,
                       is_ecdsa ? " or in DER" : "");
    return 0;
}

/* Checked at once: a wrong signature never leaves this function. */
static int make_signature(const struct sign_key *key, struct sign_cover *cover,
                          uint8_t *signature, struct err *e)
{
    enum sign_hash hash = hash_of(key->format);
    const struct sign_digest *over = digest(cover, hash);
    size_t len = signature_len(key->format);

    if (key->command != NULL) {
        if (by_command(key, hash, over, signature, e) != 0)
            return -1;
    } else if (!crypto_sign(key->crypto, hash, over, signature, len)) {
        return err_set(e, ERR_INPUT, "the key in '%s' cannot sign", key->path);
    }
    if (crypto_verify(key->crypto, hash, over, signature, len))
        return 0;
    err_set(e, ERR_VERIFY,
            "the signature made by '%s' is not one of the key in '%s'",
            key->command != NULL ? key->command : key->path, key->path);
    return err_hint(e, "both halves must be of one pair: openssl pkey -in KEY "
                       "-pubout shows the public half");
}

static int make_with_key(const struct sign_key *key, struct sign_cover *cover,
                         uint8_t data[SIGN_MAX_DATA], struct err *e)
{
    size_t before = modulus_len(key->format);

    if (key->format == TBF_CREDENTIAL_HMAC_SHA256) {
        crypto_hmac(key->secret.bytes, key->secret.len, cover->bytes,
                    cover->len, data);
        return 0;
    }
    if (before != 0 && !crypto_modulus(key->crypto, data, before))
        return err_set(e, ERR_INTERNAL, "no modulus in '%s'", key->path);
    return make_signature(key, cover, data + before, e);
}

int sign_make(uint32_t format, const struct sign_key *key,
              struct sign_cover *cover, uint8_t data[SIGN_MAX_DATA],
              struct err *e)
{
    if (key_open_crypto(e) != 0)
        return -1;
    if (sign_is_digest(format)) {
        const struct sign_digest *d = digest(cover, hash_of(format));

        memcpy(data, d->bytes, d->len);
        return 0;
    }
    if (key == NULL || key->format != format)
        return err_set(e, ERR_INTERNAL, "no key for a credential %s",
                       tbf_credential_text(format));
    return make_with_key(key, cover, data, e);
}

/* --- checking ------------------------------------------------------------ */

/* Upstream does not say which hash RSA-3072 takes: any of the three. */
static bool is_signed(const struct sign_key *key, struct sign_cover *cover,
                      const uint8_t *signature)
{
    size_t len = signature_len(key->format);

    if (key->format != TBF_CREDENTIAL_RSA3072)
        return crypto_verify(key->crypto, hash_of(key->format),
                             digest(cover, hash_of(key->format)), signature,
                             len);
    for (enum sign_hash h = SIGN_SHA256; h < SIGN_HASH_COUNT; h++)
        if (crypto_verify(key->crypto, h, digest(cover, h), signature, len))
            return true;
    return false;
}

static enum sign_verdict check_mac(const struct sign_key *key,
                                   const struct sign_cover *cover,
                                   const uint8_t *data)
{
    uint8_t mac[MAC_LEN];

    crypto_hmac(key->secret.bytes, key->secret.len, cover->bytes, cover->len,
                mac);
    return memcmp(mac, data, sizeof mac) == 0 ? SIGN_GOOD : SIGN_BAD;
}

/* With a key of the footer's format. */
static enum sign_verdict check_with(const struct sign_key *key,
                                    struct sign_cover *cover,
                                    const uint8_t *data)
{
    uint8_t modulus[SIGN_MAX_DATA];
    size_t before = modulus_len(key->format);

    if (key->format == TBF_CREDENTIAL_HMAC_SHA256)
        return check_mac(key, cover, data);
    if (before != 0 && (!crypto_modulus(key->crypto, modulus, before) ||
                        memcmp(modulus, data, before) != 0))
        return SIGN_OTHER_KEY;
    return is_signed(key, cover, data + before) ? SIGN_GOOD : SIGN_BAD;
}

/* The best that any key says; a credential that names its key is bad only
 * by that one. */
static void check_with_keys(const struct tbf_footer *footer,
                            struct sign_cover *cover,
                            struct sign_key *const *keys, size_t count,
                            struct sign_finding *out)
{
    out->verdict = SIGN_NO_KEY;
    for (size_t i = 0; i < count && out->verdict != SIGN_GOOD; i++) {
        if (keys[i]->format != footer->format)
            continue;

        enum sign_verdict verdict = check_with(keys[i], cover, footer->data);

        if (verdict < out->verdict)
            out->verdict = verdict;
        if (verdict == SIGN_GOOD)
            out->key = keys[i];
    }
}

int sign_check(const struct tbf_footer *footer, struct sign_cover *cover,
               struct sign_key *const *keys, size_t key_count,
               struct sign_finding *out, struct err *e)
{
    uint32_t needed = 0;

    *out = (struct sign_finding){.verdict = SIGN_NOTHING};
    if (!tbf_credential_len(footer->format, &needed) ||
        footer->format == TBF_CREDENTIAL_RESERVED ||
        footer->format == TBF_CREDENTIAL_CLEARTEXT_ID)
        return 0;
    if (key_open_crypto(e) != 0)
        return -1;
    if (footer->len < needed) {
        out->verdict = SIGN_BAD;
    } else if (sign_is_digest(footer->format)) {
        const struct sign_digest *d = digest(cover, hash_of(footer->format));

        out->verdict =
            memcmp(d->bytes, footer->data, d->len) == 0 ? SIGN_GOOD : SIGN_BAD;
    } else {
        check_with_keys(footer, cover, keys, key_count, out);
    }
    return 0;
}

const char *sign_verdict_text(enum sign_verdict verdict)
{
    switch (verdict) {
    case SIGN_GOOD:
        return "good";
    case SIGN_BAD:
        return "bad";
    case SIGN_OTHER_KEY:
        return "of another key";
    case SIGN_NO_KEY:
        return "not checked: no key for it";
    default:
        return "nothing to check";
    }
}
