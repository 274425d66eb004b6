/**
 * A typed assembler for eBPF: instructions as methods, jumps to labels, references to maps that are
 * resolved when the program is loaded, and a disassembler for people. Knows the instruction set and
 * nothing of what the programs do.
 *
 * <p>Source: RFC 9669 (BPF Instruction Set Architecture).
 */
@NullMarked
package dev.attache.iptables.ebpf.assembly;

import org.jspecify.annotations.NullMarked;
