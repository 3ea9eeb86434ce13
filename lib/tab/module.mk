# SPDX-License-Identifier: MIT OR Apache-2.0
LIB_SRC += lib/tab/tarfile.c lib/tab/metadata.c lib/tab/tab.c

# libarchive as a static library, of which the linker keeps only the tar code:
# lib/tab/tarfile.h says why.
LIB_LIBS += -Wl,--gc-sections -Wl,-Bstatic -larchive -Wl,-Bdynamic
