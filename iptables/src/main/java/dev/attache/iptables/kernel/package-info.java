/**
 * The Linux system calls that the JDK lacks, by the foreign-function API: bpf(2), getsockopt(2) for
 * the original destination, setns(2), pidfd_getfd(2) and mount(2). Linux on x86-64 only; the
 * classes here know the kernel's ABI and nothing of interception.
 */
@NullMarked
package dev.attache.iptables.kernel;

import org.jspecify.annotations.NullMarked;
