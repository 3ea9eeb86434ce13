/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "filter.h"

#include "abi/abi.h"
#include "memory.h"

/* Bits in one record of the header's list. */
#define COMMANDS_PER_RECORD 64u

bool filter_allows(const struct process *p, uint32_t class, uint32_t driver,
                   uint32_t number)
{
    struct tbf_header header;
    uint64_t mask = 0;

    if (class != TOCK_CLASS_COMMAND)
        number = 0;
    /* A list was there when the app was loaded: without it, nothing. */
    if (!process_header(p, &header) ||
        tbf_permission(&header, driver, number / COMMANDS_PER_RECORD, &mask) !=
            TBF_PERMISSION_LISTED)
        return false;
    return class != TOCK_CLASS_COMMAND ||
           (mask >> number % COMMANDS_PER_RECORD & 1) != 0;
}
