/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "aes/ccm.h"

/* SP 800-38C, A.2: the length of the message has 15 - 13 bytes. */
enum { LENGTH_BYTES = 2, FLAG_DATA = 0x40 };

/* --- the authentication: CBC with nothing but its last block kept --------- */

static void mac_byte(struct ccm *self, const struct aes128 *key, uint8_t byte)
{
    self->mac.bytes[self->mac_used++] ^= byte;
    if (self->mac_used < AES_BLOCK)
        return;
    aes128_encrypt(key, &self->mac);
    self->mac_used = 0;
}

static void mac_bytes(struct ccm *self, const struct aes128 *key,
                      struct span bytes)
{
    for (uint32_t at = 0; at < bytes.len; at++)
        mac_byte(self, key, span_get(bytes, at));
}

/* What does not fill a block is as if zeros followed. */
static void mac_end_block(struct ccm *self, const struct aes128 *key)
{
    while (self->mac_used != 0)
        mac_byte(self, key, 0);
}

/* A.2.1: flags, nonce, length of the message. */
static void mac_begin(struct ccm *self, const struct aes128 *key,
                      const struct aes_block *nonce,
                      const struct ccm_sizes *sizes)
{
    uint32_t flags = LENGTH_BYTES - 1;

    if (sizes->tag != 0)
        flags |= (sizes->tag - 2) / 2 << 3;
    if (sizes->data != 0)
        flags |= FLAG_DATA;
    mac_byte(self, key, (uint8_t)flags);
    for (uint32_t i = 0; i < CCM_NONCE; i++)
        mac_byte(self, key, nonce->bytes[i]);
    mac_byte(self, key, (uint8_t)(sizes->message >> 8));
    mac_byte(self, key, (uint8_t)sizes->message);
}

/* ------------------------------------------------------------------------- */

/* A.3: counter 0 is for the tag. */
static void ctr_begin(struct ccm *self, const struct aes128 *key,
                      const struct aes_block *nonce)
{
    self->ctr = (struct aes_ctr){0};
    self->ctr.counter.bytes[0] = LENGTH_BYTES - 1;
    for (uint32_t i = 0; i < CCM_NONCE; i++)
        self->ctr.counter.bytes[1 + i] = nonce->bytes[i];
    self->tag_stream = (struct aes_block){{0}};
    aes_ctr(key, &self->ctr, (struct span){self->tag_stream.bytes, AES_BLOCK});
}

void ccm_begin(struct ccm *self, const struct aes128 *key,
               const struct aes_block *nonce, const struct ccm_sizes *sizes)
{
    *self = (struct ccm){.data_left = sizes->data};
    mac_begin(self, key, nonce, sizes);
    ctr_begin(self, key, nonce);
    if (sizes->data == 0)
        return;
    mac_byte(self, key, (uint8_t)(sizes->data >> 8));
    mac_byte(self, key, (uint8_t)sizes->data);
}

void ccm_add_data(struct ccm *self, const struct aes128 *key, struct span bytes)
{
    mac_bytes(self, key, bytes);
    self->data_left -= bytes.len;
    if (self->data_left == 0)
        mac_end_block(self, key);
}

void ccm_crypt(struct ccm *self, const struct aes128 *key,
               enum ccm_direction direction, struct span bytes)
{
    if (direction == CCM_DECRYPT)
        aes_ctr(key, &self->ctr, bytes);
    mac_bytes(self, key, bytes);
    if (direction == CCM_ENCRYPT)
        aes_ctr(key, &self->ctr, bytes);
}

void ccm_tag(struct ccm *self, const struct aes128 *key, struct aes_block *out)
{
    mac_end_block(self, key);
    for (uint32_t i = 0; i < AES_BLOCK; i++)
        out->bytes[i] = self->mac.bytes[i] ^ self->tag_stream.bytes[i];
}
