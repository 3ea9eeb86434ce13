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
static uint32_t loaded_open; /* windows; mostly none */

bool arch_mpu_plan(struct arch_mpu *mpu, const struct place_block *ram,
                   uint32_t app_break, uint32_t kernel_break,
                   uint32_t flash_start, uint32_t flash_size)
{
    struct arch_mpu plan = *mpu;

    if (!variant_plan(&plan, ram, app_break, kernel_break, flash_start,
                      flash_size))
        return false;
    plan.stamp = ++last_stamp;
    *mpu = plan;
    return true;
}

bool arch_mpu_open(struct arch_mpu *mpu, uint32_t window, uint32_t addr,
                   uint32_t size)
{
    bool is_open = variant_window(mpu, window, addr, size);

    mpu->open &= ~(1u << window);
    mpu->open |= (uint32_t)is_open << window;
    mpu->stamp = ++last_stamp;
    return is_open;
}

void arch_mpu_close(struct arch_mpu *mpu, uint32_t window)
{
    mpu->open &= ~(1u << window);
    mpu->stamp = ++last_stamp;
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
    if (mpu == loaded && mpu->stamp == loaded_stamp)
        return;
    variant_load(mpu);
    if ((mpu->open | loaded_open) != 0) {
        variant_load_windows(mpu, mpu->open | loaded_open);
        loaded_open = mpu->open;
    }
    barrier();
    loaded = mpu;
    loaded_stamp = mpu->stamp;
}

void arch_flash_open(void)
{
    variant_bind_kernel(false);
}

void arch_flash_close(void)
{
    variant_bind_kernel(true);
    barrier();
}
