package dev.attache.proxy.matching;

import java.net.InetAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values by address ranges, in a tree of bits whose paths are compressed: an address costs as many
 * steps as there are ranges around it that differ, at most its bits. Filled by one thread, then
 * read by any.
 *
 * @param <V> what is kept for a range
 */
public final class IpRangeTrie<V> {
    private static final int HALF = 64;

    /** A range, or the place where two part. */
    public static final class Node<V> {
        private final long high;
        private final long low;
        private final int length;
        private @Nullable V value;
        private @Nullable Node<V> zero;
        private @Nullable Node<V> one;
        private @Nullable Node<V> parent;

        private Node(long high, long low, int length) {
            this.high = high & mask(length);
            this.low = low & mask(length - HALF);
            this.length = length;
        }

        /**
         * What is kept here.
         *
         * @throws IllegalStateException of a node that no range stands at; {@link
         *     IpRangeTrie#longest} and {@link #wider} answer with none of these
         */
        public V value() {
            if (value == null) {
                throw new IllegalStateException("no range stands here");
            }
            return value;
        }

        /** The next wider range around this one, or null. */
        public @Nullable Node<V> wider() {
            return parent == null ? null : parent.withValue();
        }

        /** Whether it stands for that range, which is of the same family. */
        public boolean isOf(CidrRange range) {
            byte[] octets = range.prefix().getAddress();
            Node<V> other =
                    new Node<>(IpRangeTrie.high(octets), IpRangeTrie.low(octets), range.length());
            return other.length == length && other.high == this.high && other.low == this.low;
        }

        private @Nullable Node<V> withValue() {
            Node<V> node = this;
            while (node != null && node.value == null) {
                node = node.parent;
            }
            return node;
        }

        private boolean covers(long otherHigh, long otherLow) {
            return (otherHigh & mask(length)) == high && (otherLow & mask(length - HALF)) == low;
        }

        private @Nullable Node<V> child(long otherHigh, long otherLow) {
            return bit(otherHigh, otherLow, length) ? one : zero;
        }

        private void adopt(Node<V> child) {
            if (bit(child.high, child.low, length)) {
                one = child;
            } else {
                zero = child;
            }
            child.parent = this;
        }
    }

    private final Node<V> v4 = new Node<>(0, 0, 0);
    private final Node<V> v6 = new Node<>(0, 0, 0);

    /** What is kept for a range; {@code fresh} where nothing is yet. */
    public V computeIfAbsent(CidrRange range, Supplier<V> fresh) {
        Node<V> node = node(range.prefix().getAddress(), range.length());
        V known = node.value;
        if (known == null) {
            known = fresh.get();
            node.value = known;
        }
        return known;
    }

    /** The longest range around an address, or null. */
    public @Nullable Node<V> longest(InetAddress address) {
        byte[] octets = address.getAddress();
        long high = high(octets);
        long low = low(octets);
        int bits = octets.length * 8;
        Node<V> node = octets.length == 4 ? v4 : v6;
        while (node.length < bits) {
            Node<V> child = node.child(high, low);
            if (child == null || !child.covers(high, low)) {
                break;
            }
            node = child;
        }
        return node.withValue();
    }

    private Node<V> node(byte[] octets, int length) {
        Node<V> wanted = new Node<>(high(octets), low(octets), length);
        Node<V> node = octets.length == 4 ? v4 : v6;
        while (node.length < length) {
            Node<V> child = node.child(wanted.high, wanted.low);
            if (child == null) {
                node.adopt(wanted);
                return wanted;
            }
            int shared = Math.min(shared(wanted, child), Math.min(length, child.length));
            if (shared < child.length) {
                return part(node, child, wanted, shared);
            }
            node = child;
        }
        return node;
    }

    /** Puts a range beside, or around, the one that stands below a node. */
    private static <V> Node<V> part(Node<V> node, Node<V> child, Node<V> wanted, int shared) {
        if (shared == wanted.length) {
            node.adopt(wanted);
            wanted.adopt(child);
            return wanted;
        }
        Node<V> fork = new Node<>(wanted.high, wanted.low, shared);
        node.adopt(fork);
        fork.adopt(child);
        fork.adopt(wanted);
        return wanted;
    }

    private static int shared(Node<?> a, Node<?> b) {
        int high = Long.numberOfLeadingZeros(a.high ^ b.high);
        return high < HALF ? high : HALF + Long.numberOfLeadingZeros(a.low ^ b.low);
    }

    private static boolean bit(long high, long low, int index) {
        return index < HALF ? high << index < 0 : low << (index - HALF) < 0;
    }

    /** Of 64 bits the first {@code length}. */
    private static long mask(int length) {
        return length <= 0 ? 0 : length >= HALF ? -1L : -1L << (HALF - length);
    }

    private static long high(byte[] octets) {
        return octets.length == 4 ? bits(octets, 0, 4) << 32 : bits(octets, 0, 8);
    }

    private static long low(byte[] octets) {
        return octets.length == 4 ? 0 : bits(octets, 8, 8);
    }

    private static long bits(byte[] octets, int start, int count) {
        long bits = 0;
        for (int i = start; i < start + count; i++) {
            bits = (bits << 8) | (octets[i] & 0xff);
        }
        return bits;
    }
}
