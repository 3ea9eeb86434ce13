/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/arch.h"

#include "scs.h"
#include "variant.h"

#include <stddef.h>

static const struct arch_mpu *loaded; /* null: it has changed since     */
static uint32_t loaded_open;          /* its windows; bit i: i is open  */

static void note_change(const struct arch_mpu *mpu)
{
    if (loaded == mpu)
        loaded = NULL;
}

bool arch_mpu_plan(struct arch_mpu *mpu, const struct place_block *ram,
                   uint32_t app_break, uint32_t kernel_break,
                   uint32_t flash_start, uint32_t flash_size)
{
    struct arch_mpu plan = *mpu;

    if (!variant_plan(&plan, ram, app_break, kernel_break, flash_start,
                      flash_size))
        return false;
    *mpu = plan;
    note_change(mpu);
    return true;
}

bool arch_mpu_open(struct arch_mpu *mpu, uint32_t window, uint32_t addr,
                   uint32_t size)
{
    bool is_open = variant_window(mpu, window, addr, size);

    mpu->open &= ~(1u << window);
    mpu->open |= (uint32_t)is_open << window;
    note_change(mpu);
    return is_open;
}

void arch_mpu_close(struct arch_mpu *mpu, uint32_t window)
{
    mpu->open &= ~(1u << window);
    note_change(mpu);
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
    if (mpu == loaded)
        return;
    variant_load(mpu);
    if ((mpu->open | loaded_open) != 0) {
        variant_load_windows(mpu, mpu->open | loaded_open);
        loaded_open = mpu->open;
    }
    barrier();
    loaded = mpu;
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
