package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;
import static dev.attache.iptables.ebpf.assembly.Register.R3;
import static dev.attache.iptables.ebpf.assembly.Register.R6;
import static dev.attache.iptables.ebpf.assembly.Register.R7;
import static dev.attache.iptables.ebpf.assembly.Register.R8;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Assembly;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.KernelFunction;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Width;

/**
 * The sk_lookup program: gives a connection that comes in from outside to the proxy's inbound
 * listener, whatever the port. The accepted socket's own address is the one the client used, so
 * nothing needs remembering. While the proxy does not listen, connections are refused rather than
 * let through around it.
 */
public final class InboundProgram {
    private static final int FAMILY = 8;
    private static final int PROTOCOL = 12;
    private static final int REMOTE_IP4 = 16;
    private static final int REMOTE_IP6 = 20;
    private static final int LOCAL_PORT = 60;
    private static final int INGRESS_INTERFACE = 64;
    private static final int AF_INET6 = 10;
    private static final int TCP = 6;
    private static final int TRIE_KEY = -32;
    private static final int TRIE_KEY_BITS = 128;

    /** The loopback interface is the first of every network namespace. */
    private static final int LOOPBACK_INTERFACE = 1;

    private static final int PASS = 1;
    private static final int DROP = 0;

    private final Assembler asm = new Assembler();
    private final Body body = new Body(asm);
    private final Label pass = asm.label("pass");
    private final Label steered = asm.label("steered");

    private InboundProgram() {}

    /** Returns the program. */
    public static Assembly of(Policy policy) {
        return new InboundProgram().assemble(policy);
    }

    private Assembly assemble(Policy policy) {
        Label capture = asm.label("capture");
        body.begin();
        asm.load(Width.WORD, R1, R6, PROTOCOL);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, TCP, pass);
        if (!policy.ipv6()) {
            asm.load(Width.WORD, R1, R6, FAMILY);
            asm.jumpIf(R1, Comparison.EQUAL, AF_INET6, pass);
        }
        asm.load(Width.WORD, R1, R6, INGRESS_INTERFACE);
        asm.jumpIf(R1, Comparison.EQUAL, LOOPBACK_INTERFACE, pass);
        interfaces(policy.interfaces());
        ports(policy, capture);
        asm.place(capture);
        passIfFromThisHost();
        for (int slot = 0; slot < Maps.LISTENERS.entries(); slot++) {
            steerTo(slot);
        }
        body.count(Counter.INBOUND_REFUSED);
        body.result(DROP);
        asm.place(steered);
        body.count(Counter.INBOUND);
        asm.place(pass);
        body.result(PASS);
        return asm.assemble();
    }

    private void interfaces(Policy.Interfaces rules) {
        Label included = asm.label("included");
        for (int index : rules.excluded()) {
            asm.jumpIf(R1, Comparison.EQUAL, index, pass);
        }
        if (!rules.included().isEmpty()) {
            for (int index : rules.included()) {
                asm.jumpIf(R1, Comparison.EQUAL, index, included);
            }
            asm.jump(pass);
        }
        asm.place(included);
    }

    /**
     * Lets pass what comes from an address of this host: the kernel names the interface that has
     * the destination's address even for a connection that never left the host.
     */
    private void passIfFromThisHost() {
        Label ipv4 = asm.label("from ipv4");
        Label written = asm.label("source written");
        asm.store(Width.WORD, FP, TRIE_KEY, TRIE_KEY_BITS);
        asm.load(Width.WORD, R1, R6, FAMILY);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, AF_INET6, ipv4);
        for (int at = 0; at < 16; at += 4) {
            asm.load(Width.WORD, R1, R6, REMOTE_IP6 + at);
            asm.store(Width.WORD, FP, TRIE_KEY + 4 + at, R1);
        }
        asm.jump(written);
        asm.place(ipv4);
        asm.store(Width.WORD, FP, TRIE_KEY + 4, 0);
        asm.store(Width.WORD, FP, TRIE_KEY + 8, 0);
        asm.store(Width.WORD, FP, TRIE_KEY + 12, Body.MAPPED_WORD);
        asm.load(Width.WORD, R1, R6, REMOTE_IP4);
        asm.store(Width.WORD, FP, TRIE_KEY + 16, R1);
        asm.place(written);
        body.lookup(Maps.LOCAL, TRIE_KEY);
        asm.jumpIf(R0, Comparison.NOT_EQUAL, 0, pass);
    }

    private void ports(Policy policy, Label capture) {
        asm.load(Width.WORD, R1, R6, LOCAL_PORT);
        asm.jumpIf(R1, Comparison.EQUAL, policy.proxy().tunnelPort(), pass);
        if (policy.inbound().all()) {
            for (int port : policy.inbound().excludedPorts()) {
                asm.jumpIf(R1, Comparison.EQUAL, port, pass);
            }
            return;
        }
        for (int port : policy.inbound().ports()) {
            asm.jumpIf(R1, Comparison.EQUAL, port, capture);
        }
        asm.jump(pass);
    }

    private void steerTo(int slot) {
        Label next = asm.label("slot after " + slot);
        asm.store(Width.WORD, FP, Body.SMALL_KEY, slot);
        body.lookup(Maps.LISTENERS, Body.SMALL_KEY);
        asm.jumpIf(R0, Comparison.EQUAL, 0, next);
        asm.move(R7, R0);
        asm.move(R1, R6);
        asm.move(R2, R7);
        asm.move(R3, 0);
        asm.call(KernelFunction.SK_ASSIGN);
        asm.move(R8, R0);
        asm.move(R1, R7);
        asm.call(KernelFunction.SK_RELEASE);
        asm.jumpIf(R8, Comparison.EQUAL, 0, steered);
        asm.place(next);
    }
}
