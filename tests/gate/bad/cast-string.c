/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void write(void)
{
    char *text = (char *)"none"; /* BAD cast */

    *text = 'N';
}
