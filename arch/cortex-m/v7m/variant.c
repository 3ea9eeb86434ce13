/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../variant.h"

#include "../scs.h"

#include "base/bits.h"

/* layout.ld: the guard lies between them, a power of two aligned to itself. */
extern uint8_t kernel_stack_guard[], kernel_stack_bottom[];

/*
 * The bytes below the kernel's stack: nobody may touch them, so that an
 * overflow faults. The region with the highest number wins over all others;
 * nothing but XN, size and the enable bit is set, so access is "none".
 */
enum {
    GUARD_REGION = 7,
    RASR_ENABLE = 1 << 0,
    RASR_SIZE = 1, /* first bit of: log2 of the size - 1 */
    RASR_XN = 1 << 28,
};

_Static_assert(ARMV7M_REGION_WINDOW + PLACE_WINDOWS <= GUARD_REGION,
               "the guard has a region of its own");

void variant_start(void)
{
    uint32_t count = SCB->mpu_type >> 8 & 0xffu;
    uint32_t guard = (uint32_t)kernel_stack_guard;
    uint32_t guard_log2 = log2_floor((uint32_t)kernel_stack_bottom - guard);

    SCB->mpu_ctrl = 0;
    for (uint32_t i = 0; i < count; i++) {
        SCB->mpu_rnr = i;
        SCB->mpu_region[1] = 0;
        SCB->mpu_region[0] = 0;
    }
    SCB->mpu_rnr = GUARD_REGION;
    SCB->mpu_region[0] = guard;
    SCB->mpu_region[1] = RASR_XN | (guard_log2 - 1) << RASR_SIZE | RASR_ENABLE;
    SCB->mpu_ctrl = MPU_ENABLE | MPU_PRIVDEFENA;
    barrier();
}

uint32_t variant_take_secure_status(void)
{
    return 0;
}

bool variant_plan(struct arch_mpu *mpu, const struct place_block *ram,
                  uint32_t app_break, uint32_t kernel_break,
                  uint32_t flash_start, uint32_t flash_size)
{
    return armv7m_regions(ram, app_break, kernel_break, flash_start, flash_size,
                          mpu->region);
}

/*
 * Through RBAR, RASR and their aliases; each RBAR value names its region. The
 * unit stays enabled: the kernel does not depend on these regions.
 */
void variant_load(const struct arch_mpu *mpu)
{
    for (uint32_t i = 0; i < ARMV7M_PROCESS_REGIONS; i++) {
        SCB->mpu_region[2 * i] = mpu->region[i].rbar;
        SCB->mpu_region[2 * i + 1] = mpu->region[i].rasr;
    }
}

bool variant_window(struct arch_mpu *mpu, uint32_t window, uint32_t addr,
                    uint32_t size)
{
    return armv7m_window(window, addr, size, &mpu->window[window]);
}

void variant_load_windows(const struct arch_mpu *mpu, uint32_t changed)
{
    for (uint32_t i = 0; changed != 0; i++, changed >>= 1) {
        bool is_open = (mpu->open >> i & 1) != 0;

        if ((changed & 1) == 0)
            continue;
        SCB->mpu_region[0] =
            is_open ? mpu->window[i].rbar : ARMV7M_NO_WINDOW_RBAR(i);
        SCB->mpu_region[1] = is_open ? mpu->window[i].rasr : 0;
    }
}

/* The windows say what a process may do, and nothing of the kernel. */
void variant_bind_kernel(bool is_bound)
{
    (void)is_bound;
}
