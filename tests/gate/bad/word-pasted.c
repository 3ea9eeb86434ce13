/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#define PASTE(a, b) a##b /* BAD directive */

void wait(void)
{
    PASTE(__as, m__)("wfi"); /* BAD word */
}
