# Sample apps; the rules come with apps/module.mk.
