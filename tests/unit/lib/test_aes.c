/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "aes/ccm.h"
#include "sha2/sha2.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

TestSuite(aes, .timeout = 20);

/* Digests of what Python's cryptography (OpenSSL) makes of the message, with a
 * key of 0, 1, 2... and a vector whose counter soon comes round. */
static const uint8_t ecb_digest[32] = {
    0xe8, 0x8e, 0x93, 0x3f, 0xa9, 0x78, 0x3d, 0x0a, 0xce, 0xef, 0x0c,
    0x30, 0x57, 0x2b, 0x4b, 0x30, 0x34, 0xdb, 0x87, 0x8b, 0xe7, 0x86,
    0x30, 0x58, 0x3d, 0x90, 0x4c, 0x1e, 0xdd, 0x0a, 0x83, 0x00};
static const uint8_t cbc_digest[32] = {
    0x35, 0xd7, 0xdf, 0x55, 0x29, 0xc2, 0xcc, 0x13, 0x28, 0x58, 0x3a,
    0x8a, 0x0e, 0x86, 0xba, 0x0c, 0x58, 0x58, 0x97, 0x24, 0xe1, 0xa8,
    0x23, 0xc1, 0xe0, 0x78, 0x97, 0x10, 0x1a, 0x77, 0x1e, 0x36};
static const uint8_t ctr_digest[32] = {
    0x81, 0x54, 0x01, 0x11, 0x4b, 0x44, 0xa4, 0x0a, 0x11, 0x94, 0x76,
    0xff, 0x7d, 0xb4, 0x6f, 0xbf, 0x16, 0x4a, 0x09, 0x29, 0x26, 0xe0,
    0xf8, 0xba, 0x61, 0x7a, 0x07, 0xfd, 0xb2, 0xb1, 0xbb, 0xa6};
static const uint8_t ccm_digest[32] = {
    0xe9, 0x86, 0xb2, 0x95, 0xa2, 0x8e, 0x00, 0x4e, 0x5c, 0x00, 0xe4,
    0xa5, 0x2f, 0x99, 0xc6, 0xd9, 0xfe, 0x93, 0xfe, 0x58, 0x6b, 0xa6,
    0xa5, 0xd9, 0xa2, 0x4c, 0x25, 0x77, 0x36, 0xe4, 0xe2, 0xae};

enum { MESSAGE = 400, BLOCKS = 320, ODD = 333 };

static uint8_t message[MESSAGE];
static struct aes128 key;
static struct aes_block vector;

static struct span part(uint32_t off, uint32_t len)
{
    return (struct span){message + off, len};
}

static void begin(void)
{
    struct aes_block bytes;

    for (uint32_t i = 0; i < MESSAGE; i++)
        message[i] = (uint8_t)(i * 7 + 3);
    for (uint32_t i = 0; i < AES_BLOCK; i++) {
        bytes.bytes[i] = (uint8_t)i;
        vector.bytes[i] = (uint8_t)(i < 8 ? 0xf0 + i : 0xff);
    }
    aes128_init(&key, &bytes);
}

static bool is_message(uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        if (message[i] != (uint8_t)(i * 7 + 3))
            return false;
    }
    return true;
}

static bool has_digest(uint32_t len, const uint8_t expected[32])
{
    struct sha2 sha;
    uint8_t digest[32];

    sha2_begin(&sha, SHA2_256);
    sha2_add(&sha, part(0, len));
    sha2_finish(&sha, (struct span){digest, 32});
    return memcmp(digest, expected, 32) == 0;
}

/* FIPS 197, appendix B. */
Test(aes, a_block_is_that_of_the_standard)
{
    static const struct aes_block secret = {{0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae,
                                             0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88,
                                             0x09, 0xcf, 0x4f, 0x3c}};
    static const struct aes_block plain = {{0x32, 0x43, 0xf6, 0xa8, 0x88, 0x5a,
                                            0x30, 0x8d, 0x31, 0x31, 0x98, 0xa2,
                                            0xe0, 0x37, 0x07, 0x34}};
    static const struct aes_block cipher = {{0x39, 0x25, 0x84, 0x1d, 0x02, 0xdc,
                                             0x09, 0xfb, 0xdc, 0x11, 0x85, 0x97,
                                             0x19, 0x6a, 0x0b, 0x32}};
    struct aes_block block = plain;

    aes128_init(&key, &secret);
    aes128_encrypt(&key, &block);
    cr_expect(eq(int, memcmp(&block, &cipher, AES_BLOCK), 0));
    aes128_decrypt(&key, &block);
    cr_expect(eq(int, memcmp(&block, &plain, AES_BLOCK), 0));
}

