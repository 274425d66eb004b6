package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;
import static dev.attache.iptables.ebpf.assembly.Register.R3;
import static dev.attache.iptables.ebpf.assembly.Register.R6;
import static dev.attache.iptables.ebpf.assembly.Register.R7;
import static dev.attache.iptables.ebpf.assembly.Register.R8;
import static dev.attache.iptables.ebpf.assembly.Register.R9;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Assembly;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.KernelFunction;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Operation;
import dev.attache.iptables.ebpf.assembly.Width;
import java.util.List;

/**
 * The programs of connect4, connect6, sendmsg4 and sendmsg6: decides as the chain ISTIO_OUTPUT of
 * istio-iptables does, in its order, and rewrites the destination to the proxy, remembering the
 * original with the socket.
 *
 * <p>Registers: R6 context, R7 port in network order, R8 protocol, R9 user and group.
 *
 * <p>Longer than files here should be: one program, in the order of its instructions.
 */
public final class RedirectProgram {
    private static final int FLOW = -40;
    private static final int TRIE_KEY = -64;
    private static final int LEARNT_KEY = -104;
    private static final long LEARNT_NANOS = 10_000_000_000L;
    private static final int TRIE_KEY_BITS = 128;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int MPTCP = 262;
    private static final int DNS_PORT = SockAddr.networkOrder(53);
    private static final Cidr LOOPBACK4 = Cidr.parse("127.0.0.1/32");
    private static final Cidr LOOPBACK6 = Cidr.parse("::1/128");

    /** What the proxy binds connections to that it makes on behalf of inbound ones. */
    private static final int INBOUND_SOURCE4 = 0x0600007f;

    private static final int INBOUND_SOURCE6_LAST = 0x06000000;

    private final Assembler asm = new Assembler();
    private final Body body = new Body(asm);
    private final Matching matching = new Matching(asm);
    private final Policy policy;
    private final SockAddr family;
    private final Identity identity;
    private final Routes routes;
    private final Label pass = asm.label("pass");
    private final Label proxy = asm.label("proxy");
    private final Label outbound = asm.label("outbound");
    private final Label selfInbound = asm.label("self inbound");
    private final Label dns = asm.label("dns");
    private final Label local = asm.label("local");
    private final Label refuse = asm.label("refuse");
    private final Label noMemory = asm.label("no memory");

    private RedirectProgram(Policy policy, boolean ipv6) {
        this.policy = policy;
        this.family = new SockAddr(asm, ipv6);
        this.identity = new Identity(asm, policy, SockAddr.SOCKET);
        this.routes = new Routes(asm, family, TRIE_KEY);
    }

    /** Returns the program of connect4 or connect6. */
    public static Assembly connect(Policy policy, boolean ipv6) {
        return new RedirectProgram(policy, ipv6).connect();
    }

    /** Returns the program of sendmsg4 or sendmsg6, for datagrams with an address of their own. */
    public static Assembly sendmsg(Policy policy, boolean ipv6) {
        return new RedirectProgram(policy, ipv6).sendmsg();
    }

    private Assembly connect() {
        Label tcp = asm.label("tcp");
        Label known = asm.label("known protocol");
        body.begin();
        asm.load(Width.WORD, R8, R6, SockAddr.PROTOCOL);
        asm.jumpIf(R8, Comparison.EQUAL, TCP, known);
        asm.jumpIf(R8, Comparison.EQUAL, UDP, known);
        if (policy.multipath()) {
            Label other = asm.label("other protocol");
            asm.jumpIf(R8, Comparison.NOT_EQUAL, MPTCP, other);
            asm.move(R8, TCP);
            asm.jump(known);
            asm.place(other);
        }
        body.result(1);
        asm.place(known);
        loadDestination();
        asm.jumpIf(R8, Comparison.EQUAL, TCP, tcp);
        decideQuery();
        asm.place(tcp);
        decideConnection();
        proxyBranch();
        redirect(outbound, Flow.OUTBOUND, policy.proxy().outboundPort(), Counter.OUTBOUND);
        redirect(
                selfInbound, Flow.SELF_INBOUND, policy.proxy().inboundPort(), Counter.SELF_INBOUND);
        redirect(dns, Flow.DNS, policy.dns().port(), Counter.DNS);
        followLocal();
        ends(true);
        return asm.assemble();
    }

