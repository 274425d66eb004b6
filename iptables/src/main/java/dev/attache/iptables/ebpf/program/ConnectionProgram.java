package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;
import static dev.attache.iptables.ebpf.assembly.Register.R3;
import static dev.attache.iptables.ebpf.assembly.Register.R4;
import static dev.attache.iptables.ebpf.assembly.Register.R5;
import static dev.attache.iptables.ebpf.assembly.Register.R6;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Assembly;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.KernelFunction;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Width;

/**
 * The sockops program. When a redirected connection sends its first packet, files its flow under
 * its tuple; when the other end is accepted, moves the flow there; enters both ends into the map of
 * pairs; and enters the proxy's inbound listeners into theirs.
 */
public final class ConnectionProgram {
    private static final int CONNECTING = 3;
    private static final int CONNECTED = 4;
    private static final int ACCEPTED = 5;
    private static final int LISTENING = 11;

    private static final int OPERATION = 0;
    private static final int LOCAL_PORT = 68;
    private static final int SOCKET = 184;

    private static final int TUPLE = -56;
    private static final int PEER_TUPLE = -104;
    private static final int FLOW = -136;
    private static final int NO_EXIST = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;

    /** In bytes; the kernel takes at most net.core.rmem_max, and doubles it. */
    private static final int RECEIVE_BUFFER = 1 << 20;

    private final Assembler asm = new Assembler();
    private final Body body = new Body(asm);
    private final Policy policy;
    private final Label done = asm.label("done");

    private ConnectionProgram(Policy policy) {
        this.policy = policy;
    }

    /** Returns the program. */
    public static Assembly of(Policy policy) {
        return new ConnectionProgram(policy).assemble();
    }

    private Assembly assemble() {
        Label connecting = asm.label("connecting");
        Label connected = asm.label("connected");
        Label accepted = asm.label("accepted");
        Label listening = asm.label("listening");
        body.begin();
        asm.load(Width.WORD, R1, R6, OPERATION);
        asm.jumpIf(R1, Comparison.EQUAL, CONNECTING, connecting);
        asm.jumpIf(R1, Comparison.EQUAL, ACCEPTED, accepted);
        if (policy.shortcut()) {
            asm.jumpIf(R1, Comparison.EQUAL, CONNECTED, connected);
        }
        if (policy.inbound().enabled()) {
            asm.jumpIf(R1, Comparison.EQUAL, LISTENING, listening);
        }
        asm.place(done);
        body.result(1);
        connecting(connecting);
        accepted(accepted);
        if (policy.shortcut()) {
            connected(connected);
        }
        if (policy.inbound().enabled()) {
            listening(listening);
        }
        return asm.assemble();
    }

    private void connecting(Label label) {
        Label found = asm.label("flow found");
        asm.place(label);
        body.socket(R2, SOCKET, done);
        body.flowOfSocket();
        if (policy.multipath()) {
            asm.jumpIf(R0, Comparison.NOT_EQUAL, 0, found);
            flowOfWhole();
            asm.place(found);
        }
        asm.jumpIf(R0, Comparison.EQUAL, 0, done);
        body.copyFlow(FP, FLOW, R0, 0, R1);
        asm.load(Width.DOUBLE, R2, R6, SOCKET);
        asm.store(Width.DOUBLE, FP, FLOW + Flow.PEER, R2);
        Endpoints.SOCK_OPS.tuple(asm, TUPLE, false);
        asm.loadMap(R1, Maps.TUPLES);
        body.stackAddress(R2, TUPLE);
        body.stackAddress(R3, FLOW);
        asm.move(R4, 0);
        asm.call(KernelFunction.MAP_UPDATE_ELEM);
        asm.jump(done);
    }

    /** R0 = the flow of the MPTCP connection that this one is a part of, or 0. */
    private void flowOfWhole() {
        body.socket(R1, SOCKET, done);
        asm.call(KernelFunction.SKC_TO_MPTCP_SOCK);
        asm.jumpIf(R0, Comparison.EQUAL, 0, done);
        asm.move(R2, R0);
        body.flowOfSocket();
    }

