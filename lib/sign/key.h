/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What a key is made of; for the files of lib/sign. */

#include "crypto.h"
#include "host/file.h"
#include "sign/sign.h"

struct sign_key {
    char *path;
    uint32_t format;
    bool is_private;
    struct crypto_key *crypto; /* null for HMAC            */
    struct file_bytes secret;  /* of HMAC                  */
    const char *command;       /* signs for the key; or null */
    unsigned timeout_ms;
};

/* Loads libcrypto; ERR_INPUT if that fails. */
MUST_USE int key_open_crypto(struct err *e);