    private Assembly sendmsg() {
        body.begin();
        asm.move(R8, UDP);
        family.loadPort(R7);
        asm.jumpIf(R7, Comparison.NOT_EQUAL, DNS_PORT, pass);
        loadDestination();
        decideQuery();
        asm.place(proxy);
        asm.jump(pass);
        redirect(dns, Flow.DNS, policy.dns().port(), Counter.DNS);
        ends(false);
        return asm.assemble();
    }

    /** What both protocols need, and the two rules that stand before all others. */
    private void loadDestination() {
        family.loadPort(R7);
        family.loadAddress(FLOW + Flow.ADDRESS);
        if (!policy.ipv6()) {
            family.jumpIfNative(FLOW + Flow.ADDRESS, pass);
        }
        trieKey();
        routes.jumpUnlessCaptured(policy.interfaces(), pass);
        matching.ports(R7, policy.outbound().excludedPorts(), pass);
        identity.jumpIfProxy(R9, proxy);
        proxyMark();
    }

    private void proxyMark() {
        if (policy.proxy().mark() != 0) {
            Label none = asm.label("no socket");
            body.socket(R1, SockAddr.SOCKET, none);
            asm.load(Width.WORD, R1, R1, SockAddr.SOCKET_MARK);
            asm.jumpIfLow(R1, Comparison.EQUAL, policy.proxy().mark(), proxy);
            asm.place(none);
        }
    }

    /**
     * The guard against a loop: a process that accepted a redirected connection a moment ago is the
     * proxy, though the flags name another. What it opens now would come back to it. A process that
     * asked long ago may be gone, and its number another's.
     */
    private void refuseUnnamedProxy() {
        Label other = asm.label("no unnamed proxy");
        identity.learntKey(R9, LEARNT_KEY);
        body.lookup(Maps.PROXIES, LEARNT_KEY);
        asm.jumpIf(R0, Comparison.EQUAL, 0, other);
        asm.load(Width.DOUBLE, R8, R0, 0);
        asm.call(KernelFunction.KTIME_GET_NS);
        asm.apply(Operation.SUBTRACT, R0, R8);
        asm.loadWide(R1, LEARNT_NANOS);
        asm.jumpIf(R0, Comparison.UNSIGNED_GREATER, R1, other);
        body.count(Counter.LOOP_UNNAMED);
        body.result(0);
        asm.place(other);
    }

    private void decideQuery() {
        groups();
        queries();
        asm.jump(pass);
    }

    private void decideConnection() {
        Label notLocal = asm.label("not local");
        Policy.Outbound rules = policy.outbound();
        if (!rules.includesLoopback()) {
            if (policy.dns().enabled()) {
                asm.jumpIf(R7, Comparison.EQUAL, DNS_PORT, notLocal);
            }
            lookupLocal();
            asm.jumpIf(R0, Comparison.NOT_EQUAL, 0, pass);
            asm.place(notLocal);
        }
        groups();
        queries();
        matching.blocks(family, FLOW, List.of(LOOPBACK4, LOOPBACK6), pass);
        matching.blocks(family, FLOW, rules.excludedBlocks(), pass);
        matching.ports(R7, rules.ports(), outbound);
        if (rules.all()) {
            asm.jump(outbound);
        } else {
            matching.blocks(family, FLOW, rules.blocks(), outbound);
            asm.jump(pass);
        }
    }

    private void groups() {
        List<Integer> only = policy.outbound().groups();
        if (only != null) {
            Label included = asm.label("included group");
            matching.groups(R9, only, included);
            asm.jump(pass);
            asm.place(included);
        }
        matching.groups(R9, policy.outbound().excludedGroups(), pass);
    }

    private void queries() {
        if (!policy.dns().enabled()) {
            return;
        }
        Label other = asm.label("no query");
        asm.jumpIf(R7, Comparison.NOT_EQUAL, DNS_PORT, other);
        if (policy.dns().all()) {
            asm.jump(dns);
        } else {
            matching.blocks(family, FLOW, policy.dns().servers(), dns);
        }
        asm.place(other);
    }

    /** R0 = 0 unless the destination is an address of this host. Loses R1 to R5. */
    private void lookupLocal() {
        body.lookup(Maps.LOCAL, TRIE_KEY);
    }

