package dev.attache.proxy.upstream.lb.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash2, 64 bits, as libstdc++'s {@code std::hash} uses it. */
final class Murmur2 {

    /** libstdc++'s seed, and Envoy's. */
    public static final long STD_SEED = 0xC70F6907L;

    private static final long MULTIPLIER = 0xC6A4A7935BD1E995L;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Murmur2() {}

    public static long hash(byte[] data, long seed) {
        long hash = seed ^ (data.length * MULTIPLIER);
        int aligned = data.length & ~7;
        for (int i = 0; i < aligned; i += 8) {
            long mixed = shiftMix((long) LONGS.get(data, i) * MULTIPLIER) * MULTIPLIER;
            hash = (hash ^ mixed) * MULTIPLIER;
        }
        if (aligned < data.length) {
            long rest = 0;
            for (int i = data.length - 1; i >= aligned; i--) {
                rest = (rest << 8) + (data[i] & 0xFF);
            }
            hash = (hash ^ rest) * MULTIPLIER;
        }
        return shiftMix(shiftMix(hash) * MULTIPLIER);
    }

    private static long shiftMix(long value) {
        return value ^ (value >>> 47);
    }
}
