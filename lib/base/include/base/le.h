/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Little-endian loads and stores on byte arrays.
 *
 * The only way this project turns bytes of a file, a flash page or a packet
 * into numbers and back. A byte pointer is never cast to a pointer to a
 * struct: the bytes may be unaligned and the host may be big-endian.
 */

#include <stdint.h>

static inline uint16_t le16_load(const uint8_t *p)
{
    return (uint16_t)(p[0] | (unsigned)p[1] << 8);
}

static inline uint32_t le32_load(const uint8_t *p)
{
    return le16_load(p) | (uint32_t)le16_load(p + 2) << 16;
}

static inline uint64_t le64_load(const uint8_t *p)
{
    return le32_load(p) | (uint64_t)le32_load(p + 4) << 32;
}

static inline void le16_store(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static inline void le32_store(uint8_t *p, uint32_t value)
{
    le16_store(p, (uint16_t)value);
    le16_store(p + 2, (uint16_t)(value >> 16));
}

static inline void le64_store(uint8_t *p, uint64_t value)
{
    le32_store(p, (uint32_t)value);
    le32_store(p + 4, (uint32_t)(value >> 32));
}
