/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * An app that attacks the switch between kernel and process on Cortex-M; the
 * typed character says how. tests/qemu/cortexm.py builds and uses it.
 */
#include "tock/console.h"
#include "tock/memory.h"
#include "tock/printf.h"

#include <stdbool.h>

/* The kernel's RAM is the beginning of this much around the app's. */
#define RAM_AREA 0x200000u

static uint32_t kernel_ram(void)
{
    return memory_addr(TOCK_MEMOP_RAM_START) & ~(RAM_AREA - 1);
}

static void on_read(uint32_t status, uint32_t len, uint32_t unused,
                    void *context)
{
    (void)status;
    (void)len;
    (void)unused;
    *(bool *)context = true;
}

static char next_char(void)
{
    char typed = 0;
    bool done = false;

    console_read(&typed, 1, on_read, &done);
    while (!done)
        syscall_yield_wait();
    return typed;
}

/* A call whose frame the hardware cannot put on the stack. */
static void call_without_stack(uint32_t sp)
{
    __asm__ volatile("mov sp, %0\n\t"
                     "svc 2\n\t"
                     "svc 2" ::"r"(sp)
                     : "memory");
}

static uint32_t raise_privilege(void)
{
    uint32_t control;

    __asm__ volatile("cpsid i\n\tcpsid f\n\t"
                     "msr control, %1\n\tisb\n\t"
                     "mrs %0, control"
                     : "=r"(control)
                     : "r"(0)
                     : "memory");
    return control;
}

/*
 * Has the console write 32 typed bytes over the very frame that the waiting
 * process left on its stack, and takes the answer without an upcall, so that
 * the kernel has no reason to make that frame anew.
 */
static void overwrite_own_frame(void)
{
    uint32_t sp;

    syscall_subscribe(TOCK_DRIVER_CONSOLE, 2, NULL, NULL);
    __asm__ volatile("mov %0, sp" : "=r"(sp));
    sp = (sp - 64u) & ~7u;
    syscall_allow_rw(TOCK_DRIVER_CONSOLE, 1, (void *)(sp - 32u), 32);
    syscall_command(TOCK_DRIVER_CONSOLE, 2, 32, 0);
    printf("hostile: send a frame\n");
    __asm__ volatile("mov sp, %0\n\t"
                     "movs r0, #2\n\tmovs r1, #1\n\tmovs r2, #2\n\t"
                     "svc 0" ::"r"(sp)
                     : "r0", "r1", "r2", "memory");
}

/* Puts the stack into new memory and gives that back, in a call whose answer
 * belongs on that stack. */
static void give_back_the_stack(void)
{
    uint32_t old;

    memory_grow(256, &old);
    __asm__ volatile("mov sp, %0\n\t"
                     "movs r0, #0\n\tmov r1, %1\n\t"
                     "svc 5" ::"r"(old + 256u),
                     "r"(old)
                     : "r0", "r1", "memory");
}

/* ARMv8-M: the registers that limit the stacks are not the process's. */
static void move_stack_limits(void)
{
    __asm__ volatile("mov r0, sp\n\t"
                     ".inst.w 0xf380880a\n\t" /* msr msplim, r0 */
                     ".inst.w 0xf380880b" /* msr psplim, r0 */ ::
                         : "r0");
}

/* ARMv8-M: out of the Secure state, to where no memory is Non-secure. */
static void leave_secure_state(void)
{
    __asm__ volatile("adr r0, 1f\n\t"
                     ".inst.n 0x4704\n\t" /* bxns r0 */
                     ".balign 4\n\t"
                     "1: nop" ::
                         : "r0");
}

static void call_nonsecure_code(void)
{
    __asm__ volatile("adr r0, 1f\n\t"
                     ".inst.n 0x4784\n\t" /* blxns r0 */
                     ".balign 4\n\t"
                     "1: nop" ::
                         : "r0", "lr", "memory");
}

/* ARMv8-M: the end of a call that no Non-secure code made. The stack says that
 * an exception handler made it. */
static void return_from_nonsecure_code(void)
{
    __asm__ volatile("ldr r0, =0x01000003\n\t"
                     "adr r1, 1f\n\t"
                     "push {r0}\n\t"
                     "push {r1}\n\t"
                     "ldr r0, =0xfeffffff\n\t"
                     "bx r0\n\t"
                     ".balign 4\n\t"
                     "1: nop" ::
                         : "r0", "r1", "memory");
}

/* Every answer must be that of its own call, whatever interrupts. */
static void call_in_a_loop(void)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < 200000; i++) {
        struct syscall_return ret =
            syscall_command(TOCK_DRIVER_CONSOLE, i % 2 == 0 ? 0 : 99, i, i);

        if (ret.variant != (i % 2 == 0 ? TOCK_SUCCESS : TOCK_FAILURE))
            wrong++;
    }
    printf("hostile: 200000 calls, %lu wrong answers\n", wrong);
}

static void attack(char how)
{
    switch (how) {
    case 'k':
        call_without_stack(kernel_ram() + 0x8000u);
        break;
    case 'a':
        call_without_stack(memory_addr(TOCK_MEMOP_RAM_START) + 8u);
        break;
    case 'g':
        call_without_stack(memory_addr(TOCK_MEMOP_RAM_END));
        break;
    case 'z':
        call_without_stack(0);
        break;
    case 'p':
        printf("hostile: control %lx\n", raise_privilege());
        *(volatile uint32_t *)kernel_ram() = 1;
        break;
    case 'f':
        overwrite_own_frame();
        break;
    case 'b':
        give_back_the_stack();
        break;
    case 'r':
        __asm__ volatile("bx %0" ::"r"(0xfffffff9u));
        break;
    case 'x':
        __asm__ volatile("bkpt 0xab");
        break;
    case 'u':
        __asm__ volatile("svc 0xbd");
        break;
    case 'n':
        __asm__ volatile(".inst.n 0xee30, 0x0a00"); /* vadd.f32 */
        break;
    case 'm':
        move_stack_limits();
        break;
    case 'e':
        leave_secure_state();
        break;
    case 'c':
        call_nonsecure_code();
        break;
    case 'd':
        return_from_nonsecure_code();
        break;
    case 'l':
        call_in_a_loop();
        break;
    default:
        break;
    }
}

int main(void)
{
    for (;;) {
        printf("hostile: ready\n");
        attack(next_char());
        printf("hostile: still here\n");
    }
}
