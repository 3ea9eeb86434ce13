/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t room(uint32_t size)
{
    char *bytes = __builtin_alloca(size); /* BAD word cast */

    return bytes == 0;
}