    private void connected(Label label) {
        asm.place(label);
        body.socket(R2, SOCKET, done);
        body.flowOfSocket();
        asm.jumpIf(R0, Comparison.EQUAL, 0, done);
        Endpoints.SOCK_OPS.tuple(asm, TUPLE, false);
        enterPair();
    }

    /** The flow in the map is taken once: a later connection by the same ports must not find it. */
    private void accepted(Label label) {
        asm.place(label);
        Endpoints.SOCK_OPS.tuple(asm, PEER_TUPLE, true);
        body.lookup(Maps.TUPLES, PEER_TUPLE);
        asm.jumpIf(R0, Comparison.EQUAL, 0, done);
        asm.load(Width.BYTE, R1, R0, Flow.SIDE);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, Flow.OPENED, done);
        body.copyFlow(FP, FLOW, R0, 0, R1);
        if (policy.shortcut()) {
            asm.store(Width.BYTE, R0, Flow.SIDE, Flow.ACCEPTED);
            asm.load(Width.DOUBLE, R1, R6, SOCKET);
            asm.store(Width.DOUBLE, R0, Flow.PEER, R1);
        } else {
            asm.loadMap(R1, Maps.TUPLES);
            body.stackAddress(R2, PEER_TUPLE);
            asm.call(KernelFunction.MAP_DELETE_ELEM);
        }
        body.socket(R2, SOCKET, done);
        body.newFlowOfSocket();
        asm.jumpIf(R0, Comparison.EQUAL, 0, done);
        body.copyFlow(R0, 0, FP, FLOW, R1);
        asm.store(Width.BYTE, R0, Flow.SIDE, Flow.ACCEPTED);
        if (policy.shortcut()) {
            Endpoints.SOCK_OPS.tuple(asm, TUPLE, false);
            enterPair();
        } else {
            asm.jump(done);
        }
    }

    private void enterPair() {
        widenReceiveBuffer();
        asm.move(R1, R6);
        asm.loadMap(R2, Maps.PAIRS);
        body.stackAddress(R3, TUPLE);
        asm.move(R4, NO_EXIST);
        asm.call(KernelFunction.SOCK_HASH_UPDATE);
        asm.jump(done);
    }

    /**
     * Makes room for messages that take the short path: it uses half of the buffer, TCP the rest.
     */
    private void widenReceiveBuffer() {
        asm.store(Width.WORD, FP, Body.SMALL_KEY, RECEIVE_BUFFER);
        asm.move(R1, R6);
        asm.move(R2, SOL_SOCKET);
        asm.move(R3, SO_RCVBUF);
        body.stackAddress(R4, Body.SMALL_KEY);
        asm.move(R5, Integer.BYTES);
        asm.call(KernelFunction.SETSOCKOPT);
    }

    private void listening(Label label) {
        asm.place(label);
        asm.load(Width.WORD, R1, R6, LOCAL_PORT);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, policy.proxy().inboundPort(), done);
        asm.move(R1, R6);
        asm.call(KernelFunction.GET_NETNS_COOKIE);
        asm.loadWide(R1, policy.inbound().namespace());
        asm.jumpIf(R0, Comparison.NOT_EQUAL, R1, done);
        for (int slot = 0; slot < Maps.LISTENERS.entries(); slot++) {
            asm.store(Width.WORD, FP, Body.SMALL_KEY, slot);
            asm.move(R1, R6);
            asm.loadMap(R2, Maps.LISTENERS);
            body.stackAddress(R3, Body.SMALL_KEY);
            asm.move(R4, NO_EXIST);
            asm.call(KernelFunction.SOCK_MAP_UPDATE);
            asm.jumpIf(R0, Comparison.EQUAL, 0, done);
        }
        asm.jump(done);
    }
}
