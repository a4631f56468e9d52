// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_bench_probe - a kretprobe that does nothing
 *
 * What a hit of it takes is what a hit of any kretprobe takes before it has done
 * anything.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static char *symbol;
module_param(symbol, charp, 0400);
MODULE_PARM_DESC(symbol, "The function to probe");

static int lkp_bench_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return 0;
}

NOKPROBE_SYMBOL(lkp_bench_entry);

static int lkp_bench_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return 0;
}

NOKPROBE_SYMBOL(lkp_bench_return);

static struct kretprobe lkp_bench_rp = {
	.entry_handler	= lkp_bench_entry,
	.handler	= lkp_bench_return,
	.data_size	= sizeof(u64),
};

static int __init lkp_bench_probe_init(void)
{
	lkp_bench_rp.kp.symbol_name = symbol;

	return register_kretprobe(&lkp_bench_rp);
}
module_init(lkp_bench_probe_init);

static void __exit lkp_bench_probe_exit(void)
{
	unregister_kretprobe(&lkp_bench_rp);
}
module_exit(lkp_bench_probe_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("Benchmark: a probe that does nothing");
