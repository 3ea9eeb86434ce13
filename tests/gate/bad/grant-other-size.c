/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/grant.h"

struct large {
    uint32_t one, two;
};

const struct grant_layout layout = {.size = 4};

void use(const struct grant *grant)
{
    GRANT_DATA(grant, struct large)->two = 1; /* BAD grant */
}
