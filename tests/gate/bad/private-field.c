/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/grant.h"

uint32_t move(struct grant_piece *piece)
{
    return piece->addr += 4; /* BAD private */
}
