/**
 * Interception without netfilter: attaches the programs of {@code ebpf.program} to a cgroup and a
 * network namespace, pins them so that they outlive the process, and takes them away again. The
 * command is {@code attache intercept ebpf}.
 */
@NullMarked
package dev.attache.iptables.ebpf;

import org.jspecify.annotations.NullMarked;
