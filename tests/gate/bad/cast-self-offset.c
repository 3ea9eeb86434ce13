/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/self.h"

struct mine {
    uint32_t items[4];
};

struct mine *self(uint32_t *other, uint32_t at)
{
    return CAPSULE_SELF(struct mine, items[at], other); /* BAD pointer */
}
