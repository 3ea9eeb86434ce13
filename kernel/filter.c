/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "filter.h"

#include "abi/abi.h"
#include "memory.h"
#include "state.h"

/* Bits in one record of the header's list. */
#define COMMANDS_PER_RECORD 64u

/* A list was there when the app was loaded: without it, nothing. */
static NOINLINE void search(const struct process *p,
                            struct recent_permission *row)
{
    struct tbf_header header;

    row->mask = 0;
    row->is_listed = process_header(p, &header) &&
                     tbf_permission(&header, row->driver, row->record,
                                    &row->mask) == TBF_PERMISSION_LISTED;
}

/* The header of a life does not change: what it says is kept until another
 * question takes the row. */
static const struct recent_permission *find(const struct process *p,
                                            uint32_t driver, uint32_t record)
{
    uint32_t at =
        (driver ^ driver >> 16 ^ record ^ p->slot) % RECENT_PERMISSIONS;
    struct recent_permission *row = &kernel.recent_permissions[at];

    if (row->life == p->id + 1 && row->driver == driver &&
        row->record == record)
        return row;
    *row = (struct recent_permission){
        .life = p->id + 1, .driver = driver, .record = record};
    search(p, row);
    return row;
}

bool filter_allows(const struct process *p, uint32_t class, uint32_t driver,
                   uint32_t number)
{
    bool is_command = class == TOCK_CLASS_COMMAND;
    const struct recent_permission *found =
        find(p, driver, is_command ? number / COMMANDS_PER_RECORD : 0);

    return found->is_listed &&
           (!is_command || (found->mask >> number % COMMANDS_PER_RECORD & 1));
}
