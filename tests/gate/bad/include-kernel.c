/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "kernel/capability.h" /* BAD include */
