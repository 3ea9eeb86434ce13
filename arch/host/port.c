/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/host.h"

#include "base/bits.h"
#include "base/mem.h"

#include <stdlib.h>

/* As strictly aligned as the target's memory, whose addresses are too. */
static _Alignas(4096) uint8_t flash[HOST_FLASH_SIZE];
static _Alignas(4096) uint8_t ram[HOST_RAM_SIZE];

enum place_kind host_place_kind = PLACE_ARMV7M;
uint32_t host_initial_app_size = 32;
struct host_cpu host_cpu;

static uint32_t last_stamp;

void host_reset(void)
{
    memset(flash, 0xff, sizeof(flash));
    memset(ram, 0xa5, sizeof(ram));
    host_cpu = (struct host_cpu){.irq_disabled = true};
    host_place_kind = PLACE_ARMV7M;
    host_initial_app_size = 32;
    host_devices_reset();
}

uint8_t *arch_bytes(uint32_t addr, uint32_t len)
{
    if (range_inside(addr, len, HOST_FLASH_START,
                     HOST_FLASH_START + HOST_FLASH_SIZE))
        return flash + (addr - HOST_FLASH_START);
    if (range_inside(addr, len, HOST_RAM_START, HOST_RAM_START + HOST_RAM_SIZE))
        return ram + (addr - HOST_RAM_START);
    abort();
}

uint8_t *host_memory(uint32_t addr)
{
    return arch_bytes(addr, 1);
}

void arch_context_reset(struct arch_context *ctx,
                        const struct arch_bounds *bounds)
{
    *ctx = (struct arch_context){.sp = bounds->app_break};
}

void arch_push_call(struct arch_context *ctx, uint32_t fn,
                    const uint32_t args[4])
{
    memcpy(ctx->regs, args, sizeof(ctx->regs));
    ctx->pc = fn;
    ctx->calls++;
}

bool arch_fits(const struct arch_context *ctx, const struct arch_bounds *bounds)
{
    (void)bounds;
    return !ctx->has_bad_stack;
}

void host_trap_next(struct arch_context *ctx, uint32_t trap,
                    const uint32_t args[4])
{
    for (uint32_t i = 0; i < 4; i++)
        ctx->regs[i] = args[i];
    ctx->trap = trap;
    ctx->has_trap = true;
}

static void spend(uint32_t us)
{
    host_slice.left_us -= us < host_slice.left_us ? us : host_slice.left_us;
}

static bool must_come_back(void)
{
    return host_chip.has_work ||
           (host_slice.is_running && host_slice.left_us == 0);
}

uint32_t arch_run(struct arch_context *ctx, const struct arch_bounds *bounds)
{
    (void)bounds;
    if (must_come_back())
        return ARCH_TRAP_INTERRUPT;
    host_cpu.runs++;
    spend(host_slice.syscall_cost_us);
    if (!ctx->has_trap && (host_cpu.idle == NULL || !host_cpu.idle(ctx)))
        spend(host_slice.left_us);
    if (!ctx->has_trap)
        return ARCH_TRAP_INTERRUPT;
    ctx->has_trap = false;
    return ctx->trap;
}

bool arch_mpu_plan(struct arch_mpu *mpu, const struct place_block *block,
                   uint32_t app_break, uint32_t kernel_break,
                   uint32_t flash_start, uint32_t flash_size)
{
    uint32_t enabled_end;

    if (!place_enabled_end(host_place_kind, block, app_break, kernel_break,
                           &enabled_end) ||
        !place_flash_fits(host_place_kind, flash_start, flash_size))
        return false;
    mpu->ram = *block;
    mpu->app_break = app_break;
    mpu->kernel_break = kernel_break;
    mpu->enabled_end = enabled_end;
    mpu->flash_start = flash_start;
    mpu->flash_size = flash_size;
    mpu->stamp = ++last_stamp;
    return true;
}

bool arch_mpu_open(struct arch_mpu *mpu, uint32_t window, uint32_t addr,
                   uint32_t size)
{
    bool fits = place_flash_fits(host_place_kind, addr, size);

    mpu->windows[window] = (struct place_block){addr, fits ? size : 0};
    mpu->stamp = ++last_stamp;
    return fits;
}

void arch_mpu_close(struct arch_mpu *mpu, uint32_t window)
{
    mpu->windows[window] = (struct place_block){0};
    mpu->stamp = ++last_stamp;
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
    if (host_cpu.mpu_stamp == mpu->stamp)
        return;
    host_cpu.mpu_stamp = mpu->stamp;
    host_cpu.mpu_loads++;
}

void arch_flash_open(void)
{
    if (host_cpu.flash_is_open)
        abort();
    host_cpu.flash_is_open = true;
    host_cpu.flash_opens++;
}

void arch_flash_close(void)
{
    if (!host_cpu.flash_is_open)
        abort();
    host_cpu.flash_is_open = false;
}

void arch_irq_disable(void)
{
    host_cpu.irq_disabled = true;
}

void arch_irq_enable(void)
{
    host_cpu.irq_disabled = false;
}

void arch_wait_for_interrupt(void)
{
    if (!host_cpu.irq_disabled)
        abort();
    host_cpu.waits++;
}

void arch_describe_fault(const struct arch_context *ctx,
                         const struct arch_bounds *bounds, arch_put put,
                         void *sink)
{
    (void)ctx;
    (void)bounds;
    put(sink, "host registers\r\n");
}

void arch_halt(void)
{
    host_cpu.has_halted = true;
    if (host_cpu.on_halt != NULL)
        host_cpu.on_halt();
    abort();
}
