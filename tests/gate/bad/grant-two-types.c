/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/grant.h"

struct small {
    uint32_t one;
};

struct large {
    uint32_t one, two;
};

const struct grant_layout layout = {.size = sizeof(struct large)};

void both(const struct grant *grant)
{
    GRANT_DATA(grant, struct small)->one = 1;
    GRANT_DATA(grant, struct large)->two = 1; /* BAD grant */
}
