/* SPDX-License-Identifier: MIT OR Apache-2.0 */
typedef void entry(int);

void one(void);
void one(void)
{
}

entry *other(void)
{
    return (entry *)one; /* BAD cast */
}
