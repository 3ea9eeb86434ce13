/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#define CAPABILITY "kernel/capability.h"
#include CAPABILITY /* BAD include */
