/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void wait(void);
void wait(void)
{
    __asm__("wfi"); /* BAD word */
}
