/* SPDX-License-Identifier: MIT OR Apache-2.0 */
__attribute__((section(".text"))) const int code = 0; /* BAD word */
