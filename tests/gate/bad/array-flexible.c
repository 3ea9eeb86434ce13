/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

struct list {
    uint32_t count;
    uint32_t items[]; /* BAD array */
};

uint32_t at(const struct list *list, uint32_t index)
{
    return list->items[index]; /* BAD array */
}