    private void trieKey() {
        asm.store(Width.WORD, FP, TRIE_KEY, TRIE_KEY_BITS);
        for (int at = 0; at < 16; at += 4) {
            asm.load(Width.WORD, R1, FP, FLOW + at);
            asm.store(Width.WORD, FP, TRIE_KEY + 4 + at, R1);
        }
    }

    private void proxyBranch() {
        Label away = asm.label("proxy to elsewhere");
        asm.place(proxy);
        asm.jumpIf(R8, Comparison.NOT_EQUAL, TCP, pass);
        lookupLocal();
        asm.jumpIf(R0, Comparison.EQUAL, 0, away);
        List<Integer> own = List.of(policy.proxy().outboundPort(), policy.proxy().inboundPort());
        matching.ports(R7, own, refuse);
        matching.blocks(family, FLOW, List.of(LOOPBACK4, LOOPBACK6), local);
        matching.ports(R7, List.of(policy.proxy().tunnelPort()), local);
        if (policy.dns().enabled()) {
            asm.jumpIf(R7, Comparison.EQUAL, DNS_PORT, local);
        }
        jumpIfInboundSource();
        asm.jump(selfInbound);
        asm.place(away);
        body.count(Counter.PROXY);
        asm.jump(pass);
    }

    /** Jumps to local if the proxy's socket is bound to the source of inbound connections. */
    private void jumpIfInboundSource() {
        body.socket(R2, SockAddr.SOCKET, local);
        asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_IP4);
        asm.jumpIfLow(R1, Comparison.EQUAL, INBOUND_SOURCE4, local);
        if (family.isIpv6()) {
            Label other = asm.label("other source");
            for (int at = 0; at < 12; at += 4) {
                asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_IP6 + at);
                asm.jumpIf(R1, Comparison.NOT_EQUAL, 0, other);
            }
            asm.load(Width.WORD, R1, R2, SockAddr.SOCKET_IP6 + 12);
            asm.jumpIfLow(R1, Comparison.EQUAL, INBOUND_SOURCE6_LAST, local);
            asm.place(other);
        }
    }

    private void redirect(Label label, int kind, int port, Counter counter) {
        asm.place(label);
        if (kind == Flow.OUTBOUND) {
            refuseUnnamedProxy();
        }
        remember(kind);
        if (kind == Flow.OUTBOUND) {
            routes.keepSource(FLOW);
        }
        family.rewriteToLoopback(FLOW, port);
        body.count(counter);
        body.result(1);
    }

    /** Gives the socket a flow of the destination on the stack. Loses R0 to R5. */
    private void remember(int kind) {
        asm.store(Width.HALF, FP, FLOW + Flow.PORT, R7);
        asm.store(Width.BYTE, FP, FLOW + Flow.KIND, kind);
        asm.store(Width.BYTE, FP, FLOW + Flow.SIDE, Flow.OPENED);
        asm.store(Width.WORD, FP, FLOW + Flow.PATH, Flow.TCP);
        asm.store(Width.DOUBLE, FP, FLOW + Flow.PEER, 0);
        body.socket(R2, SockAddr.SOCKET, noMemory);
        body.newFlowOfSocket();
        asm.jumpIf(R0, Comparison.EQUAL, 0, noMemory);
        body.copyFlow(R0, 0, FP, FLOW, R3);
    }

    private void followLocal() {
        asm.place(local);
        remember(Flow.LOCAL);
        body.count(Counter.PROXY);
        body.result(1);
    }

    /**
     * @param forget whether a socket that is let through must lose the flow of an earlier call
     */
    private void ends(boolean forget) {
        asm.place(pass);
        if (forget) {
            Label none = asm.label("nothing to forget");
            body.socket(R2, SockAddr.SOCKET, none);
            asm.loadMap(R1, Maps.FLOWS);
            asm.call(KernelFunction.SK_STORAGE_DELETE);
            asm.place(none);
            body.result(1);
            asm.place(refuse);
            body.count(Counter.LOOP_REFUSED);
            body.result(0);
        } else {
            body.result(1);
        }
        asm.place(noMemory);
        body.count(Counter.NO_MEMORY);
        body.result(0);
    }
}
