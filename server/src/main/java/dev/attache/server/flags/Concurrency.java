package dev.attache.server.flags;

/**
 * How many workers fit this machine. The JVM counts hardware threads, CPU affinity and the cgroup's
 * CPU limit, as Envoy does since 1.37; {@code ENVOY_CGROUP_CPU_DETECTION=false} leaves the cgroup
 * out.
 */
final class Concurrency {

    private Concurrency() {}

    static int ofThisMachine() {
        String detection = System.getenv("ENVOY_CGROUP_CPU_DETECTION");
        if ("false".equals(detection)) {
            return Math.max(1, io.netty.util.NettyRuntime.availableProcessors());
        }
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }
}
