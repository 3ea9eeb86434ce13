/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/manage.h"

struct capability_manage { /* BAD type */
    int mine;
};

uint32_t slots(void)
{
    static const struct capability_manage capability = {1};

    return manage_slots(&capability);
}
