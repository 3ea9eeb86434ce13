/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/arch.h"

#include "base/attr.h"
#include "scs.h"

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

    if (!armv7m_regions(ram, app_break, kernel_break, flash_start, flash_size,
                        plan.region))
        return false;
    last_stamp += last_stamp == UINT32_MAX ? 2u : 1u;
    plan.stamp = last_stamp;
    *mpu = plan;
    return true;
}

/*
 * A process's regions go through RBAR, RASR and their aliases; each RBAR
 * value names its region. The unit stays enabled: the kernel does not depend
 * on these regions.
 */
void arch_mpu_load(const struct arch_mpu *mpu)
{
    _Static_assert(2 * ARMV7M_PROCESS_REGIONS <= ARRAY_COUNT(SCB->mpu_region),
                   "one burst");

    if (mpu->stamp == loaded_stamp)
        return;
    for (uint32_t i = 0; i < ARMV7M_PROCESS_REGIONS; i++) {
        SCB->mpu_region[2 * i] = mpu->region[i].rbar;
        SCB->mpu_region[2 * i + 1] = mpu->region[i].rasr;
    }
    barrier();
    loaded_stamp = mpu->stamp;
}
