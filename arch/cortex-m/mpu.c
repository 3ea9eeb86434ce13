/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/arch.h"

#include "scs.h"
#include "variant.h"

/*
 * The registers hold the map at this place as it was with this stamp. Every
 * plan gets a new stamp. That they come round after 2^32 plans does no harm: a
 * process is loaded again between any two plans of its own, and the place
 * tells it from the others.
 */
static uint32_t last_stamp;
static const struct arch_mpu *loaded;
static uint32_t loaded_stamp;

bool arch_mpu_plan(struct arch_mpu *mpu, const struct place_block *ram,
                   uint32_t app_break, uint32_t kernel_break,
                   uint32_t flash_start, uint32_t flash_size)
{
    struct arch_mpu plan;

    if (!variant_plan(&plan, ram, app_break, kernel_break, flash_start,
                      flash_size))
        return false;
    plan.stamp = ++last_stamp;
    *mpu = plan;
    return true;
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
    if (mpu == loaded && mpu->stamp == loaded_stamp)
        return;
    variant_load(mpu);
    barrier();
    loaded = mpu;
    loaded_stamp = mpu->stamp;
}
