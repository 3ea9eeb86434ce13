/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Ctrl-C and its relatives (SIGINT, SIGTERM, SIGHUP) as a question instead of
 * a sudden death.
 *
 * A tool calls interrupt_catch once. From then on the first such signal only
 * sets a mark; loops that may stop between two steps ask interrupt_pending
 * and give up with ERR_INTERRUPT, removing what they had begun. The second
 * signal ends the process at once.
 */

#include <stdbool.h>

void interrupt_catch(void);
bool interrupt_pending(void);
