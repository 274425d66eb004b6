/**
 * The BPF programs of interception, written with the assembler: what the flags ask for is compiled
 * into the instructions, what changes while they run (local addresses, sockets, flows) is in maps.
 */
@NullMarked
package dev.attache.iptables.ebpf.program;

import org.jspecify.annotations.NullMarked;
