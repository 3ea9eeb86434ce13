/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h"

#include "base/le.h"

/* docs/tbf.md §5: type, length, format. */
enum { ENTRY_HEAD = 4, FORMAT_LEN = 4 };

struct tbf_footers tbf_footers_start(const struct tbf_header *h,
                                     const uint8_t *bytes)
{
    uint32_t offset = h->is_padding ? h->total_size : h->binary_end;

    return (struct tbf_footers){bytes, offset, h->total_size};
}

/* Footers follow each other without rounding and may be unaligned. */
bool tbf_footers_next(struct tbf_footers *walk, struct tbf_footer *out)
{
    const uint8_t *at = walk->bytes + walk->offset;
    uint32_t left = walk->end - walk->offset;
    uint32_t len;
    uint32_t needed;

    if (left < ENTRY_HEAD + FORMAT_LEN || le16_load(at) != TBF_TYPE_CREDENTIALS)
        return false;
    len = le16_load(at + 2);
    if (len < FORMAT_LEN || len > left - ENTRY_HEAD)
        return false;
    out->offset = walk->offset;
    out->format = le32_load(at + ENTRY_HEAD);
    out->data = at + ENTRY_HEAD + FORMAT_LEN;
    out->len = len - FORMAT_LEN;
    if (tbf_credential_len(out->format, &needed) && out->len < needed)
        return false;
    walk->offset += ENTRY_HEAD + len;
    return true;
}

bool tbf_credential_len(uint32_t format, uint32_t *len)
{
    switch (format) {
    case TBF_CREDENTIAL_RESERVED:
        *len = 0;
        return true;
    case TBF_CREDENTIAL_RSA3072:
        *len = 768;
        return true;
    case TBF_CREDENTIAL_RSA4096:
        *len = 1024;
        return true;
    case TBF_CREDENTIAL_SHA256:
    case TBF_CREDENTIAL_HMAC_SHA256:
        *len = 32;
        return true;
    case TBF_CREDENTIAL_SHA384:
        *len = 48;
        return true;
    case TBF_CREDENTIAL_SHA512:
    case TBF_CREDENTIAL_ECDSA_P256:
        *len = 64;
        return true;
    case TBF_CREDENTIAL_RSA2048:
        *len = 256;
        return true;
    case TBF_CREDENTIAL_CLEARTEXT_ID:
        *len = 8;
        return true;
    default:
        return false;
    }
}
