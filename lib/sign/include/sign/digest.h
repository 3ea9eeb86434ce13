/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* The digests that credentials are made of or made over. */

#include <stddef.h>
#include <stdint.h>

enum sign_hash { SIGN_SHA256, SIGN_SHA384, SIGN_SHA512, SIGN_HASH_COUNT };

struct sign_digest {
    size_t len; /* 0 = not computed */
    uint8_t bytes[64];
};
