/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What a run made, in words. */

#include "convert.h"

/* Two lines about the TAB and one for each object. */
void report_summary(const struct cmdline *cmdline,
                    const struct product *products, FILE *to);

/* Every byte of one object: where it came from and why it is there. */
void report_object(const struct product *product, FILE *to);
