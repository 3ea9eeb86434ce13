/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/le.h"

void store(uint32_t value)
{
    uint8_t bytes[6];

    le32_store(&bytes[3], value); /* BAD bytes */
}
