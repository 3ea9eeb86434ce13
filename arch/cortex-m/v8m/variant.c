/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../variant.h"

#include "../scs.h"

extern uint32_t kernel_stack_bottom[]; /* layout.ld */

/*
 * Everything is Secure: all memory (SAU off), all exceptions, kernel and
 * processes. A process can still leave that state with a BXNS, but finds no
 * memory there that is not Secure: the first fetch faults, and so does an
 * exception's stacking there, on a stack at address 0.
 */
static void close_nonsecure_state(void)
{
    SAU->ctrl = 0;
    SCB->aircr = AIRCR_KEY; /* BFHFNMINS 0: also BusFault, HardFault, NMI */
    for (uint32_t i = 0; i < NVIC_WORDS; i++)
        NVIC->itns[i] = 0;
    __asm volatile("msr control_ns, %1\n\t"
                   "msr msp_ns, %0\n\t"
                   "msr psp_ns, %0" ::"r"(0),
                   "r"(CONTROL_NPRIV));
}

/*
 * There is no region without access for the kernel, and no need of one: the
 * processor checks the stack pointer itself. A process's is left to the MPU,
 * which closes all memory but its own.
 */
static void limit_stacks(void)
{
    __asm volatile("msr msplim, %0\n\t"
                   "msr psplim, %1" ::"r"(kernel_stack_bottom),
                   "r"(0));
}

void variant_start(void)
{
    uint32_t count = SCB->mpu_type >> 8 & 0xffu;

    close_nonsecure_state();
    limit_stacks();
    SCB->mpu_ctrl = 0;
    SCB->mpu_mair[0] = ARMV8M_MAIR0;
    for (uint32_t i = 0; i < count; i++) {
        SCB->mpu_rnr = i;
        SCB->mpu_region[1] = 0;
        SCB->mpu_region[0] = 0;
    }
    SCB->mpu_rnr = 0;
    SCB->mpu_ctrl = MPU_ENABLE | MPU_PRIVDEFENA;
    barrier();
}

uint32_t variant_take_secure_status(void)
{
    uint32_t status = SAU->sfsr;

    SAU->sfsr = status; /* write 1 to clear */
    return status;
}

bool variant_plan(struct arch_mpu *mpu, const struct place_block *ram,
                  uint32_t app_break, uint32_t kernel_break,
                  uint32_t flash_start, uint32_t flash_size)
{
    return armv8m_regions(ram, app_break, kernel_break, flash_start, flash_size,
                          mpu->region);
}

/*
 * RBAR, RLAR and their aliases are regions 0 and up: RNR is 0 between any two
 * calls. The unit stays enabled. Between two writes a region has the new base
 * and the old limit; both lie in app RAM or both in app flash, where the kernel
 * has nothing that it needs now.
 */
void variant_load(const struct arch_mpu *mpu)
{
    for (uint32_t i = 0; i < ARMV8M_PROCESS_REGIONS; i++) {
        SCB->mpu_region[2 * i] = mpu->region[i].rbar;
        SCB->mpu_region[2 * i + 1] = mpu->region[i].rlar;
    }
}

bool variant_window(struct arch_mpu *mpu, uint32_t window, uint32_t addr,
                    uint32_t size)
{
    return armv8m_window(addr, size, &mpu->window[window]);
}

/* Closed before it gets another base: both ends may lie in the RAM of any
 * process, with others in between. */
void variant_load_windows(const struct arch_mpu *mpu, uint32_t changed)
{
    for (uint32_t i = 0; changed != 0; i++, changed >>= 1) {
        if ((changed & 1) == 0)
            continue;
        SCB->mpu_rnr = ARMV8M_REGION_WINDOW + i;
        SCB->mpu_region[1] = 0;
        if ((mpu->open >> i & 1) == 0)
            continue;
        SCB->mpu_region[0] = mpu->window[i].rbar;
        SCB->mpu_region[1] = mpu->window[i].rlar;
    }
    SCB->mpu_rnr = 0;
}

/* A region is read-only for everybody or for nobody. Without the MPU, no
 * process running, memory is as PRIVDEFENA has it. */
void variant_bind_kernel(bool is_bound)
{
    SCB->mpu_ctrl = is_bound ? MPU_ENABLE | MPU_PRIVDEFENA : 0;
    barrier();
}
