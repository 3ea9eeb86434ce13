/* SPDX-License-Identifier: MIT OR Apache-2.0 */
char *writable(const char *text)
{
    return text; /* BAD cast compiler */
}
