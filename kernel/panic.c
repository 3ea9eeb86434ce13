/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "debug_text.h"
#include "kernel/debug.h"
#include "state.h"

/* What was said before and has not gone out must not be lost. */
static void flush_log(void)
{
    uint8_t bytes[33];
    uint32_t count;

    if (kernel.log.used == 0)
        return;
    debug_text("\r\n---| Debug buffer not empty. Flushing. May repeat some of "
               "last message(s):\r\n");
    do {
        count = log_peek((struct span){bytes, sizeof(bytes) - 1});
        log_drop(count);
        bytes[count] = '\0';
        debug_text((const char *)bytes);
    } while (count != 0);
}

/* From here on text goes out at once. A panic while panicking, or before the
 * board said how to print, only halts. */
static void begin(void)
{
    arch_irq_disable();
    if (kernel.is_panicking || kernel.config == NULL)
        arch_halt();
    kernel.is_panicking = true;
    flush_log();
}

static void report_all(void)
{
    const struct kernel_config *config = kernel.config;

    debug_line("\tKernel version %u.%u", TOCK_KERNEL_MAJOR, TOCK_KERNEL_MINOR);
    if (config->dump == NULL)
        return;
    debug_line("---| App Status |---");
    for (uint32_t i = 0; i < config->process_count; i++) {
        if (config->processes[i].state != PROCESS_EMPTY)
            config->dump(&config->processes[i]);
    }
}

_Noreturn void kernel_panic(const char *text, const char *file, uint32_t line)
{
    begin();
    debug_text("\r\n");
    debug_line("panicked at %s:%u:", file, (unsigned)line);
    debug_line("%s", text);
    report_all();
    arch_halt();
}

static void put(void *sink, const char *text)
{
    (void)sink;
    debug_text(text);
}

_Noreturn void kernel_exception(const char *text, arch_describe describe)
{
    begin();
    debug_text("\r\n");
    debug_line("panicked: %s", text);
    if (describe != NULL)
        describe(put, NULL);
    report_all();
    arch_halt();
}
