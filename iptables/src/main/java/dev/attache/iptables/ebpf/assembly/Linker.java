package dev.attache.iptables.ebpf.assembly;

import dev.attache.iptables.kernel.MapSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Resolves the jumps of a program and drops the instructions that nothing leads to, which the
 * kernel's verifier would refuse: a policy without proxies' groups, say, leaves such behind.
 */
final class Linker {
    private static final int WIDE_LOAD = 0x18;
    private static final int EXIT = 0x95;
    private static final int GOTO = 0x05;

    private final List<Instruction> code;
    private final Map<Integer, Label> jumps;
    private final Map<Integer, MapSpec> maps;

    Linker(List<Instruction> code, Map<Integer, Label> jumps, Map<Integer, MapSpec> maps) {
        this.code = code;
        this.jumps = jumps;
        this.maps = maps;
    }

    Assembly link() {
        BitSet live = live();
        int[] moved = new int[code.size() + 1];
        for (int at = 0; at < code.size(); at++) {
            moved[at + 1] = moved[at] + (live.get(at) ? 1 : 0);
        }
        List<Instruction> kept = new ArrayList<>();
        Map<Integer, MapSpec> keptMaps = new HashMap<>();
        for (int at = live.nextSetBit(0); at >= 0; at = live.nextSetBit(at + 1)) {
            Instruction i = code.get(at);
            Label target = jumps.get(at);
            MapSpec map = maps.get(at);
            if (map != null) {
                keptMaps.put(moved[at], map);
            }
            kept.add(target == null ? i : i.withOffset(moved[target.position()] - moved[at] - 1));
        }
        return new Assembly(kept, keptMaps);
    }

    /** Returns the slots that can be reached from the first. */
    private BitSet live() {
        BitSet live = new BitSet();
        Deque<Integer> open = new ArrayDeque<>();
        open.push(0);
        while (!open.isEmpty()) {
            int at = open.pop();
            if (live.get(at)) {
                continue;
            }
            live.set(at);
            int opcode = code.get(at).opcode();
            Label target = jumps.get(at);
            if (target != null) {
                open.push(target.position());
            }
            if (opcode == WIDE_LOAD) {
                live.set(at + 1);
                open.push(next(at + 1));
            } else if (opcode != EXIT && opcode != GOTO) {
                open.push(next(at));
            }
        }
        return live;
    }

    private int next(int at) {
        if (at + 1 >= code.size()) {
            throw new IllegalStateException("the program runs past its end");
        }
        return at + 1;
    }
}
