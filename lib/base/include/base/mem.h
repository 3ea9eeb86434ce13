/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The four memory functions that compilers may call by themselves.
 *
 * On the host they are libc's; kernels and apps link lib/base/mem.c. Declared
 * here because the RISC-V cross compiler comes without a string.h.
 */

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int value, size_t len);
int memcmp(const void *a, const void *b, size_t len);
