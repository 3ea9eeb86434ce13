/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* OBJECT writable .data.last of 4 bytes [state] */
const char *last = "none"; /* BAD state */
