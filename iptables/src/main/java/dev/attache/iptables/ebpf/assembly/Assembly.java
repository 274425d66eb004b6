package dev.attache.iptables.ebpf.assembly;

import dev.attache.iptables.kernel.MapSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** An assembled program: instructions, and where in them maps are named. Immutable. */
public final class Assembly {
    private static final int DIGEST_BYTES = 8;

    private final List<Instruction> instructions;
    private final Map<Integer, MapSpec> maps;

    Assembly(List<Instruction> instructions, Map<Integer, MapSpec> maps) {
        this.instructions = List.copyOf(instructions);
        this.maps = new TreeMap<>(maps);
    }

    /** Returns the maps that the program uses, in order of first use. */
    public Set<MapSpec> maps() {
        return new LinkedHashSet<>(maps.values());
    }

    /** Returns how many slots of eight bytes the program takes. */
    public int size() {
        return instructions.size();
    }

    /**
     * Returns the program as the kernel takes it.
     *
     * @param descriptors the descriptor's number of each map
     */
    public byte[] encode(ToIntFunction<MapSpec> descriptors) {
        ByteBuffer code =
                ByteBuffer.allocate(instructions.size() * Instruction.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < instructions.size(); at++) {
            Instruction i = instructions.get(at);
            MapSpec map = maps.get(at);
            if (map != null) {
                int number = descriptors.applyAsInt(map);
                i = new Instruction(i.opcode(), i.destination(), i.source(), 0, number);
            }
            i.writeTo(code);
        }
        return code.array();
    }

    /** Returns a hash of the instructions and the names of their maps, in hexadecimal. */
    public String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(encode(map -> map.name().hashCode()));
            return HexFormat.of().formatHex(sha.digest(), 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns the program in words, one instruction a line, maps by name. */
    public String disassemble() {
        return new Disassembler(instructions, maps).text();
    }
}
