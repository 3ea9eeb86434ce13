# SPDX-License-Identifier: MIT OR Apache-2.0
# Sample apps: $(B)/apps/<app>/<app>.tab for each app of apps/module.mk.
#
# An ELF file is named <architecture>.elf or <architecture>.<flash>.<ram>.elf:
# elf2tbf names the objects in the TAB after it.

APP_INC := -Ilib/abi/include -Ilib/base/include -Iapps/lib -Iapps/lib/include

# All addresses of data come from a table that crt0 fills; r9 points to it.
APP_PIC := -mthumb -mfloat-abi=soft -fPIC -msingle-pic-base \
	-mpic-register=r9 -mno-pic-data-is-text-relative

define app_cortex
APP_CROSS_$(1) := $(ARM)
APP_CPU_$(1)   := -mcpu=$(1) $(APP_PIC)
APP_LD_$(1)    := -Wl,--emit-relocs
APP_PORT_$(1)  := apps/lib/cortex-m
endef
define app_riscv
APP_CROSS_$(1) := $(RISCV)
APP_CPU_$(1)   := -march=$(1) -mabi=ilp32 -mcmodel=medlow
APP_PORT_$(1)  := apps/lib/rv32
endef
$(foreach a,$(APP_CORTEX),$(eval $(call app_cortex,$(a))))
$(foreach a,$(APP_RISCV),$(eval $(call app_riscv,$(a))))
APP_ARCHS := $(APP_CORTEX) $(APP_RISCV)

# $(1) architecture.
app_cc  = $(APP_CROSS_$(1))gcc $(TARGET_FLAGS) $(APP_CPU_$(1)) $(APP_INC) \
	-I$(APP_PORT_$(1))/include
app_lib = $(addprefix $(B)/apps/lib/$(1)/,crt0.o $(notdir $(APP_LIB:.c=.o)))

# $(1) app.
app_folder  = $(or $(APP_FOLDER_$(1)),apps/$(1))
app_name    = $(or $(APP_NAME_$(1)),$(1))
app_version = $(or $(APP_VERSION_$(1)),1)
# $(1) app, $(2) architecture.
app_objects = $(patsubst $(app_folder)/%.c,$(B)/apps/$(1)/$(2)/%.o,$(wildcard $(app_folder)/*.c))

# $(1) folder of objects, $(2) of their sources, $(3) architecture, $(4) flags.
define app_compile
$(1)/%.o: $(2)/%.c
	$$(call say,CC,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)$$(call app_cc,$(3)) $(4) -c $$< -o $$@

$(1)/%.o: $(2)/%.S
	$$(call say,AS,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)$$(call app_cc,$(3)) $(4) -c $$< -o $$@
endef

# $(1) app, $(2) architecture, $(3) name of the ELF, $(4) flash, $(5) RAM.
define app_link
$(B)/apps/$(1)/$(3).elf: $(app_objects) $(call app_lib,$(2)) apps/userland.ld
	$$(call say,LD,$$@)
	$(Q)$(APP_CROSS_$(2))gcc $(TARGET_LDFLAGS) $(APP_CPU_$(2)) $(APP_LD_$(2)) \
		-Wl,--defsym=FLASH_ORIGIN=$(4),--defsym=SRAM_ORIGIN=$(5) \
		-Wl,--defsym=STACK_SIZE=$(APP_STACK) -T apps/userland.ld \
		$$(filter %.o,$$^) -lgcc -o $$@
$(B)/apps/$(1)/$(1).tab: $(B)/apps/$(1)/$(3).elf
endef

# $(1) app.
define app_tab
$(B)/apps/$(1)/$(1).tab: $(B)/bin/elf2tbf
	$$(call say,TAB,$$@)
	$(Q)$(B)/bin/elf2tbf -n $(app_name) --app-version $(app_version) \
		--stack $(APP_STACK) --app-heap $(APP_HEAP) \
		--kernel-heap $(APP_KERNEL_HEAP) --kernel-major 2 --kernel-minor 2 \
		--deterministic $(APP_OPTIONS_$(1)) -o $$@ $$(filter %.elf,$$^) $(if $(V),,>/dev/null)
endef

$(foreach a,$(APP_ARCHS),$(foreach d,$(APP_PORT_$(a)) $(sort $(dir $(APP_LIB))),\
	$(eval $(call app_compile,$(B)/apps/lib/$(a),$(d:/=),$(a)))))
$(foreach p,$(APPS_SAMPLE),$(foreach a,$(APP_ARCHS),\
	$(eval $(call app_compile,$(B)/apps/$(p)/$(a),$(call app_folder,$(p)),$(a),-DAPP_VERSION=$(call app_version,$(p))))))
$(foreach p,$(APPS_SAMPLE),$(foreach a,$(APP_CORTEX),\
	$(eval $(call app_link,$(p),$(a),$(a),0x80000000,0))))
$(foreach p,$(APPS_SAMPLE),$(foreach a,$(APP_RISCV),$(foreach s,$(APP_SLOTS),\
	$(eval $(call app_link,$(p),$(a),$(a).$(s),$(basename $(s)),$(patsubst .%,%,$(suffix $(s))))))))
$(foreach p,$(APPS_SAMPLE),$(eval $(call app_tab,$(p))))

APP_TABS := $(foreach p,$(APPS_SAMPLE),$(B)/apps/$(p)/$(p).tab)
