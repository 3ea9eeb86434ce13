/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Forced into every capsule before its first line: what a capsule must not
 * use is an error at the word. */
#pragma GCC poison asm __asm __asm__
#pragma GCC poison malloc calloc realloc free
#pragma GCC poison setjmp longjmp alloca __builtin_alloca
