/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Footers from anywhere behind an app: walked and judged with one key of each
 * kind. The app is always the same, so that there is exactly one right digest,
 * MAC or RSA signature for it: nothing else may be judged good. (Of ECDSA
 * there are many.)
 */
#include "sign/sign.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEYS "tests/golden/tbf/keys/"

/* Length of the app, all zeros; the seeds in the corpus are made over it. */
enum { APP_LEN = 64, JUDGED = 16, KEY_COUNT = 5 };

static const struct {
    const char *path;
    uint32_t format;
} key_files[KEY_COUNT] = {
    {KEYS "rsa4096_A.pk8", TBF_CREDENTIAL_RSA4096},
    {KEYS "rsa3072_A.pk8", TBF_CREDENTIAL_RSA3072},
    {KEYS "rsa2048_A.pk8", TBF_CREDENTIAL_RSA2048},
    {KEYS "p256_A.pk8", TBF_CREDENTIAL_ECDSA_P256},
    {KEYS "p256_A.pem", TBF_CREDENTIAL_HMAC_SHA256},
};

static struct sign_key *keys[KEY_COUNT];
static const uint8_t app[APP_LEN];
static struct sign_cover cover;

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct notes notes = {0};
    struct err e = {0};

    (void)argc;
    (void)argv;
    cover = sign_cover(app, sizeof app);
    for (size_t i = 0; i < KEY_COUNT; i++)
        must(sign_key_read(key_files[i].path, key_files[i].format, SIGN_PRIVATE,
                           &keys[i], &notes, &e) == 0);
    notes_free(&notes);
    return 0;
}

static const struct sign_key *key_for(uint32_t format)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (sign_key_format(keys[i]) == format)
            return keys[i];
    return NULL;
}

/* RSA-3072 may be good with three hashes, ECDSA with any number. */
static void is_the_right_one(const struct tbf_footer *footer)
{
    uint8_t right[SIGN_MAX_DATA];
    uint32_t len;
    struct err e = {0};

    must(tbf_credential_len(footer->format, &len) && footer->len >= len);
    if (footer->format == TBF_CREDENTIAL_ECDSA_P256 ||
        footer->format == TBF_CREDENTIAL_RSA3072)
        return;
    must(sign_make(footer->format, key_for(footer->format), &cover, right,
                   &e) == 0);
    must(memcmp(right, footer->data, len) == 0);
}

static void judge(const struct tbf_footer *footer)
{
    struct sign_finding finding;
    struct err e = {0};

    must(sign_check(footer, &cover, keys, KEY_COUNT, &finding, &e) == 0);
    must(sign_verdict_text(finding.verdict)[0] != '\0');
    must(finding.key == NULL || finding.verdict == SIGN_GOOD);
    must(finding.verdict != SIGN_NO_KEY);
    if (finding.verdict == SIGN_GOOD)
        is_the_right_one(footer);
    must(sign_check(footer, &cover, NULL, 0, &finding, &e) == 0);
    must(finding.key == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *object = calloc(APP_LEN + size, 1);
    const struct tbf_header header = {
        .binary_end = APP_LEN,
        .total_size = (uint32_t)(APP_LEN + size),
    };
    struct tbf_footer footer;

    must(object != NULL);
    if (size != 0)
        memcpy(object + APP_LEN, data, size);

    struct tbf_footers walk = tbf_footers_start(&header, object);
    for (int i = 0; i < JUDGED && tbf_footers_next(&walk, &footer); i++)
        judge(&footer);
    must(walk.offset <= header.total_size);
    free(object);
    return 0;
}
