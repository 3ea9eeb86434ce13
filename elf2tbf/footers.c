/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "footers.h"

#include "base/bits.h"
#include "tbf/build.h"
#include "tbf/text.h"

enum { SMALLEST_FOOTER = 8 };

/* Kernels stop at the first format that they do not know: RSA-2048 is last. */
static const uint32_t order[] = {
    TBF_CREDENTIAL_SHA256,  TBF_CREDENTIAL_SHA384,     TBF_CREDENTIAL_SHA512,
    TBF_CREDENTIAL_RSA4096, TBF_CREDENTIAL_ECDSA_P256, TBF_CREDENTIAL_RSA3072,
    TBF_CREDENTIAL_RSA2048,
};

static size_t rank(uint32_t format)
{
    size_t i = 0;

    while (i < ARRAY_COUNT(order) && order[i] != format)
        i++;
    return i;
}

/* Takes the key over. */
static int add(struct footers *f, uint32_t format, struct sign_key *key,
               struct err *e)
{
    size_t at = f->count;
    uint32_t len = 0;

    while (at > 0 && rank(f->list[at - 1].format) > rank(format)) {
        f->list[at] = f->list[at - 1];
        at--;
    }
    if (!tbf_credential_len(format, &len))
        len = 0;
    f->list[at] = (struct footers_credential){format, len, key};
    f->count++;
    if (at > 0 && f->list[at - 1].format == format)
        return err_set(e, ERR_USAGE,
                       "two keys are given for a credential %s: '%s' and '%s'",
                       tbf_credential_text(format),
                       sign_key_path(f->list[at - 1].key), sign_key_path(key));
    return 0;
}

static int add_signature(struct footers *f, uint32_t format, const char *path,
                         struct notes *notes, struct err *e)
{
    struct sign_key *key;

    if (path == NULL)
        return 0;
    if (sign_key_read(path, format, SIGN_PRIVATE, &key, notes, e) != 0)
        return -1;
    return add(f, format, key, e);
}

static void note_unchecked(uint32_t format, struct notes *notes)
{
    if (format != TBF_CREDENTIAL_RSA4096 && format != TBF_CREDENTIAL_ECDSA_P256)
        notes_add(notes,
                  "kernels do not check credentials %s; sign with RSA-4096 or "
                  "ECDSA P-256",
                  tbf_credential_text(format));
}

static int add_command(struct footers *f, const struct cmdline *c,
                       struct notes *notes, struct err *e)
{
    struct sign_key *key;

    if (c->sign_command == NULL)
        return 0;
    if (sign_key_read(c->public_key, SIGN_ANY_FORMAT, SIGN_PUBLIC, &key, notes,
                      e) != 0)
        return -1;
    sign_key_use_command(key, c->sign_command, SIGN_COMMAND_MS);
    note_unchecked(sign_key_format(key), notes);
    return add(f, sign_key_format(key), key, e);
}

static int add_all(struct footers *f, const struct cmdline *c,
                   struct notes *notes, struct err *e)
{
    if ((c->sha256 && add(f, TBF_CREDENTIAL_SHA256, NULL, e) != 0) ||
        (c->sha384 && add(f, TBF_CREDENTIAL_SHA384, NULL, e) != 0) ||
        (c->sha512 && add(f, TBF_CREDENTIAL_SHA512, NULL, e) != 0))
        return -1;
    if (add_signature(f, TBF_CREDENTIAL_RSA4096, c->rsa4096, notes, e) != 0 ||
        add_signature(f, TBF_CREDENTIAL_ECDSA_P256, c->ecdsa_p256, notes, e) !=
            0)
        return -1;
    return add_command(f, c, notes, e);
}

int footers_open(const struct cmdline *cmdline, struct footers *out,
                 struct notes *notes, struct err *e)
{
    *out = (struct footers){0};
    if (add_all(out, cmdline, notes, e) != 0) {
        footers_close(out);
        return -1;
    }
    return 0;
}

void footers_close(struct footers *footers)
{
    for (size_t i = 0; i < footers->count; i++)
        sign_key_free(footers->list[i].key);
    *footers = (struct footers){0};
}

uint32_t footers_size(const struct footers *footers)
{
    uint32_t size = 0;

    for (size_t i = 0; i < footers->count; i++)
        size += tbf_footer_size(footers->list[i].len);
    return size;
}

/* What is left of the minimum must be large enough for a Reserved footer. */
uint64_t footers_room(const struct footers *footers, uint32_t minimum)
{
    uint32_t size = footers_size(footers);
    uint32_t left = minimum > size ? minimum - size : 0;

    if (left == 0)
        return size;
    if (left < SMALLEST_FOOTER)
        left = SMALLEST_FOOTER;
    return size + align_up_u64(left, 4);
}

int footers_write(const struct footers *footers, uint8_t *object,
                  uint32_t binary_end, struct err *e)
{
    struct sign_cover cover = sign_cover(object, binary_end);
    uint8_t *at = object + binary_end;

    for (size_t i = 0; i < footers->count; i++) {
        const struct footers_credential *c = &footers->list[i];
        uint32_t size = tbf_footer_size(c->len);
        uint8_t data[SIGN_MAX_DATA];

        if (sign_make(c->format, c->key, &cover, data, e) != 0)
            return err_while(e, "making the credential %s",
                             tbf_credential_text(c->format));
        if (!tbf_build_footer(at, size, c->format, data, c->len))
            return err_set(e, ERR_INTERNAL, "a credential does not fit");
        at += size;
    }
    return 0;
}

int footers_verify(const struct footers *footers, const uint8_t *object,
                   const struct tbf_header *header, struct err *e)
{
    struct tbf_footers walk = tbf_footers_start(header, object);
    struct sign_cover cover = sign_cover(object, header->binary_end);

    for (size_t i = 0; i < footers->count; i++) {
        const struct footers_credential *c = &footers->list[i];
        struct sign_finding finding = {.verdict = SIGN_NOTHING};
        struct tbf_footer footer;

        if (tbf_footers_next(&walk, &footer) && footer.format == c->format &&
            footer.len == c->len &&
            sign_check(&footer, &cover, &c->key, c->key != NULL, &finding, e) !=
                0)
            return -1;
        if (finding.verdict != SIGN_GOOD)
            return err_set(e, ERR_VERIFY,
                           "the credential %s does not read back as it was "
                           "made",
                           tbf_credential_text(c->format));
    }
    return 0;
}
