/* SPDX-License-Identifier: MIT OR Apache-2.0 */
int setjmp(int where[4]); /* BAD word declaration */