Test(aes, ecb_there_and_back)
{
    begin();
    aes_ecb(&key, true, part(0, BLOCKS));
    cr_expect(has_digest(BLOCKS, ecb_digest));
    aes_ecb(&key, false, part(0, BLOCKS));
    cr_expect(is_message(MESSAGE));
}

Test(aes, what_is_no_whole_block_is_left_alone)
{
    begin();
    aes_ecb(&key, true, part(0, 15));
    aes_cbc(&key, true, &vector, part(0, 15));
    cr_expect(is_message(MESSAGE));
    aes_ecb(&key, true, part(0, 31));
    aes_ecb(&key, false, part(0, 16));
    cr_expect(is_message(MESSAGE));
}

static void cbc(bool is_encrypt, uint32_t piece)
{
    struct aes_block chain = vector;

    for (uint32_t at = 0; at < BLOCKS; at += piece)
        aes_cbc(&key, is_encrypt, &chain, part(at, piece));
}

Test(aes, cbc_there_and_back_in_pieces)
{
    static const uint32_t pieces[] = {16, 64, 160, 320};

    for (size_t i = 0; i < 4; i++) {
        begin();
        cbc(true, pieces[i]);
        cr_expect(has_digest(BLOCKS, cbc_digest));
        cbc(false, pieces[3 - i]);
        cr_expect(is_message(MESSAGE));
    }
}

static void ctr(uint32_t piece)
{
    struct aes_ctr state = {.counter = vector};

    for (uint32_t at = 0; at < ODD; at += piece)
        aes_ctr(&key, &state, part(at, ODD - at < piece ? ODD - at : piece));
}

Test(aes, ctr_there_and_back_in_pieces)
{
    static const uint32_t pieces[] = {1, 16, 37, 400};

    for (size_t i = 0; i < 4; i++) {
        begin();
        ctr(pieces[i]);
        cr_expect(has_digest(ODD, ctr_digest));
        ctr(pieces[3 - i]);
        cr_expect(is_message(MESSAGE));
    }
}

/* --- CCM ------------------------------------------------------------------ */

static struct aes_block ccm(enum ccm_direction direction,
                            const struct ccm_sizes *sizes, uint32_t piece)
{
    struct ccm state;
    struct aes_block tag;

    ccm_begin(&state, &key, &vector, sizes);
    for (uint32_t at = 0; at < sizes->data; at += piece)
        ccm_add_data(&state, &key, span_part(part(0, sizes->data), at, piece));
    for (uint32_t at = 0; at < sizes->message; at += piece)
        ccm_crypt(&state, &key, direction,
                  span_part(part(100, sizes->message), at, piece));
    ccm_tag(&state, &key, &tag);
    return tag;
}

static void there_and_back(const struct ccm_sizes *sizes, struct sha2 *all)
{
    struct aes_block tag = ccm(CCM_ENCRYPT, sizes, 13);
    struct aes_block again;

    sha2_add(all, part(100, sizes->message));
    sha2_add(all, (struct span){tag.bytes, sizes->tag});
    again = ccm(CCM_DECRYPT, sizes, 64);
    cr_expect(eq(int, memcmp(&tag, &again, AES_BLOCK), 0));
    cr_expect(is_message(MESSAGE));
    again = ccm(CCM_PLAIN, sizes, 16);
    cr_expect(eq(int, memcmp(&tag, &again, AES_BLOCK), 0));
    cr_expect(is_message(MESSAGE));
}

Test(aes, ccm_with_data_messages_and_tags_of_many_lengths)
{
    struct sha2 all;
    uint8_t digest[32];

    begin();
    sha2_begin(&all, SHA2_256);
    for (uint32_t data = 0; data < 41; data += 8) {
        for (uint32_t len = 0; len < 71; len += 7) {
            for (uint32_t tag = 4; tag <= 16; tag *= 2)
                there_and_back(&(struct ccm_sizes){data, len, tag}, &all);
        }
    }
    sha2_finish(&all, (struct span){digest, 32});
    cr_expect(eq(int, memcmp(digest, ccm_digest, 32), 0));
}
