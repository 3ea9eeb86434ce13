/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* OBJECT 'perhaps' is WEAK FUNC [symbol] */
__attribute__((weak)) void perhaps(void) /* BAD word */
{
}
