/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A capsule that takes a subscript as it comes, for kernelcrash.py.
 */

#include "capsule/driver.h"

uint32_t subscript(const struct driver *driver, struct process *caller,
                   uint32_t at);
