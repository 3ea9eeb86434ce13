/* SPDX-License-Identifier: MIT OR Apache-2.0 */
_Atomic int counter; /* BAD word state */
