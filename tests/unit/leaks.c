/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Linked into every unit test: Criterion 2.4.1 never frees the nodes of its
 * new-style assertions, and the reports would hide real leaks.
 */

const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:cri_assert_node_add\n";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
