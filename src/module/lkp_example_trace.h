/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracepoint of lkp_example: one event for each change of the message.
 *
 *	# echo 1 > /sys/kernel/tracing/events/lkp_example/enable
 *	# cat /sys/kernel/tracing/trace_pipe
 *
 * The text is not in it: who may read traces need not be allowed to read the
 * message.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM lkp_example

#if !defined(_LKP_EXAMPLE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _LKP_EXAMPLE_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(lkp_example_update,
	    TP_PROTO(u64 generation, size_t size),
	    TP_ARGS(generation, size),

	    TP_STRUCT__entry(__field(u64, generation)
			     __field(size_t, size)
	    ),

	    TP_fast_assign(__entry->generation = generation;
			   __entry->size = size;
	    ),

	    TP_printk("generation=%llu size=%zu", __entry->generation,
		      __entry->size)
);

#endif /* _LKP_EXAMPLE_TRACE_H */

/* The header is read again by one of the kernel's, which must find it. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE lkp_example_trace
#include <trace/define_trace.h>
