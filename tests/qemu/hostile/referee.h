/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The driver that counts the attempts of tests/qemu/hostile/attack.c, because
 * the attacker itself remembers nothing: most of its lives end by a fault, and
 * a new one begins with zeros.
 *
 *   command 0            success
 *   command 1 next  last success-u32: number of the attempt that begins now,
 *                        from 0; last, and the same for ever, when all are done
 *   command 2 survived   success; the attempt did no harm to its process
 *
 * It prints 64 verdicts a line, then the end, each behind a line end of its
 * own, for an app may have written half a line:
 *   referee <number of the first> <verdicts>
 *   referee: done
 * with for each attempt a: survived, f: the process's life ended, t: nothing
 * happened for REFEREE_PATIENCE_MS, so the process was given a fault.
 */

#define REFEREE_DRIVER      0x9f001u
#define REFEREE_NEXT        1u
#define REFEREE_SURVIVED    2u
#define REFEREE_PATIENCE_MS 60u
