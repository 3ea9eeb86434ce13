/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * CCM (NIST SP 800-38C, RFC 3610): a message encrypted and, with data that
 * stays readable in front of it, authenticated by a tag. Nonces of 13 bytes,
 * messages of up to CCM_MAX bytes; as in IEEE 802.15.4, the tag may have 0
 * bytes and the message may stay readable too.
 *
 *     ccm_begin(&ccm, &key, &nonce, &sizes);
 *     ccm_add_data(&ccm, &key, piece); ...until all data is there
 *     ccm_crypt(&ccm, &key, direction, piece); ...likewise the message
 *     ccm_tag(&ccm, &key, &tag);
 *
 * Context: pure functions, any.
 */

#include "aes/modes.h"

#define CCM_NONCE    13u
#define CCM_MAX      0xffffu /* bytes of the message       */
#define CCM_MAX_DATA 0xfeffu /* bytes of the data before it */

enum ccm_direction { CCM_ENCRYPT, CCM_DECRYPT, CCM_PLAIN };

struct ccm_sizes {
    uint32_t data;    /* at most CCM_MAX_DATA   */
    uint32_t message; /* at most CCM_MAX        */
    uint32_t tag;     /* 0, 4, 6, ... 16        */
};

struct ccm {
    struct aes_block mac;
    uint32_t mac_used; /* bytes of it that the next goes behind */
    uint32_t data_left;
    struct aes_ctr ctr;
    struct aes_block tag_stream;
};

/* The first CCM_NONCE bytes of the block count. */
void ccm_begin(struct ccm *self, const struct aes128 *key,
               const struct aes_block *nonce, const struct ccm_sizes *sizes);

void ccm_add_data(struct ccm *self, const struct aes128 *key,
                  struct span bytes);

/* In place; CCM_PLAIN leaves the bytes as they are. */
void ccm_crypt(struct ccm *self, const struct aes128 *key,
               enum ccm_direction direction, struct span bytes);

/* Its first sizes->tag bytes count. */
void ccm_tag(struct ccm *self, const struct aes128 *key, struct aes_block *out);
