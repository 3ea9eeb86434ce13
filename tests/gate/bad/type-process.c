/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/process.h"

/* To look into it. */
struct process { /* BAD type */
    uint32_t first;
};

uint32_t first(const struct process *process)
{
    return process->first;
}
