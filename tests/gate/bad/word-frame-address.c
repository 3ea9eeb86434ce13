/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void *frame(void)
{
    return __builtin_frame_address(0); /* BAD word */
}
