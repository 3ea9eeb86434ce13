/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/storage.h"

#include "identity.h"
#include "memory.h"
#include "state.h"

/* What the board's choice makes of an app's header. */
struct rights {
    uint32_t id;   /* 0: none at all           */
    bool has_list; /* else all that is its own */
    struct tbf_storage list;
};

static struct rights rights_of(const struct process *process)
{
    enum kernel_storage_rights policy = kernel.config->storage_rights;
    struct rights rights = {0};
    struct tbf_header header;

    if (policy == KERNEL_STORAGE_NONE || !process_header(process, &header))
        return rights;
    rights.id = identity_short_id(&header);
    rights.has_list = policy == KERNEL_STORAGE_HEADER && header.storage != NULL;
    if (rights.has_list && !tbf_storage(&header, &rights.list))
        rights.id = 0;
    return rights;
}

static bool is_listed(const uint32_t *ids, uint32_t count, uint32_t id)
{
    for (uint32_t i = 0; i < count; i++) {
        if (ids[i] == id)
            return true;
    }
    return false;
}

uint32_t storage_write_id(const struct process *process)
{
    struct rights rights = rights_of(process);

    return rights.has_list && rights.list.write_id == 0 ? 0 : rights.id;
}

bool storage_may_read(const struct process *process, uint32_t owner)
{
    struct rights rights = rights_of(process);

    if (rights.id == 0 || owner == 0)
        return false;
    return rights.has_list
               ? is_listed(rights.list.read_ids, rights.list.read_count, owner)
               : owner == rights.id;
}

bool storage_may_modify(const struct process *process, uint32_t owner)
{
    struct rights rights = rights_of(process);

    if (rights.id == 0 || owner == 0)
        return false;
    return rights.has_list ? is_listed(rights.list.modify_ids,
                                       rights.list.modify_count, owner)
                           : owner == rights.id;
}
