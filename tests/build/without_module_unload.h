/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the compiler's -include: the kernel as if no module could be unloaded.
 * What is compiled so cannot be loaded into it, for struct module is another one.
 */
#undef CONFIG_MODULE_UNLOAD
