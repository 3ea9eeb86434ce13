/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/verify.h"

#include "host/alloc.h"

#include <stdlib.h>

struct object_verify object_verify_start(const struct tbf_header *h,
                                         const uint8_t *bytes)
{
    return (struct object_verify){
        .walk = tbf_footers_start(h, bytes),
        .all = tbf_footers_start(h, bytes),
        .cover = sign_cover(bytes, h->is_padding ? 0 : h->binary_end),
    };
}

static void count(struct object_verify *v, uint32_t format,
                  const struct sign_finding *finding)
{
    if (format == TBF_CREDENTIAL_RESERVED)
        return;
    switch (finding->verdict) {
    case SIGN_GOOD:
        v->good++;
        v->signed_good += finding->key != NULL;
        break;
    case SIGN_BAD:
        v->bad++;
        break;
    default:
        v->unchecked++;
        break;
    }
}

/* May a key that is not given have made it? */
static bool is_anybodys(const struct tbf_footer *footer)
{
    uint32_t needed;

    return !sign_is_digest(footer->format) && !sign_names_key(footer->format) &&
           tbf_credential_len(footer->format, &needed) && footer->len >= needed;
}

static bool find_good(struct object_verify *v, const struct object_keys *keys,
                      uint32_t format)
{
    struct tbf_footers walk = v->all;
    struct tbf_footer footer;
    struct err ignored = {0};

    while (tbf_footers_next(&walk, &footer)) {
        struct sign_finding finding = {.verdict = SIGN_NOTHING};

        if (footer.format == format &&
            sign_check(&footer, &v->cover, keys->list, keys->count, &finding,
                       &ignored) == 0 &&
            finding.verdict == SIGN_GOOD)
            return true;
    }
    return false;
}

/* Looked for once per format: an object may have very many footers. */
static bool has_good(struct object_verify *v, const struct object_keys *keys,
                     uint32_t format)
{
    struct object_seen *seen = v->seen;

    while (seen->is_known && seen->format != format)
        seen++;
    if (!seen->is_known)
        *seen = (struct object_seen){format, true, find_good(v, keys, format)};
    return seen->has_good;
}

bool object_verify_next(struct object_verify *v, const struct object_keys *keys,
                        struct tbf_footer *footer, struct sign_finding *finding)
{
    struct err missing = {0};

    if (!tbf_footers_next(&v->walk, footer))
        return false;
    *finding = (struct sign_finding){SIGN_NOTHING, NULL};
    if (footer->format != TBF_CREDENTIAL_RESERVED &&
        sign_check(footer, &v->cover, keys->list, keys->count, finding,
                   &missing) != 0)
        v->has_no_library = true;
    if (finding->verdict == SIGN_BAD && is_anybodys(footer) &&
        has_good(v, keys, footer->format))
        finding->verdict = SIGN_OTHER_KEY;
    count(v, footer->format, finding);
    return true;
}

int object_keys_add(struct object_keys *keys, const char *path, uint32_t format,
                    enum sign_half half, struct notes *notes, struct err *e)
{
    struct sign_key *key;

    if (sign_key_read(path, format, half, &key, notes, e) != 0)
        return -1;
    keys->list = alloc_resize(keys->list, keys->count + 1, sizeof *keys->list);
    keys->list[keys->count++] = key;
    return 0;
}

int object_keys_add_all(struct object_keys *keys, const struct cli_list *paths,
                        struct notes *notes, struct err *e)
{
    for (size_t i = 0; i < paths->count; i++)
        if (object_keys_add(keys, paths->words[i], SIGN_ANY_FORMAT, SIGN_PUBLIC,
                            notes, e) != 0)
            return -1;
    return 0;
}

void object_keys_free(struct object_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        sign_key_free(keys->list[i]);
    free(keys->list);
    *keys = (struct object_keys){0};
}

const char *object_format_key(uint32_t format)
{
    switch (format) {
    case TBF_CREDENTIAL_RESERVED:
        return "reserved";
    case TBF_CREDENTIAL_RSA3072:
        return "rsa3072";
    case TBF_CREDENTIAL_RSA4096:
        return "rsa4096";
    case TBF_CREDENTIAL_SHA256:
        return "sha256";
    case TBF_CREDENTIAL_SHA384:
        return "sha384";
    case TBF_CREDENTIAL_SHA512:
        return "sha512";
    case TBF_CREDENTIAL_ECDSA_P256:
        return "ecdsa-nist-p256";
    case TBF_CREDENTIAL_HMAC_SHA256:
        return "hmac-sha256";
    case TBF_CREDENTIAL_RSA2048:
        return "rsa2048";
    case TBF_CREDENTIAL_CLEARTEXT_ID:
        return "cleartext-id";
    default:
        return "unknown";
    }
}

const char *object_verdict_key(enum sign_verdict verdict)
{
    switch (verdict) {
    case SIGN_GOOD:
        return "good";
    case SIGN_BAD:
        return "bad";
    case SIGN_OTHER_KEY:
        return "other-key";
    case SIGN_NO_KEY:
        return "no-key";
    default:
        return "unchecked";
    }
}
