/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The words of `tbf ...`: what is done to each object.
 *
 *     tlv add TYPE VALUE...          tlv modify TYPE FIELD VALUE
 *     tlv delete TYPE                credential add FORMAT
 *     credential delete FORMAT       convert cbinary
 *
 * Types, fields and formats have the names that Tock's tools use.
 */

#include "object/batch.h"

enum tbf_verb {
    TBF_TLV_ADD,
    TBF_TLV_MODIFY,
    TBF_TLV_DELETE,
    TBF_CREDENTIAL_ADD,
    TBF_CREDENTIAL_DELETE,
    TBF_CONVERT,
};

struct tbf_action {
    enum tbf_verb verb;
    uint32_t type;              /* of the entry, or format of the credential */
    const char *const *values;  /* words behind the type                     */
    const struct sign_key *key; /* of a signature that is added             */
    uint8_t id[8];              /* data of a clear-text id                  */
};

/* ERR_USAGE if the words are none; *used of them belong to the action. */
MUST_USE int tbf_action_parse(const char *const *words, size_t count,
                              struct tbf_action *out, size_t *used,
                              struct err *e);

/* An object_apply; context is the action, which is no TBF_CONVERT. */
int tbf_action_apply(void *context, struct object_change *change,
                     struct err *e);

/* Decimal, 0x, 0o or 0b, up to 64 bits. */
MUST_USE bool tbf_action_number(const char *text, uint64_t *out);
