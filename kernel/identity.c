/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "identity.h"

#include "state.h"

/* Most significant bit first, as other kernels of this kind make ids. */
#define CRC32_POLYNOMIAL 0x04c11db7u

static uint32_t crc32(const uint8_t *bytes, uint32_t len)
{
    uint32_t crc = 0;

    for (uint32_t i = 0; i < len; i++) {
        crc ^= (uint32_t)bytes[i] << 24;
        for (int bit = 0; bit < 8; bit++)
            crc = crc << 1 ^ (crc >> 31 != 0 ? CRC32_POLYNOMIAL : 0);
    }
    return ~crc;
}

static uint32_t id_of_name(const struct tbf_header *header)
{
    return header->name_len == 0
               ? 0
               : crc32((const uint8_t *)header->name, header->name_len);
}

uint32_t identity_short_id(const struct tbf_header *header)
{
    switch (kernel.config->short_ids) {
    case KERNEL_IDS_HEADER:
        return header->short_id;
    case KERNEL_IDS_NAME:
        return id_of_name(header);
    case KERNEL_IDS_HEADER_OR_NAME:
        return header->short_id != 0 ? header->short_id : id_of_name(header);
    default:
        return 0;
    }
}
