/* SPDX-License-Identifier: MIT OR Apache-2.0 */
__attribute__((naked)) void bare(void) /* BAD word */
{
}
