/* SPDX-License-Identifier: MIT OR Apache-2.0 */
__attribute__((constructor)) void early(void) /* BAD word */
{
}
