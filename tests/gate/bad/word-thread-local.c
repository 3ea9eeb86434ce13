/* SPDX-License-Identifier: MIT OR Apache-2.0 */
_Thread_local int mine; /* BAD word state */
