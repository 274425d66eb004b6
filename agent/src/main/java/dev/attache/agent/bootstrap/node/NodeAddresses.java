package dev.attache.agent.bootstrap.node;

import io.netty.util.NetUtil;
import java.util.List;

/**
 * The addresses of this proxy, the one it is known by first, each once.
 *
 * @param all as text
 */
public record NodeAddresses(List<String> all) {

    public NodeAddresses {
        all = all.stream().distinct().toList();
    }

    /** The one that the node's id has; empty where there is none. */
    public String first() {
        return all.isEmpty() ? "" : all.getFirst();
    }

    /** Whether there is no address of IPv6; what is no address is not looked at. */
    public boolean onlyV4() {
        return all.stream().noneMatch(NetUtil::isValidIpV6Address);
    }

    /** Whether there is no address of IPv4. */
    public boolean onlyV6() {
        return all.stream().noneMatch(NetUtil::isValidIpV4Address);
    }

    /** Whether the proxy is known by an address of IPv6. */
    public boolean firstIsV6() {
        return NetUtil.isValidIpV6Address(first());
    }

    /** Whether it has addresses of IPv6 at all. */
    public boolean hasV6() {
        return !onlyV4();
    }

    /**
     * Whether the proxy's own ports are at {@code ::1} and {@code ::}, those of its administration
     * and the agent among them, and not at 127.0.0.1 and 0.0.0.0.
     *
     * @param dualStack whether ISTIO_DUAL_STACK is set: the first address decides where there are
     *     both families
     */
    public boolean servesAtV6(boolean dualStack) {
        return isDual(dualStack) ? firstIsV6() : onlyV6() && !onlyV4();
    }

    /** Whether the proxy's ports are at both families. */
    public boolean isDual(boolean dualStack) {
        return dualStack && !onlyV4() && !onlyV6();
    }
}
