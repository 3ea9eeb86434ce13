/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/arch.h"

#include "scs.h"
#include "variant.h"

/*
 * Every plan gets a new stamp and copies of it keep it, so that equal stamps
 * mean equal register values. 0 is the stamp of no plan.
 */
static uint32_t last_stamp;
static uint32_t loaded_stamp;

bool arch_mpu_plan(struct arch_mpu *mpu, const struct place_block *ram,
                   uint32_t app_break, uint32_t kernel_break,
                   uint32_t flash_start, uint32_t flash_size)
{
    struct arch_mpu plan;

    if (!variant_plan(&plan, ram, app_break, kernel_break, flash_start,
                      flash_size))
        return false;
    last_stamp += last_stamp == UINT32_MAX ? 2u : 1u;
    plan.stamp = last_stamp;
    *mpu = plan;
    return true;
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
    if (mpu->stamp == loaded_stamp)
        return;
    variant_load(mpu);
    barrier();
    loaded_stamp = mpu->stamp;
}
