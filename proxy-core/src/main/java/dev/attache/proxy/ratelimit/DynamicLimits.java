package dev.attache.proxy.ratelimit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of a rule with empty values: one for each descriptor that requests bring, up to a number,
 * of which the one used least recently goes. Any thread. A bucket that is there is found without a
 * lock, and without waiting it becomes the most recent one unless another thread changes the order
 * just then; only a new one waits for the order.
 */
final class DynamicLimits {

    /** A bucket in the ring of uses: towards {@code older} from the most recent one. */
    private static final class Node {
        final DescriptorKey key;
        final LocalRateLimiter.Limit limit;
        Node newer = this;
        Node older = this;

        Node(DescriptorKey key, LocalRateLimiter.Limit limit) {
            this.key = key;
            this.limit = limit;
        }
    }

    private final LocalRateLimiter.Rule rule;
    private final int max;
    private final ConcurrentHashMap<DescriptorKey, Node> nodes = new ConcurrentHashMap<>();

    /** Guards the ring. */
    private final ReentrantLock order = new ReentrantLock();

    /** The most recent one; written under the lock, read without to save taking it. */
    private volatile @Nullable Node newest;

    /**
     * @param max at least 1
     */
    DynamicLimits(LocalRateLimiter.Rule rule, int max) {
        this.rule = rule;
        this.max = max;
    }

    /**
     * The bucket for a descriptor of a request, made if need be; null where the rule is not its.
     */
    LocalRateLimiter.@Nullable Limit limit(DescriptorKey key, long nowNanos) {
        Node known = nodes.get(key);
        if (known != null) {
            if (known != newest && order.tryLock()) {
                try {
                    touch(known);
                } finally {
                    order.unlock();
                }
            }
            return known.limit;
        }
        return rule.key().covers(key) ? add(key, nowNanos) : null;
    }

    private LocalRateLimiter.Limit add(DescriptorKey key, long nowNanos) {
        order.lock();
        try {
            Node known = nodes.get(key);
            if (known == null) {
                TokenBucket bucket = new TokenBucket(rule.bucket(), nowNanos);
                known = new Node(key, new LocalRateLimiter.Limit(bucket, rule.shadow()));
                link(known);
                nodes.put(key, known);
                if (nodes.size() > max) {
                    Node oldest = known.newer;
                    unlink(oldest);
                    nodes.remove(oldest.key);
                }
            }
            return known.limit;
        } finally {
            order.unlock();
        }
    }

    private void touch(Node node) {
        if (nodes.get(node.key) == node && node != newest) {
            unlink(node);
            link(node);
        }
    }

    /** Makes it the most recent one; its {@code newer} is the oldest, the ring being closed. */
    private void link(Node node) {
        Node head = newest;
        if (head != null) {
            node.older = head;
            node.newer = head.newer;
            head.newer.older = node;
            head.newer = node;
        }
        newest = node;
    }

    private static void unlink(Node node) {
        node.newer.older = node.older;
        node.older.newer = node.newer;
        node.newer = node;
        node.older = node;
    }

    /** For tests. */
    int size() {
        return nodes.size();
    }
}
