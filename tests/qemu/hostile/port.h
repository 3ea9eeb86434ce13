/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Attacks in assembly: port_cortex_m.c, port_rv32.c. */

#include <stdint.h>

/* Tells the referee that it survived and begins a new life: after code that
 * may have changed any register. */
void port_code(uint32_t address, uint32_t value);

/* A call of any class; returns what the first result register holds. */
uint32_t port_call(uint32_t class, uint32_t a0, uint32_t a1, uint32_t a2,
                   uint32_t a3);

/* With another stack pointer (RISC-V: and ra, gp, tp): a call, more than a
 * slice of computing, Yield-Wait. */
void port_sp_call(uint32_t sp);
void port_sp_wait(uint32_t sp);
void port_sp_yield(uint32_t sp);

/* An upcall that needs no stack. */
void port_upcall(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context);

/* The processor's own accesses; kinds from 0. */
void port_access(uint32_t kind, uint32_t address);
