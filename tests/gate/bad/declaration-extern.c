/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* OBJECT foreign symbol 'process_table' [symbol] */
extern int process_table[8]; /* BAD word state */

int first(void)
{
    return process_table[0];
}
