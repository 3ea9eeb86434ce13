/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Raw text into the kernel's messages, line ends included: for the ports'
 * descriptions, which come in pieces. Others use kernel/debug.h. */
void debug_text(const char *text);
