/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/utf8.h"

static bool is_scalar(uint32_t point)
{
    return point < 0xd800 || (point > 0xdfff && point <= 0x10ffff);
}

/* Length of the sequence that starts with this byte; 0 if none does. */
static size_t sequence_len(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2) /* continuation bytes; c0 and c1 are overlong */
        return 0;
    if (first < 0xe0)
        return 2;
    if (first < 0xf0)
        return 3;
    return first < 0xf5 ? 4 : 0;
}

static bool is_sequence(const uint8_t *bytes, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t point = len == 1 ? bytes[0] : bytes[0] & (0x7fu >> len);

    for (size_t i = 1; i < len; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return false;
        point = point << 6 | (bytes[i] & 0x3fu);
    }
    return point >= least[len] && is_scalar(point);
}

bool utf8_is_valid(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len != 0) {
        size_t step = sequence_len(*at);

        if (step == 0 || step > len || !is_sequence(at, step))
            return false;
        at += step;
        len -= step;
    }
    return true;
}

size_t utf8_put(uint32_t point, char out[4])
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    if (!is_scalar(point))
        return 0;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    out[0] = (char)(lead[len] | point);
    return len;
}
