/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

Test(tbf_text, every_status_has_its_own_words)
{
    for (int a = TBF_OK; a <= TBF_TOO_LONG; a++) {
        const char *text = tbf_status_text((enum tbf_status)a);

        cr_assert(ne(ptr, (void *)text, NULL), "status %d", a);
        cr_expect(ne(chr, text[0], 0));
        for (int b = TBF_OK; b < a; b++)
            cr_expect(not(same(text, tbf_status_text((enum tbf_status)b))));
    }
    cr_expect(same(tbf_status_text(TBF_TOO_LONG + 1), "unknown status"));
    cr_expect(same(tbf_status_text((enum tbf_status) - 1), "unknown status"));
}

Test(tbf_text, types_and_formats_have_names)
{
    for (uint32_t type = 1; type <= 10; type++)
        cr_expect(not(same(tbf_type_text(type), "unknown")));
    cr_expect(same(tbf_type_text(TBF_TYPE_CREDENTIALS), "Credentials"));
    cr_expect(same(tbf_type_text(0), "unknown"));
    cr_expect(same(tbf_type_text(11), "unknown"));
    for (uint32_t format = 0; format < 0x200; format++) {
        uint32_t len;

        cr_expect(ne(int, same(tbf_credential_text(format), "unknown"),
                     tbf_credential_len(format, &len)),
                  "format %u", format);
    }
}

Test(tbf_text, the_two_flags_have_names)
{
    cr_expect(same(tbf_flag_text(0), "enabled"));
    cr_expect(same(tbf_flag_text(1), "sticky"));
    for (uint32_t bit = 2; bit < 40; bit++)
        cr_expect(eq(ptr, (void *)tbf_flag_text(bit), NULL));
}
