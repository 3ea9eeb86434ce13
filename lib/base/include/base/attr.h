/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Compiler attributes and the few macros that everything may use. */

/* The result is a status; ignoring it is a bug. */
#define MUST_USE __attribute__((warn_unused_result))

/* fmt is the 1-based index of the format, args that of its first argument. */
#define PRINTF_LIKE(fmt, args) __attribute__((format(__printf__, fmt, args)))

/* Kept out of its callers: rarely run, or measured by itself. */
#define NOINLINE __attribute__((noinline))

/* For the body of a hot loop that a test must also be able to call once. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* For the one condition that decides whether a hot path runs straight on. */
#define LIKELY(condition) __builtin_expect(!!(condition), 1)

/* Elements of a real array; never of a pointer. */
#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))
