/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pmp.h"

#include "arch/rv32i.h"
#include "csr.h"

#include <stddef.h>

/*
 * A process's entries fill pmpcfg0 exactly: one write switches all of them,
 * and the kernel's entry in pmpcfg1 is out of its reach.
 */
_Static_assert(PMP_PROCESS_ENTRIES == 4, "user entries are those of pmpcfg0");

/* Windows on other processes' memory fill pmpcfg2 and pmpcfg3. */
_Static_assert(PLACE_WINDOWS == 4, "each has two entries of 8 to 15");

static const struct arch_mpu *loaded; /* null: it has changed since */
static bool has_windows;              /* it is one with open windows */

static void note_change(const struct arch_mpu *mpu)
{
    if (loaded == mpu)
        loaded = NULL;
}

bool arch_mpu_plan(struct arch_mpu *mpu, const struct place_block *ram,
                   uint32_t app_break, uint32_t kernel_break,
                   uint32_t flash_start, uint32_t flash_size)
{
    struct pmp_map map;

    if (!pmp_windows(ram, app_break, kernel_break, flash_start, flash_size,
                     &map))
        return false;
    mpu->map = map;
    note_change(mpu);
    return true;
}

bool arch_mpu_open(struct arch_mpu *mpu, uint32_t window, uint32_t addr,
                   uint32_t size)
{
    arch_mpu_close(mpu, window);
    return pmp_window(addr, size, &mpu->window[window]);
}

void arch_mpu_close(struct arch_mpu *mpu, uint32_t window)
{
    mpu->window[window] = (struct pmp_window){0};
    note_change(mpu);
}

/* Of windows first and first + 1, for one pmpcfg. */
static uint32_t window_cfg(const struct arch_mpu *mpu, uint32_t first)
{
    uint32_t low = mpu->window[first].addr[1] == 0 ? 0 : PMP_CFG_RAM;
    uint32_t high = mpu->window[first + 1].addr[1] == 0 ? 0 : PMP_CFG_RAM;

    return low | high << 16;
}

/* Entries 8 to 15. Of closed windows the addresses do not matter. */
static void load_windows(const struct arch_mpu *mpu)
{
    uint32_t first = window_cfg(mpu, 0);
    uint32_t second = window_cfg(mpu, 2);
    bool has_some = (first | second) != 0;

    if (!has_some && !has_windows)
        return;
    if (first != 0) {
        CSR_WRITE(pmpaddr8, mpu->window[0].addr[0]);
        CSR_WRITE(pmpaddr9, mpu->window[0].addr[1]);
        CSR_WRITE(pmpaddr10, mpu->window[1].addr[0]);
        CSR_WRITE(pmpaddr11, mpu->window[1].addr[1]);
    }
    if (second != 0) {
        CSR_WRITE(pmpaddr12, mpu->window[2].addr[0]);
        CSR_WRITE(pmpaddr13, mpu->window[2].addr[1]);
        CSR_WRITE(pmpaddr14, mpu->window[3].addr[0]);
        CSR_WRITE(pmpaddr15, mpu->window[3].addr[1]);
    }
    CSR_WRITE(pmpcfg2, first);
    CSR_WRITE(pmpcfg3, second);
    has_windows = has_some;
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
    if (mpu == loaded)
        return;
    load_windows(mpu);
    CSR_WRITE(pmpaddr0, mpu->map.addr[0]);
    CSR_WRITE(pmpaddr1, mpu->map.addr[1]);
    CSR_WRITE(pmpaddr2, mpu->map.addr[2]);
    CSR_WRITE(pmpaddr3, mpu->map.addr[3]);
    /* Last, even if the value stays: QEMU 7.2 forgets cached permissions
     * only when a pmpcfg is written. */
    CSR_WRITE(pmpcfg0, PMP_CFG_PROCESS);
    loaded = mpu;
}

void pmp_init(uint32_t guard_start, uint32_t guard_size)
{
    CSR_WRITE(pmpcfg0, 0);
    CSR_WRITE(pmpcfg1, 0);
    CSR_WRITE(pmpcfg2, 0);
    CSR_WRITE(pmpcfg3, 0);
    CSR_WRITE(pmpaddr7, guard_start >> 2 | ((guard_size >> 3) - 1));
    CSR_WRITE(pmpcfg1, (PMP_CFG_LOCKED | PMP_CFG_NAPOT) << 24);
}

/* Entries that are not locked do not bind the kernel. */
void arch_flash_open(void)
{
}

void arch_flash_close(void)
{
    __asm__ volatile("fence.i" ::: "memory");
}
