/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h" /* BAD include */
