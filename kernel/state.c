/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "state.h"

struct kernel_state kernel;
