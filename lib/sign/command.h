/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Signatures of keys that live elsewhere: sign_key_use_command tells how. */

#include "key.h"

/*
 * Runs the key's command on a digest; the answer, at most room bytes, goes to
 * out. ERR_INPUT if it cannot be run, fails, answers more or takes too long.
 */
MUST_USE int command_run(const struct sign_key *key, enum sign_hash hash,
                         const struct sign_digest *digest, uint8_t *out,
                         size_t room, size_t *len, struct err *e);
