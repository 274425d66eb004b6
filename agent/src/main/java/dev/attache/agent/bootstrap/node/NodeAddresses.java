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
}
