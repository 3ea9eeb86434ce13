/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/text.h"

const char *tbf_status_text(enum tbf_status status)
{
    static const char *const texts[] = {
        [TBF_OK] = "ok",
        [TBF_END] = "end of the list of apps",
        [TBF_END_BAD] = "total size is below 16 or no multiple of 4",
        [TBF_BEYOND] = "total size reaches past the end",
        [TBF_BAD_HEADER_SIZE] = "header size is below 16, above the total "
                                "size or no multiple of 4",
        [TBF_TRUNCATED] = "fewer bytes than the header needs",
        [TBF_BAD_CHECKSUM] = "header checksum does not match",
        [TBF_BAD_ENTRIES] = "header entry passes the end of the header",
        [TBF_BAD_LENGTH] = "header entry has a wrong length for its type",
        [TBF_BAD_NAME] = "package name is not UTF-8",
        [TBF_BAD_PERMISSIONS] = "permissions entry is shorter than its count "
                                "needs",
        [TBF_NO_PROGRAM] = "header has neither a Main nor a Program entry",
        [TBF_BAD_PROTECTED] = "protected region passes the end of the binary",
        [TBF_BAD_BINARY_END] = "binary end passes the total size",
        [TBF_BAD_ENTRY_POINT] = "entry point lies outside the binary",
        [TBF_BAD_REGION] = "writeable flash region lies outside the binary",
        [TBF_PADDING] = "padding",
        [TBF_DISABLED] = "disabled",
        [TBF_NO_KERNEL_VERSION] = "header has no kernel version",
        [TBF_WRONG_KERNEL] = "made for another kernel version",
        [TBF_WRONG_FLASH] = "linked for another flash address",
        [TBF_TOO_LONG] = "header is above 2048 bytes, or name above 255",
    };

    if ((uint32_t)status >= ARRAY_COUNT(texts))
        return "unknown status";
    return texts[status];
}

const char *tbf_type_text(uint32_t type)
{
    switch (type) {
    case TBF_TYPE_MAIN:
        return "Main";
    case TBF_TYPE_WRITEABLE_REGIONS:
        return "Writeable Flash Regions";
    case TBF_TYPE_NAME:
        return "Package Name";
    case TBF_TYPE_PIC_OPTION_1:
        return "PIC Option 1";
    case TBF_TYPE_FIXED_ADDRESSES:
        return "Fixed Addresses";
    case TBF_TYPE_PERMISSIONS:
        return "Permissions";
    case TBF_TYPE_STORAGE:
        return "Storage Permissions";
    case TBF_TYPE_KERNEL_VERSION:
        return "Kernel Version";
    case TBF_TYPE_PROGRAM:
        return "Program";
    case TBF_TYPE_SHORT_ID:
        return "Short ID";
    case TBF_TYPE_CREDENTIALS:
        return "Credentials";
    default:
        return "unknown";
    }
}

const char *tbf_credential_text(uint32_t format)
{
    switch (format) {
    case TBF_CREDENTIAL_RESERVED:
        return "Reserved";
    case TBF_CREDENTIAL_RSA3072:
        return "RSA-3072";
    case TBF_CREDENTIAL_RSA4096:
        return "RSA-4096";
    case TBF_CREDENTIAL_SHA256:
        return "SHA-256";
    case TBF_CREDENTIAL_SHA384:
        return "SHA-384";
    case TBF_CREDENTIAL_SHA512:
        return "SHA-512";
    case TBF_CREDENTIAL_ECDSA_P256:
        return "ECDSA P-256";
    case TBF_CREDENTIAL_HMAC_SHA256:
        return "HMAC-SHA256";
    case TBF_CREDENTIAL_RSA2048:
        return "RSA-2048";
    case TBF_CREDENTIAL_CLEARTEXT_ID:
        return "cleartext id";
    default:
        return "unknown";
    }
}

const char *tbf_flag_text(uint32_t bit)
{
    if (bit >= 32)
        return NULL;
    switch (UINT32_C(1) << bit) {
    case TBF_FLAG_ENABLED:
        return "enabled";
    case TBF_FLAG_STICKY:
        return "sticky";
    default:
        return NULL;
    }
}
