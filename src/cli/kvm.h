/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm.h - whether KVM works on this host
 */
#ifndef LKP_KVM_H
#define LKP_KVM_H

#include <stdbool.h>

/* A kernel that runs under KVM reports well within this time, in seconds. */
#define KVM_START_LIMIT_S 15

enum kvm_answer {
	KVM_NO,		/* absent, not accessible, or known to hang */
	KVM_YES,	/* known to work */
	KVM_MAYBE,	/* to be tried */
};

enum kvm_answer kvm_works(void);
void kvm_remember(bool works);

#endif
