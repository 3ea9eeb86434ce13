/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/mem.h"
#include "load.h"
#include "memory.h"
#include "state.h"

/* Each driver learns its index, and each one with a grant its place in the
 * grant table of the processes. */
static void number_drivers(void)
{
    const struct kernel_config *config = kernel.config;

    for (uint32_t i = 0; i < config->driver_count; i++) {
        struct driver *driver = config->drivers[i].driver;

        driver->index = (uint8_t)i;
        if (driver->grant != NULL)
            driver->grant_slot = (uint8_t)kernel.grant_count++;
    }
    kernel.grant_table = grant_table_size(kernel.grant_count);
}

void kernel_boot(const struct kernel_config *config)
{
    kernel.config = config;
    /* Rows that are still empty must not be found: 0 is looked for in the
     * first one, 1 never. */
    memset(kernel.recent_drivers, 0, sizeof(kernel.recent_drivers));
    kernel.recent_drivers[0].number = 1;
    memset(kernel.recent_permissions, 0, sizeof(kernel.recent_permissions));
    kernel.grant_count = 0;
    kernel.slots_used = 0;
    kernel_assert(config->driver_count < UINT8_MAX);
    kernel_assert(config->process_count < UINT8_MAX);
    number_drivers();
    load_apps();
    arch_irq_enable();
}
