# SPDX-License-Identifier: MIT OR Apache-2.0
LIB_SRC += lib/tab/metadata.c lib/tab/tab.c lib/tab/tarfile.c

# libarchive as a static library, of which the linker keeps only the tar code
# (lib/tab/tarfile.h says why). libz is looked at by parts that it leaves out,
# and must be named because libelf brings it as well.
LIB_LIBS += -Wl,--gc-sections -Wl,-Bstatic -larchive -Wl,-Bdynamic -lz
